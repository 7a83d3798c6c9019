//! Asking for a new invitation where a link does not work any more.

use super::link;
use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, InvitationChange, OutboxChange, Unavailable},
    model::{
        access::Administrator,
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
        outbox::{InvitationMail, MailKind, OutboxMessage},
        session::Client,
    },
    port::{IdSource, Ports},
    value::{CompanyId, RoleKey, TokenSecret},
};

/// Asks the person who answers for an invitation to send a new one. The answer is the same whatever the link was.
pub struct RequestRenewal {
    ports: Ports,
}

impl RequestRenewal {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Asks; at most one mail a day for each invitation, none where it was accepted, where the link works, or never was. Where the
    /// inviter may not invite any more, the administrator who has been longest in the company is asked, else an operator.
    ///
    /// # Errors
    /// [`Unavailable`]; nobody was asked.
    pub async fn run(&self, secret: &TokenSecret, client: &Client) -> Result<(), Unavailable> {
        let now = self.ports.clock.now();
        let store = &self.ports.store;
        let Some(resolved) = link::load(&self.ports, secret).await?.filter(|resolved| !resolved.is_valid(now)) else {
            return Ok(());
        };
        let invitation = &resolved.invitation;
        let (Some(next), Some(company), Some(email)) =
            (invitation.renewal_requested(now), invitation.company, invitation.email.as_ref())
        else {
            return Ok(());
        };
        // A superseded invitation does not know that its successor was accepted.
        if store.account_by_address(email.canonical()).await?.is_some() {
            return Ok(());
        }
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let subject = Subject::Invitation(invitation.id);
        let recorded =
            AuditEvent::new(&event, now, Action::InvitationRenewalRequested, Actor::Anonymous, subject).from_client(&event, client);
        let mut changes = vec![Change::Invitation(InvitationChange::Advance(next)), Change::Audit(AuditChange::Record(recorded))];
        if let Some(asked) = self.answers_for(company, resolved.inviter.as_ref()).await? {
            let kind = MailKind::Invitation(InvitationMail::RenewalRequested { invitation: invitation.id });
            changes.push(Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(
                ids.id()?,
                asked.email,
                asked.language,
                kind,
                now,
            ))));
        }
        let set = ChangeSet::new(ids.id()?, now, changes)?;
        match store.commit(&set).await {
            // Somebody acted on the invitation this very moment: that answers the question.
            Ok(()) | Err(CommitError::Rejected(_)) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }

    /// Who can send a new invitation to this company: the inviter, if that is still so.
    async fn answers_for(&self, company: CompanyId, inviter: Option<&Account>) -> Result<Option<Account>, Unavailable> {
        if let Some(inviter) = inviter
            && Administrator::by_roles(inviter).is_some_and(|inviter| inviter.may_administer(company))
        {
            return Ok(Some(inviter.clone()));
        }
        match self.ports.store.first_account_with_role(&RoleKey::company_administrator(), Some(company)).await? {
            Some(administrator) => Ok(Some(administrator)),
            None => self.ports.store.first_account_with_role(&RoleKey::operator(), None).await,
        }
    }
}
