//! "Forgot password?": asking for a link. Nothing is looked up: the worker decides what mail follows.

use std::sync::Arc;

use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, OutboxChange, Rejection, Unavailable},
    flow::{
        Fault,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        outbox::{MailKind, OutboxMessage, PasswordMail},
        session::Client,
    },
    port::{IdSource, Ports},
    value::{EmailAddress, Language},
};

/// Why nothing was asked for.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(RecoveryError, alone);

/// Asks for a link to a new password. The same work whatever the address: one commit, no look-up, and nothing of any account
/// changes.
pub struct RequestRecovery {
    ports: Ports,
    settings: Arc<Settings>,
}

impl RequestRecovery {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Asks.
    ///
    /// # Errors
    /// [`RecoveryError`]; nothing was changed.
    pub async fn run(&self, email: EmailAddress, language: Option<Language>, client: &Client) -> Result<(), RecoveryError> {
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let limits = RateLimits::of(RateLimitedAction::Recovery(&email), client, &self.settings.throttle);
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, Action::RecoveryRequested, Actor::Anonymous, Subject::Nothing)
            .concerning(&event, &email)
            .from_client(&event, client);
        let language = language.and_then(|language| self.settings.spoken(&language));
        let language = language.unwrap_or_else(|| self.settings.default_language());
        let message = OutboxMessage::queue(ids.id()?, email, language, MailKind::Password(PasswordMail::RecoveryRequested), now);
        let changes = limits
            .changes(now)
            .chain([Change::Outbox(OutboxChange::Queue(message)), Change::Audit(AuditChange::Record(recorded))])
            .collect();
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(()),
            Err(CommitError::Rejected(Rejection::Throttled)) => Err(limits.exceeded(&self.ports, now).await?.into()),
            Err(CommitError::Rejected(rejection)) => Err(Unavailable::new("recovery", rejection).into()),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}
