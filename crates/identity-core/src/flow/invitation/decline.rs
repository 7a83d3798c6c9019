//! Saying no.

use super::link;
use crate::{
    change::{AuditChange, Change, ChangeSet, InvitationChange, LinkChange},
    flow::{
        Fault,
        retry::{retry, taken},
    },
    model::{
        audit::{Action, Actor, AuditEvent, Subject},
        session::Client,
    },
    port::{IdSource, Ports},
    value::TokenSecret,
};

/// Why nothing was declined.
#[derive(Debug, thiserror::Error)]
pub enum DeclineError {
    /// The link is unknown, expired, used, revoked or replaced, or offers what cannot be declined.
    #[error("this link does not work any more")]
    DeadLink,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(DeclineError);

/// Declines an invitation: it ends, and so do its links.
pub struct Decline {
    ports: Ports,
}

impl Decline {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Declines.
    ///
    /// # Errors
    /// [`DeclineError`]; nothing was changed.
    pub async fn run(&self, secret: &TokenSecret, client: &Client) -> Result<(), DeclineError> {
        let now = self.ports.clock.now();
        retry(DeclineError::DeadLink, || async {
            let resolved =
                link::load(&self.ports, secret).await?.filter(|resolved| resolved.is_valid(now)).ok_or(DeclineError::DeadLink)?;
            if resolved.invitation.inviter.is_none() {
                return Err(DeclineError::DeadLink);
            }
            let next = resolved.invitation.declined().map_err(|_| DeclineError::DeadLink)?;
            let ids = IdSource::new(now, self.ports.entropy.as_ref());
            let event = ids.event()?;
            let recorded = AuditEvent::new(&event, now, Action::InvitationDeclined, Actor::Anonymous, Subject::Invitation(next.id))
                .from_client(&event, client);
            let set = ChangeSet::new(
                ids.id()?,
                now,
                vec![
                    Change::Invitation(InvitationChange::Advance(next)),
                    Change::Link(LinkChange::Spend { id: resolved.token.id, at: now }),
                    Change::Audit(AuditChange::Record(recorded)),
                ],
            )?;
            // Something it stood on has changed: what the link leads to now decides.
            taken(self.ports.store.commit(&set).await, ())
        })
        .await
    }
}
