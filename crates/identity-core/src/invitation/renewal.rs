//! Asking for a new invitation where a link does not work any more.

use crate::{
    access::Administrator,
    audit::{Action, Actor, AuditEvent, Subject},
    change::{Change, ChangeSet, CommitError, Unavailable},
    ledger::LinkSubject,
    notice::{Notice, Topic},
    port::{Draw, Ports},
    session::Client,
    value::TokenSecret,
};

/// Asks whoever answers for an invitation to send a new one. The answer is the same whatever the link was.
pub struct RequestRenewal {
    ports: Ports,
}

impl RequestRenewal {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Asks; at most one mail a day for each invitation, none where it was accepted, still works, or never was.
    ///
    /// # Errors
    /// [`Unavailable`]; nobody was asked.
    pub async fn run(&self, secret: &TokenSecret, client: &Client) -> Result<(), Unavailable> {
        let now = self.ports.clock.now();
        let store = &self.ports.store;
        let Some(token) = store.token_by_digest(&secret.digest()).await? else { return Ok(()) };
        let LinkSubject::Invitation(id) = token.subject;
        let Some(invitation) = store.invitation(id).await? else { return Ok(()) };
        let Some(next) = invitation.renewal_requested(now) else { return Ok(()) };
        // A superseded invitation does not know that its successor was accepted.
        if let Some(email) = &invitation.email
            && store.account_by_address(email.canonical()).await?.is_some()
        {
            return Ok(());
        }
        let inviter = match invitation.inviter {
            Some(id) => store.account(id).await?,
            None => None,
        };
        let draw = Draw::new(now, self.ports.entropy.as_ref());
        let event = draw.event()?;
        let recorded = AuditEvent::new(&event, now, Action::InvitationRenewalRequested, Actor::Anonymous, Subject::Invitation(id))
            .from_client(&event, client);
        let mut changes = vec![Change::AdvanceInvitation(next), Change::Record(recorded)];
        // Somebody who may not invite any more is not asked to.
        if let Some(inviter) = inviter.as_ref().and_then(Administrator::of) {
            let account = inviter.account();
            let topic = Topic::RenewalRequested { invitation: id };
            changes.push(Change::QueueNotice(Notice::queue(
                draw.id()?,
                account.email.clone(),
                account.language.clone(),
                topic,
                now,
            )));
        }
        let set = ChangeSet::new(draw.id()?, now, changes)?;
        match store.commit(&set).await {
            // Somebody acted on the invitation this very moment: that answers the question.
            Ok(()) | Err(CommitError::Rejected(_)) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }
}
