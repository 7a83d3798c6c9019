use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, SessionChange, Unavailable},
    model::{
        audit::{Action, Actor, AuditEvent, Subject},
        session::SignedIn,
    },
    port::{IdSource, Ports},
};

/// Ends the session of the person who asks.
pub struct LogOut {
    ports: Ports,
}

impl LogOut {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Ends the session; one that is over already is no error.
    ///
    /// # Errors
    /// [`Unavailable`]; the session may still be there.
    pub async fn run(&self, signed_in: &SignedIn) -> Result<(), Unavailable> {
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let id = signed_in.session.id;
        let recorded =
            AuditEvent::new(&event, now, Action::SessionEnded, Actor::Account(signed_in.account.id), Subject::Session(id));
        let set = ChangeSet::new(
            ids.id()?,
            now,
            vec![Change::Session(SessionChange::End(id)), Change::Audit(AuditChange::Record(recorded))],
        )?;
        match self.ports.store.commit(&set).await {
            Ok(()) | Err(CommitError::Rejected(_)) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }
}
