use std::collections::BTreeMap;

use identity_core::{
    flow::terms::PublishTermsCommand,
    model::terms::{self, TermsVersion, text_hash},
    value::{Language, Lifetime, Timestamp},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FieldErrors, Reader, schema, whole};

/// A version of the terms, with all its texts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Terms {
    /// Its number.
    version: u32,
    /// From when on it holds (RFC 3339).
    #[schema(value_type = schema::Time)]
    effective_at: String,
    /// How long from then on who accepted an older version may go on without accepting it (ISO 8601); `null`: not at all.
    grace: Option<String>,
    /// From when on nobody goes on without accepting it (RFC 3339): asked for at the first login after that.
    #[schema(value_type = schema::Time)]
    due_at: String,
    /// Its texts in Markdown, by language.
    texts: BTreeMap<String, String>,
}

impl From<&TermsVersion> for Terms {
    fn from(terms: &TermsVersion) -> Self {
        Self {
            version: terms.number,
            effective_at: terms.effective_at.to_string(),
            grace: terms.grace.map(|grace| grace.to_string()),
            due_at: terms.schedule().due_at().to_string(),
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
    #[schema(value_type = schema::Time)]
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
    #[schema(value_type = Option<schema::Time>)]
    pub(crate) effective_at: Option<String>,
    /// How long from then on who accepted an older version may go on without accepting it, as an ISO 8601 duration such as `P30D`;
    /// not at all where nothing is said.
    #[schema(value_type = Option<schema::Length>)]
    pub(crate) grace: Option<String>,
    /// Its texts in Markdown, by language; the installation's first language must be among them.
    pub(crate) texts: BTreeMap<String, String>,
}

impl PublishTerms {
    pub(crate) fn read(self) -> Result<PublishTermsCommand, FieldErrors> {
        let mut reader = Reader::default();
        let effective_at = reader.optional("effective_at", self.effective_at.as_deref(), |text| {
            text.parse::<Timestamp>().map_err(|_| "use a time such as 2030-01-31T12:00:00Z")
        });
        let grace = reader.optional("grace", self.grace.as_deref(), Lifetime::parse);
        let texts = self.texts.into_iter().map(|(language, text)| Language::parse(&language).map(|language| (language, text)));
        let texts = reader.read("texts", texts.collect::<Result<BTreeMap<_, _>, _>>());
        reader.finish(texts.map(|texts| PublishTermsCommand { effective_at, grace, texts }))
    }
}

/// What somebody agrees to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptTerms {
    /// The version that was shown.
    #[serde(deserialize_with = "whole::version")]
    #[schema(value_type = schema::VersionNumber)]
    pub(crate) version: u32,
}

/// A version that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptedTerms {
    /// Its number.
    version: u32,
    /// The language of the text that was shown.
    language: String,
    /// The SHA-256 of that text, in hexadecimal digits.
    hash: String,
    /// When it was accepted (RFC 3339).
    #[schema(value_type = schema::Time)]
    accepted_at: String,
}

/// A version that waits to be accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaitingTerms {
    /// Its number: what `POST /me/terms-acceptance` takes.
    version: u32,
    /// From when on it holds (RFC 3339).
    #[schema(value_type = schema::Time)]
    effective_at: String,
    /// The first login after this time asks for it before anything else (RFC 3339).
    #[schema(value_type = schema::Time)]
    due_at: String,
}

/// How the logged-in user stands to the terms.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermsStanding {
    /// What was accepted last.
    accepted: Option<AcceptedTerms>,
    /// What waits to be accepted.
    waiting: Option<WaitingTerms>,
}

impl From<&terms::TermsStanding> for TermsStanding {
    fn from(standing: &terms::TermsStanding) -> Self {
        Self {
            accepted: standing.accepted.as_ref().map(|accepted| AcceptedTerms {
                version: accepted.number,
                language: accepted.language.to_string(),
                hash: accepted.text_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
                accepted_at: accepted.accepted_at.to_string(),
            }),
            waiting: standing.waiting().map(|waiting| WaitingTerms {
                version: waiting.number,
                effective_at: waiting.effective_at.to_string(),
                due_at: waiting.due_at().to_string(),
            }),
        }
    }
}
