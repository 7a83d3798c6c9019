//! Terms and conditions, in versions.

mod placeholder;
mod standing;

pub use standing::{TermsSchedule, TermsStanding};

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::value::{AccountId, Language, Lifetime, Timestamp};

/// The number of a version of the terms, counted from 1.
pub type TermsNumber = u32;

/// One version of the terms, in one or more languages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TermsVersion {
    /// Its number.
    pub number: TermsNumber,
    /// From when on it holds.
    pub effective_at: Timestamp,
    /// How long from then on who accepted an older one may go on without accepting it; nothing where it is asked for at once.
    pub grace: Option<Lifetime>,
    /// Its texts in Markdown, by language; never empty.
    pub texts: BTreeMap<Language, String>,
}

impl TermsVersion {
    /// The most bytes of one text.
    pub const MAX_TEXT_BYTES: usize = 200_000;

    /// The version without its texts.
    #[must_use]
    pub const fn schedule(&self) -> TermsSchedule {
        TermsSchedule { number: self.number, effective_at: self.effective_at, grace: self.grace }
    }

    /// The text for a reader: in that language or the nearest, else in English, else in the first.
    #[must_use]
    pub fn text_for(&self, language: &Language) -> Option<(&Language, &str)> {
        let found =
            language.best_of(self.texts.keys()).or(Some(&Language::english())).and_then(|found| self.texts.get_key_value(found));
        found.or_else(|| self.texts.first_key_value()).map(|(language, text)| (language, text.as_str()))
    }
}

/// The SHA-256 of a text of the terms: proof of what was shown.
#[must_use]
pub fn text_hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// What somebody agreed to, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TermsAcceptance {
    /// Who agreed.
    pub account: AccountId,
    /// To which version.
    pub number: TermsNumber,
    /// In which language it was shown.
    pub language: Language,
    /// The hash of the text that was shown.
    pub text_hash: [u8; 32],
    /// When.
    pub accepted_at: Timestamp,
}
