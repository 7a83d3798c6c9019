//! Moving the end of an invitation.

use std::sync::Arc;

use super::resend::find;
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, InvitationChange, LinkChange},
    flow::invitation::ManageError,
    model::{
        Settings,
        access::Administrator,
        audit::{Action, Actor, AuditEvent, Subject},
        invitation::Invitation,
        link::LinkPurpose,
    },
    port::{IdSource, Ports},
    value::{InvitationId, Timestamp},
};

/// Moves the end of a pending invitation. Links that were sent last as long; an expired one works again.
pub struct ChangeExpiry {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ChangeExpiry {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Moves the end.
    ///
    /// # Errors
    /// [`ManageError`]; nothing was changed.
    pub async fn run(&self, by: &Administrator, id: InvitationId, expires_at: Timestamp) -> Result<Invitation, ManageError> {
        let now = self.ports.clock.now();
        let longest = self.settings.max_invitation_lifetime;
        if expires_at <= now || expires_at > longest.from(now) {
            return Err(ManageError::BadExpiry(longest));
        }
        let invitation = find(&self.ports, by, id).await?;
        let links = self.ports.store.unspent_tokens(LinkPurpose::Invitation(id), invitation.generation).await?;
        let next = invitation.expiring(expires_at)?;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let mut changes = vec![
            Change::Account(AccountChange::Require { id: by.account().id, version: by.account().version }),
            Change::Invitation(InvitationChange::Advance(next.clone())),
            Change::Audit(AuditChange::Record(AuditEvent::new(
                &event,
                now,
                Action::InvitationExpiryChanged,
                Actor::Account(by.account().id),
                Subject::Invitation(id),
            ))),
        ];
        changes.extend(links.into_iter().map(|link| Change::Link(LinkChange::Extend { id: link.id, expires_at })));
        self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await?;
        Ok(next)
    }
}
