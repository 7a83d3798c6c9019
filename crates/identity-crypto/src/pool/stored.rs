//! Stored hashes: PHC strings, `$argon2id$v=19$m=…,t=…,p=…[,keyid=…]$salt$hash`; `keyid` names the pepper that went in.

use argon2::{
    ARGON2ID_IDENT, KeyId, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};

use super::HashError;
use crate::{
    params::{HashParams, OUTPUT_LEN, SALT_LEN},
    pepper::{Pepper, Peppers},
};

/// Shorter stored hashes than this, in bytes, are malformed: a string cut short must not become one
/// that is easier to match.
const MIN_OUTPUT_LEN: usize = 16;

/// What one computation needs besides the password.
#[derive(Clone)]
pub(super) struct Recipe {
    pub(super) params: Params,
    pub(super) salt: Salt,
    pub(super) output_len: usize,
    pub(super) pepper: Option<Pepper>,
}

impl Recipe {
    pub(super) fn new(params: Params, salt: Salt, pepper: Option<Pepper>) -> Self {
        Self { params, salt, output_len: OUTPUT_LEN, pepper }
    }
}

/// What the hashes of now are made by, and what may be spent on those of before.
#[derive(Clone, Debug)]
pub(super) struct Standard {
    pub(super) params: HashParams,
    pub(super) peppers: Peppers,
    pub(super) max_memory_kib: u32,
}

/// A stored hash, read.
pub(super) struct Stored {
    pub(super) recipe: Recipe,
    pub(super) expected: Output,
    pub(super) outdated: bool,
}

/// Reads a stored hash. Stricter than the PHC crates, which take missing parameters for defaults
/// and do not mind a repeated one.
pub(super) fn parse(stored: &str, standard: &Standard) -> Result<Stored, HashError> {
    let phc = PasswordHash::new(stored).map_err(|_| HashError::Malformed)?;
    let key_id =
        phc.params.get("keyid").map(|value| KeyId::from_b64(value.as_str())).transpose().map_err(|_| HashError::Malformed)?;
    let known = if key_id.is_some() { 4 } else { 3 };
    if phc.algorithm != ARGON2ID_IDENT || phc.version != Some(Version::V0x13.into()) || phc.params.iter().count() != known {
        return Err(HashError::Malformed);
    }
    let number = |name: &str| phc.params.get_decimal(name).ok_or(HashError::Malformed);
    let (m, t, p) = (number("m")?, number("t")?, number("p")?);
    let salt = phc.salt.ok_or(HashError::Malformed)?;
    let expected = phc.hash.ok_or(HashError::Malformed)?;
    if expected.len() < MIN_OUTPUT_LEN {
        return Err(HashError::Malformed);
    }
    let params = Params::new(m, t, p, Some(expected.len())).map_err(|_| HashError::Malformed)?;
    if m > standard.max_memory_kib || t > HashParams::MAX_ITERATIONS || p > HashParams::MAX_LANES {
        return Err(HashError::TooExpensive { memory_kib: m, iterations: t, lanes: p });
    }
    let unknown = |id: KeyId| HashError::UnknownPepper { id: String::from_utf8_lossy(id.as_bytes()).into_owned() };
    let pepper = key_id.map(|id| standard.peppers.find(id.as_bytes()).cloned().ok_or_else(|| unknown(id))).transpose()?;
    let current = standard.params;
    let outdated = (m, t, p) != (current.memory_kib(), current.iterations(), current.lanes())
        || salt.len() != SALT_LEN
        || expected.len() != OUTPUT_LEN
        || key_id != standard.peppers.current().map(Pepper::id);
    Ok(Stored { recipe: Recipe { params, salt, output_len: expected.len(), pepper }, expected, outdated })
}

/// Writes a new hash.
pub(super) fn format(recipe: &Recipe, output: Output) -> Result<String, HashError> {
    let mut params = ParamsString::try_from(&recipe.params).map_err(|_| HashError::Internal)?;
    if let Some(pepper) = &recipe.pepper {
        params.add_b64_bytes("keyid", pepper.id().as_bytes()).map_err(|_| HashError::Internal)?;
    }
    Ok(PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params,
        salt: Some(recipe.salt),
        hash: Some(output),
    }
    .to_string())
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "the texts sliced here are ASCII")]
mod tests {
    use super::*;

    const SALT: &str = "AAECAwQFBgcICQoLDA0ODw";
    const HASH: &str = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn peppered(s: &str, peppers: &str) -> Result<Stored, HashError> {
        with(s, Peppers::parse(peppers).unwrap())
    }

