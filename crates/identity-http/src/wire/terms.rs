use std::collections::BTreeMap;

use identity_core::{
    terms::{TermsVersion, text_hash},
    value::Language,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A version of the terms, with all its texts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Terms {
    /// Its number.
    version: u32,
    /// From when on it holds (RFC 3339).
    effective_at: String,
    /// Its texts in Markdown, by language.
    texts: BTreeMap<String, String>,
}

impl From<&TermsVersion> for Terms {
    fn from(terms: &TermsVersion) -> Self {
        Self {
            version: terms.number,
            effective_at: terms.effective_at.to_string(),
            texts: terms.texts.iter().map(|(language, text)| (language.to_string(), text.clone())).collect(),
        }
    }
}

/// The newest versions of the terms.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermsList {
    /// Highest number first.
    pub(crate) items: Vec<Terms>,
}

/// The terms in force, as one reader gets them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermsText {
    /// The version's number: what `accept_terms` sends back.
    version: u32,
    /// The language of the text.
    language: String,
    /// The text in Markdown.
    text: String,
    /// The SHA-256 of the text, in hexadecimal digits.
    hash: String,
    /// From when on it holds (RFC 3339).
    effective_at: String,
}

impl TermsText {
    pub(crate) fn of(terms: &TermsVersion, language: &Language) -> Option<Self> {
        let (language, text) = terms.text_for(language)?;
        let hash = text_hash(text).iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Self {
            version: terms.number,
            language: language.to_string(),
            text: text.to_owned(),
            hash,
            effective_at: terms.effective_at.to_string(),
        })
    }
}

/// A new version of the terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishTerms {
    /// From when on it holds (RFC 3339); from now where nothing is said.
    pub(crate) effective_at: Option<String>,
    /// Its texts in Markdown, by language; the installation's first language must be among them.
    pub(crate) texts: BTreeMap<String, String>,
}
