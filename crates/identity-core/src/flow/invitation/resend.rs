//! Sending an invitation again.

use std::sync::Arc;

use super::{grant::RolesAndSubscriptions, invite::limits_of};
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, InvitationChange, OutboxChange, Rejection, Unavailable},
    flow::{
        invitation::ManageError,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        access::Administrator,
        audit::{Action, Actor, AuditEvent, Subject},
        invitation::Invitation,
        outbox::{InvitationMail, MailKind, OutboxMessage},
        session::Client,
    },
    port::{IdSource, Ports},
    value::InvitationId,
};

/// Sends a pending invitation again: older links die, the lifetime starts again, and the person who sends it answers for it.
pub struct Resend {
    ports: Ports,
    settings: Arc<Settings>,
}

impl Resend {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Sends it again.
    ///
    /// # Errors
    /// [`ManageError`]; nothing was changed.
    pub async fn run(&self, by: &Administrator, id: InvitationId) -> Result<Invitation, ManageError> {
        let now = self.ports.clock.now();
        let action = RateLimitedAction::Invite(by.account().id);
        RateLimits::of(action, &Client::default(), &self.settings.throttle).consume(&self.ports, now).await?;
        let invitation = find(&self.ports, by, id).await?;
        let access = RolesAndSubscriptions::load(&self.ports).await?;
        if !access.grants(&invitation.roles, &invitation.subscriptions, by) {
            return Err(ManageError::CannotGrant);
        }
        let company = match invitation.company {
            Some(company) => self.ports.store.company(company).await?,
            None => None,
        };
        let limits = company.map_or_else(RateLimits::none, |company| limits_of(&company, by, &self.settings));
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let next = invitation.resent(by.account().id, now)?;
        let email = next.email.clone().ok_or(ManageError::NotFound)?;
        let event = ids.event()?;
        let kind = MailKind::Invitation(InvitationMail::Invited { invitation: next.id, generation: next.generation });
        let actor = by.account();
        let recorded =
            AuditEvent::new(&event, now, Action::InvitationResent, Actor::Account(actor.id), Subject::Invitation(next.id))
                .concerning(&event, &email);
        let mut changes = vec![
            Change::Account(AccountChange::Require { id: actor.id, version: actor.version }),
            Change::Invitation(InvitationChange::Advance(next.clone())),
            Change::Audit(AuditChange::Record(recorded)),
            Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(ids.id()?, email, next.language.clone(), kind, now))),
        ];
        changes.extend(access.required(&next.roles, &next.subscriptions));
        changes.extend(limits.changes(now));
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(next),
            Err(CommitError::Rejected(Rejection::Throttled)) => Err(limits.exceeded(&self.ports, now).await?.into()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The invitation, where the administrator may see it.
pub(super) async fn find(ports: &Ports, by: &Administrator, id: InvitationId) -> Result<Invitation, ManageError> {
    let found: Result<_, Unavailable> = ports.store.invitation(id).await;
    found?.filter(|invitation| invitation.company.is_some_and(|company| by.may_administer(company))).ok_or(ManageError::NotFound)
}
