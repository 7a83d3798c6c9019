//! Publishing a version of the terms.

use std::{collections::BTreeMap, sync::Arc};

use super::in_force;
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, TermsChange, Unavailable},
    flow::Fault,
    model::{
        Settings,
        access::Operator,
        audit::{Action, Actor, AuditEvent, Subject},
        terms::TermsVersion,
    },
    port::{IdSource, Ports},
    value::{Language, Lifetime, Timestamp},
};

/// What to publish.
#[derive(Clone, Debug)]
pub struct PublishTermsCommand {
    /// From when on it holds; from now where nothing is said.
    pub effective_at: Option<Timestamp>,
    /// How long from then on who accepted an older one may go on without accepting it; not at all where nothing is said.
    pub grace: Option<Lifetime>,
    /// Its texts in Markdown, by language.
    pub texts: BTreeMap<Language, String>,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishTermsError {
    /// There is no text in the installation's first language.
    #[error("the terms need a text in {0}")]
    MissingText(Language),
    /// A text is empty, too long, or holds a NUL character, which not every store can keep.
    #[error("the text in {0} is empty, longer than {max} bytes, or holds a NUL character", max = TermsVersion::MAX_TEXT_BYTES)]
    BadText(Language),
    /// A text is the placeholder, which says that there are no terms.
    #[error("the text in {0} is the placeholder: write your own terms")]
    Placeholder(Language),
    /// The time lies in the past.
    #[error("terms cannot hold from a time that is over")]
    Past,
    /// Another version was published in the meantime.
    #[error("another version has just been published: look again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(PublishTermsError);

/// Publishes versions of the terms and shows them.
pub struct PublishTerms {
    ports: Ports,
    settings: Arc<Settings>,
}

impl PublishTerms {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Whether a command could be published now. Nothing is changed or promised.
    ///
    /// # Errors
    /// [`PublishTermsError`]
    pub fn validate(&self, command: &PublishTermsCommand) -> Result<(), PublishTermsError> {
        if command.effective_at.is_some_and(|effective_at| effective_at < self.ports.clock.now()) {
            return Err(PublishTermsError::Past);
        }
        let first = self.settings.default_language();
        if !command.texts.contains_key(&first) {
            return Err(PublishTermsError::MissingText(first));
        }
        let is_bad = |text: &str| text.trim().is_empty() || text.len() > TermsVersion::MAX_TEXT_BYTES || text.contains('\0');
        if let Some((language, _)) = command.texts.iter().find(|(_, text)| is_bad(text)) {
            return Err(PublishTermsError::BadText(language.clone()));
        }
        match command.texts.iter().find(|(_, text)| TermsVersion::is_placeholder(text)) {
            Some((language, _)) => Err(PublishTermsError::Placeholder(language.clone())),
            None => Ok(()),
        }
    }

    /// The texts that a new version is written from: those in force, but for the placeholder.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn to_write_from(&self) -> Result<BTreeMap<Language, String>, Unavailable> {
        let mut texts = self.current().await?.texts;
        texts.retain(|_, text| !TermsVersion::is_placeholder(text));
        Ok(texts)
    }

    /// Publishes.
    ///
    /// # Errors
    /// [`PublishTermsError`]; nothing was published.
    pub async fn run(&self, by: &Operator, command: PublishTermsCommand) -> Result<TermsVersion, PublishTermsError> {
        let now = self.ports.clock.now();
        self.validate(&command)?;
        let effective_at = command.effective_at.unwrap_or(now);
        let number = self.ports.store.newest_terms_number().await?.unwrap_or(0).saturating_add(1);
        let version = TermsVersion { number, effective_at, grace: command.grace, texts: command.texts };
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let account = by.account();
        let subject = Subject::Entry(number.to_string());
        let recorded = AuditEvent::new(&event, now, Action::TermsPublished, Actor::Account(account.id), subject);
        let required = Change::Account(AccountChange::Require { id: account.id, version: account.version });
        let changes =
            vec![required, Change::Terms(TermsChange::Publish(version.clone())), Change::Audit(AuditChange::Record(recorded))];
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(version),
            Err(CommitError::Rejected(_)) => Err(PublishTermsError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    /// The version in force.
    ///
    /// # Errors
    /// [`Unavailable`]; also where no version is in force, which an installation that was prepared never sees.
    pub async fn current(&self) -> Result<TermsVersion, Unavailable> {
        in_force(&self.ports, self.ports.clock.now()).await
    }

    /// The newest versions, highest number first.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn versions(&self) -> Result<Vec<TermsVersion>, Unavailable> {
        self.ports.store.terms_versions().await
    }
}
