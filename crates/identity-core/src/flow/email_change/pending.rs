//! The change of one's own address that waits.

use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, EmailChangeChange, Unavailable},
    model::{
        audit::{Action, Actor, AuditEvent, Subject},
        email_change::{EmailChange, EmailChangeState},
        session::{Client, CurrentUser},
    },
    port::{IdSource, Ports},
    value::Timestamp,
};

/// Shows the change that waits to be confirmed, and takes it back.
pub struct PendingEmailChange {
    ports: Ports,
}

impl PendingEmailChange {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The change that waits, if there is one.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn find(&self, user: &CurrentUser) -> Result<Option<EmailChange>, Unavailable> {
        self.open(user, self.ports.clock.now()).await
    }

    /// Takes it back; that there is none is no error. Its announcement can still be answered with an undo.
    ///
    /// # Errors
    /// [`Unavailable`]; nothing was changed.
    pub async fn cancel(&self, user: &CurrentUser, client: &Client) -> Result<(), Unavailable> {
        let now = self.ports.clock.now();
        let Some(pending) = self.open(user, now).await? else { return Ok(()) };
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let id = user.account.id;
        let recorded = AuditEvent::new(&event, now, Action::EmailChangeCancelled, Actor::Account(id), Subject::Account(id))
            .concerning(&event, &pending.to)
            .from_client(&event, client);
        let cancelled = Change::EmailChange(EmailChangeChange::Advance(pending.advanced(EmailChangeState::Cancelled)));
        match self
            .ports
            .store
            .commit(&ChangeSet::new(ids.id()?, now, vec![cancelled, Change::Audit(AuditChange::Record(recorded))])?)
            .await
        {
            // It has just been confirmed, undone or superseded: it waits no more.
            Ok(()) | Err(CommitError::Rejected(_)) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }

    async fn open(&self, user: &CurrentUser, now: Timestamp) -> Result<Option<EmailChange>, Unavailable> {
        let found = self.ports.store.pending_email_change(user.account.id).await?;
        Ok(found.filter(|found| found.is_open(&user.account, now)))
    }
}