    fn with(s: &str, peppers: Peppers) -> Result<Stored, HashError> {
        parse(s, &Standard { params: HashParams::default(), peppers, max_memory_kib: 65_536 })
    }

    fn read(s: &str) -> Result<Stored, HashError> {
        with(s, Peppers::default())
    }

    #[test]
    fn the_pepper_is_the_one_that_the_hash_names() {
        // keyid: "2025" and "2026".
        let [older, newer] = ["MjAyNQ", "MjAyNg"].map(|id| format!("$argon2id$v=19$m=19456,t=2,p=1,keyid={id}${SALT}${HASH}"));
        let bare = format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${HASH}");
        let both = format!("2026:{KEY} 2025:{KEY}");
        for (text, outdated) in [(&older, true), (&newer, false), (&bare, true)] {
            let stored = peppered(text, &both).unwrap();
            assert_eq!(stored.outdated, outdated, "{text}");
            assert_eq!(&format(&stored.recipe, stored.expected).unwrap(), text);
        }
        let missing = peppered(&older, &format!("2026:{KEY}")).err();
        assert_eq!(missing, Some(HashError::UnknownPepper { id: "2025".to_owned() }));
        assert!(matches!(read(&older), Err(HashError::UnknownPepper { .. })));
    }

    #[test]
    fn reads_what_it_writes() {
        let text = format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${HASH}");
        let stored = read(&text).unwrap();
        assert!(!stored.outdated);
        assert_eq!(format(&stored.recipe, stored.expected).unwrap(), text);
    }

    #[test]
    fn anything_else_is_malformed() {
        for text in [
            String::new(),
            "$".into(),
            "plain".into(),
            "$2b$12$abcdefghijklmnopqrstuv".into(),
            format!("$argon2i$v=19$m=19456,t=2,p=1${SALT}${HASH}"),
            format!("$argon2d$v=19$m=19456,t=2,p=1${SALT}${HASH}"),
            format!("$argon2id$v=16$m=19456,t=2,p=1${SALT}${HASH}"),
            format!("$argon2id$m=19456,t=2,p=1${SALT}${HASH}"),
            format!("$argon2id$v=19${SALT}${HASH}"),
            format!("$argon2id$v=19$m=19456,t=2${SALT}${HASH}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1,m=8${SALT}${HASH}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1,data=AAAA${SALT}${HASH}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1,keyid=A${SALT}${HASH}"),
            format!("$argon2id$v=19$m=19456,t=2,keyid=MjAyNQ${SALT}${HASH}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1,keyid=MjAyNQ,data=AAAA${SALT}${HASH}"),
            format!("$argon2id$v=19$m=19456,t=0,p=1${SALT}${HASH}"),
            format!("$argon2id$v=19$m=7,t=2,p=1${SALT}${HASH}"),
            format!("$argon2id$v=19$m=019456,t=2,p=1${SALT}${HASH}"),
            format!("$argon2id$v=19$m=4294967296,t=2,p=1${SALT}${HASH}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}"),
            format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${}", &HASH[..16]),
            format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${HASH}="),
            format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${HASH}$x"),
            format!("$argon2id$v=19$m=19456,t=2,p=1${SALT}${HASH}\n"),
            format!("$argon2id$v=19$m=19456,t=2,p=1$AAAA${HASH}"),
        ] {
            assert!(matches!(read(&text), Err(HashError::Malformed)), "{text}");
        }
    }

    #[test]
    fn too_expensive_is_told_apart() {
        for params in ["m=65537,t=2,p=1", "m=19456,t=17,p=1", "m=19456,t=2,p=65"] {
            let text = format!("$argon2id$v=19${params}${SALT}${HASH}");
            assert!(matches!(read(&text), Err(HashError::TooExpensive { .. })), "{params}");
        }
    }

    #[test]
    fn any_difference_from_the_current_parameters_is_outdated() {
        for rest in [
            format!("m=19456,t=3,p=1${SALT}${HASH}"),
            format!("m=65536,t=2,p=1${SALT}${HASH}"),
            format!("m=19456,t=2,p=2${SALT}${HASH}"),
            format!("m=4096,t=3,p=1${SALT}${HASH}"),
            format!("m=19456,t=2,p=1$c29tZXNhbHQ${HASH}"),
            format!("m=19456,t=2,p=1${SALT}${}", &HASH[..32]),
        ] {
            assert!(read(&format!("$argon2id$v=19${rest}")).unwrap().outdated, "{rest}");
        }
    }
}
