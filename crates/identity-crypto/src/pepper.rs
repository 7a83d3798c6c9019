//! Peppers: keys that every hash takes in and no database holds.

use std::{fmt, sync::Arc};

use argon2::KeyId;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret as _, SecretSlice, zeroize::Zeroizing};
use thiserror::Error;

/// The fewest and the most bytes of a pepper (NIST SP 800-63B-4 §3.1.1.2 asks for 112 bits of strength or more).
const KEY_LEN: std::ops::RangeInclusive<usize> = 16..=64;

/// A key outside of the database, Argon2's secret value (RFC 9106 §3.1), and the id by which hashes name it.
#[derive(Clone)]
pub(crate) struct Pepper {
    id: KeyId,
    key: Arc<SecretSlice<u8>>,
}

impl Pepper {
    pub(crate) const fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn expose(&self) -> &[u8] {
        self.key.expose_secret()
    }
}

/// The peppers of an installation: new hashes take the first one, and stored ones the one that they name. Without any, hashes
/// name none.
///
/// Nobody who has the database alone can try passwords on what a pepper went into, and nobody who has lost a pepper: its accounts
/// need new passwords.
#[derive(Clone, Default)]
pub struct Peppers(Arc<[Pepper]>);

/// Why peppers were refused. Says nothing of the keys.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PeppersError {
    /// There is no entry: an empty file is rather a mistake than a wish.
    #[error("there is no entry: write `id:key`, or leave the setting out")]
    None,
    /// An entry is not an id, a colon and a key.
    #[error("entry {0} is not `id:key`, such as `2026a:` and 32 random bytes in base64 (`openssl rand -base64 32`)")]
    NotAnEntry(usize),
    /// An id has other characters, or too many.
    #[error("the id of entry {0} is not 1 to 8 letters, digits, `-` or `_`")]
    Id(usize),
    /// A key is not base64.
    #[error("the key of entry {0} is not base64")]
    NotBase64(usize),
    /// A key is too short or too long.
    #[error("the key of entry {0} has {1} bytes: use {min} to {max}", min = KEY_LEN.start(), max = KEY_LEN.end())]
    Length(usize, usize),
    /// Two entries have one id.
    #[error("entry {0} has the id of another one")]
    Twice(usize),
}

impl Peppers {
    /// Reads entries of the form `id:base64`, separated by white space or commas; the first is for new hashes. An id has 1 to 8
    /// characters, as hashes have room for (the `keyid` of a PHC string).
    ///
    /// # Errors
    /// [`PeppersError`]
    pub fn parse(text: &str) -> Result<Self, PeppersError> {
        let entries = text.split(|character: char| character == ',' || character.is_whitespace()).filter(|entry| !entry.is_empty());
        let mut peppers = Vec::<Pepper>::new();
        for (entry, number) in entries.zip(1..) {
            let pepper = pepper(entry, number)?;
            if peppers.iter().any(|other| other.id == pepper.id) {
                return Err(PeppersError::Twice(number));
            }
            peppers.push(pepper);
        }
        if peppers.is_empty() { Err(PeppersError::None) } else { Ok(Self(peppers.into())) }
    }

    /// The one for new hashes.
    pub(crate) fn current(&self) -> Option<&Pepper> {
        self.0.first()
    }

    /// The one of this id.
    pub(crate) fn find(&self, id: &[u8]) -> Option<&Pepper> {
        self.0.iter().find(|pepper| pepper.id.as_bytes() == id)
    }
}

fn pepper(entry: &str, number: usize) -> Result<Pepper, PeppersError> {
    let (id, key) = entry.split_once(':').ok_or(PeppersError::NotAnEntry(number))?;
    let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let id = KeyId::new(id.as_bytes()).ok().filter(|_| is_plain).ok_or(PeppersError::Id(number))?;
    let key = Zeroizing::new(STANDARD.decode(key).map_err(|_| PeppersError::NotBase64(number))?);
    if !KEY_LEN.contains(&key.len()) {
        return Err(PeppersError::Length(number, key.len()));
    }
    Ok(Pepper { id, key: Arc::new(SecretSlice::from(key.to_vec())) })
}

impl fmt::Debug for Peppers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.0.iter().map(|pepper| String::from_utf8_lossy(pepper.id.as_bytes()).into_owned());
        f.debug_tuple("Peppers").field(&ids.collect::<Vec<_>>()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn the_first_is_for_new_hashes_and_all_are_found_by_their_ids() {
        let peppers = Peppers::parse(&format!("b:{KEY}\n a:{KEY},\n")).unwrap();
        assert_eq!(peppers.current().unwrap().id().as_bytes(), b"b");
        assert_eq!(peppers.find(b"a").unwrap().expose(), (0..32).collect::<Vec<u8>>());
        assert!(peppers.find(b"c").is_none());
        assert!(Peppers::default().current().is_none());
        assert_eq!(format!("{peppers:?}"), r#"Peppers(["b", "a"])"#);
    }

    #[test]
    fn what_is_wrong_is_said_by_number_and_without_the_key() {
        for (text, error) in [
            (" \n".to_owned(), PeppersError::None),
            (format!("a:{KEY} {KEY}"), PeppersError::NotAnEntry(2)),
            (format!(":{KEY}"), PeppersError::Id(1)),
            (format!("123456789:{KEY}"), PeppersError::Id(1)),
            (format!("ä:{KEY}"), PeppersError::Id(1)),
            ("a:no base64".to_owned(), PeppersError::NotBase64(1)),
            ("a:AAECAwQFBgcICQoLDA0O".to_owned(), PeppersError::Length(1, 15)),
            (format!("a:{KEY} a:{KEY}"), PeppersError::Twice(2)),
        ] {
            let refused = Peppers::parse(&text).unwrap_err();
            assert_eq!(refused, error, "{text}");
            assert!(!refused.to_string().contains("AAECAwQF"));
        }
    }
}
