//! `[password]`: which passwords are taken, and what hashing them costs.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use anyhow::{Context as _, Error, anyhow};
use identity_core::model::password::{Blocklist, PasswordPolicy, Preset};
use identity_crypto::{HashParams, PWNED_PASSWORDS, Peppers, PoolConfig};
use schemars::JsonSchema;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::{
    secret::secret,
    typed::{Number, Secret, Text, TextValue, Wait, one_of, words},
};

/// Who knows passwords from breaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breaches {
    /// Nobody: they are not refused.
    Off,
    /// A range service at this address.
    Range(String),
    /// A file that `identityd breached-passwords` made.
    File(PathBuf),
}

/// Which passwords are taken. Judging one takes about a millisecond, a contrived one up to 0.4 s, as many at a time as there are cores.
/// `cargo xtask bench policy` measures what passes and what is refused.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Password {
    /// The defaults of the rules below: `classic` (8 characters, four kinds of characters) or `nist` (SP 800-63B-4: 15 characters, no kinds).
    preset: Text<Preset>,
    /// The least characters (NIST SP 800-63B-4).
    #[schemars(extend("x-default" = "classic: 8, nist: 15"))]
    min_length: Option<Number<8, 64>>,
    /// Whether a capital letter is needed.
    #[schemars(extend("x-default" = "classic: true, nist: false"))]
    uppercase: Option<bool>,
    /// Whether a small letter is needed.
    #[schemars(extend("x-default" = "classic: true, nist: false"))]
    lowercase: Option<bool>,
    /// Whether a digit is needed.
    #[schemars(extend("x-default" = "classic: true, nist: false"))]
    digit: Option<bool>,
    /// Whether another character is needed.
    #[schemars(extend("x-default" = "classic: true, nist: false"))]
    special: Option<bool>,
    /// `contains`: personal words of three letters and common words of four are found inside a password. With a common word in it, a
    /// password has to reach the score, at least 2, without that word. `whole`: only the whole password is compared.
    #[schemars(extend("x-default" = "classic: contains, nist: whole"))]
    blocklist: Option<Text<Blocklist>>,
    /// The least score of the estimate of strength.
    #[schemars(extend("x-default" = "2"))]
    min_score: Option<Number<0, 4>>,
    /// How many passwords are not chosen again, the one in force included. Each costs a computation at every change. A temporary password
    /// is never kept.
    #[schemars(extend("x-default" = "classic: 5, nist: 0"))]
    history: Option<Number<0, 24>>,
    /// Keys outside of the database that hashes take in, `id:key` each. See [peppers](operating.md#peppers).
    peppers: Option<Secret>,
    /// The file that holds `password.peppers`.
    #[schemars(with = "Option<Text<String>>")]
    peppers_file: Option<PathBuf>,
    hash: Hash,
    breached: Breached,
}

/// What hashing a password costs (Argon2id). Under the floor of ASVS 5.0 Appendix C the program does not start.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct Hash {
    /// Memory of one hash, in KiB.
    memory_kib: Number<1, { HashParams::MAX_MEMORY_KIB }>,
    /// Passes over that memory.
    iterations: Number<1, { HashParams::MAX_ITERATIONS }>,
    /// Threads that hash.
    #[schemars(extend("x-default" = "as many as there are cores"))]
    threads: Option<Number<1, 256>>,
    /// How long a password waits for a thread at most.
    max_wait: Text<Wait>,
}

/// Whether passwords that are known from breaches are refused. See [breached passwords](operating.md#breached-passwords).
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct Breached {
    /// Where they are looked up: nowhere (`off`), at a service (`range`), or in a file (`file`).
    source: Text<Source>,
    /// The service of `range`; https, or http on the loopback.
    url: String,
    /// The file of `file`, which `identityd breached-passwords` makes.
    #[schemars(with = "Option<Text<String>>")]
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Off,
    Range,
    File,
}

words! {
    Source: "off" => Self::Off, "range" => Self::Range, "file" => Self::File;
}

impl Default for Password {
    fn default() -> Self {
        Self {
            preset: Text(Preset::Classic),
            min_length: None,
            uppercase: None,
            lowercase: None,
            digit: None,
            special: None,
            blocklist: None,
            min_score: None,
            history: None,
            peppers: None,
            peppers_file: None,
            hash: Hash::default(),
            breached: Breached::default(),
        }
    }
}

impl Default for Hash {
    fn default() -> Self {
        let standard = PoolConfig::default();
        Self {
            memory_kib: Number::new(standard.params.memory_kib()),
            iterations: Number::new(standard.params.iterations()),
            threads: None,
            max_wait: Text(Wait(standard.max_wait)),
        }
    }
}

impl Default for Breached {
    fn default() -> Self {
        Self { source: Text(Source::Off), url: PWNED_PASSWORDS.to_owned(), file: None }
    }
}

impl Password {
    pub(super) fn policy(&self) -> PasswordPolicy {
        let rules = PasswordPolicy::preset(self.preset.0);
        PasswordPolicy {
            preset: self.preset.0,
            min_length: self.min_length.map_or(rules.min_length, Number::get),
            uppercase: self.uppercase.unwrap_or(rules.uppercase),
            lowercase: self.lowercase.unwrap_or(rules.lowercase),
            digit: self.digit.unwrap_or(rules.digit),
            special: self.special.unwrap_or(rules.special),
            blocklist: self.blocklist.as_ref().map_or(rules.blocklist, |Text(blocklist)| *blocklist),
            history: self.history.map_or(rules.history, Number::get),
            min_score: self.min_score.and_then(|score| u8::try_from(score.get()).ok()).unwrap_or(rules.min_score),
            breached: self.breached.source.0 != Source::Off,
        }
    }

    pub(super) fn breaches(&self) -> Result<Breaches, Error> {
        match (self.breached.source.0, &self.breached.file) {
            (Source::Off, _) => Ok(Breaches::Off),
            (Source::Range, _) => Ok(Breaches::Range(self.breached.url.clone())),
            (Source::File, Some(file)) => Ok(Breaches::File(file.clone())),
            (Source::File, None) => Err(anyhow!("password.breached.file is needed for password.breached.source = \"file\"")),
        }
    }

    pub(super) fn hash_params(&self) -> Result<HashParams, Error> {
        HashParams::new(self.hash.memory_kib.get(), self.hash.iterations.get(), 1).context("password.hash")
    }

    pub(super) fn hash_threads(&self) -> Option<NonZeroUsize> {
        self.hash.threads.and_then(Number::as_count)
    }

    pub(super) fn hash_max_wait(&self) -> Duration {
        self.hash.max_wait.0.0
    }

    pub(super) fn peppers(&self) -> Result<Peppers, Error> {
        let peppers = secret("password.peppers", self.peppers.as_ref(), self.peppers_file.as_ref())?;
        let peppers = peppers.map(|text| Peppers::parse(text.expose_secret())).transpose();
        Ok(peppers.context("password.peppers")?.unwrap_or_default())
    }
}
