//! Taking an invitation back.

use super::resend::find;
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, InvitationChange},
    flow::invitation::ManageError,
    model::{
        access::Administrator,
        audit::{Action, Actor, AuditEvent, Subject},
        invitation::Invitation,
    },
    port::{IdSource, Ports},
    value::InvitationId,
};

/// Takes a pending invitation back: its links die.
pub struct Revoke {
    ports: Ports,
}

impl Revoke {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Revokes it.
    ///
    /// # Errors
    /// [`ManageError`]; nothing was changed.
    pub async fn run(&self, by: &Administrator, id: InvitationId) -> Result<Invitation, ManageError> {
        let now = self.ports.clock.now();
        let next = find(&self.ports, by, id).await?.revoked()?;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let recorded =
            AuditEvent::new(&event, now, Action::InvitationRevoked, Actor::Account(by.account().id), Subject::Invitation(id));
        let set = ChangeSet::new(
            ids.id()?,
            now,
            vec![
                Change::Account(AccountChange::Require { id: by.account().id, version: by.account().version }),
                Change::Invitation(InvitationChange::Advance(next.clone())),
                Change::Audit(AuditChange::Record(recorded)),
            ],
        )?;
        self.ports.store.commit(&set).await?;
        Ok(next)
    }
}
