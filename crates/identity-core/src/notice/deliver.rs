//! Working the outbox off.

use super::{Letter, LetterContent, Notice, Outcome, Topic, retry_after};
use crate::{
    access::Administrator,
    audit::{Action, Actor, AuditEvent, Subject},
    change::{Change, ChangeSet, CommitError, Entity, Rejection, Unavailable},
    invitation::{Invitation, InvitationState},
    ledger::{LinkSubject, Token},
    port::{Draw, Lease, MailError, Ports},
    value::{LeaseTicket, Lifetime, Timestamp, TokenKind},
};

/// How mail is worked off.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryLimits {
    /// How long a worker may take for what it claimed before another may claim it.
    pub lease: Lifetime,
    /// How many notices are claimed at a time.
    pub batch: u16,
    /// After how many attempts a notice is given up.
    pub attempts: u32,
}

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Notices that were claimed.
    pub claimed: usize,
    /// Mails that were taken by the mail system.
    pub sent: usize,
}

/// Claims due notices, decides what mail follows from each, mints its link, sends it and settles it.
///
/// The digest of a link is committed before the mail with it is sent; a notice is settled after. A worker that dies in between
/// leaves a lease that ends, and the notice is sent again under the same Message-ID: at least once, never for what did not happen.
pub struct DeliverNotices {
    ports: Ports,
    limits: DeliveryLimits,
}

enum Decision {
    Send(Box<Letter>),
    Drop,
}

impl DeliverNotices {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, limits: DeliveryLimits) -> Self {
        Self { ports, limits }
    }

    /// Works off one batch. As soon as `stopping` says so, nothing more is begun, and what was claimed goes back.
    ///
    /// # Errors
    /// [`Unavailable`]; what was claimed and not settled is due again when its lease ends.
    pub async fn run(&self, stopping: impl Fn() -> bool + Send + Sync) -> Result<Delivered, Unavailable> {
        let now = self.ports.clock.now();
        let ticket = Draw::new(now, self.ports.entropy.as_ref()).id()?;
        let lease = Lease { ticket, now, until: self.limits.lease.from(now), limit: self.limits.batch };
        let notices = self.ports.store.lease_notices(&lease).await?;
        let mut delivered = Delivered { claimed: notices.len(), sent: 0 };
        let mut first_failure = None;
        for notice in notices {
            // A batch that takes longer than its lease is left to whoever claims it next.
            if self.ports.clock.now() >= lease.until {
                break;
            }
            let worked_on = if stopping() {
                self.settle(&notice, ticket, Outcome::Returned).await.map(|()| false)
            } else {
                self.deliver(&notice, ticket).await
            };
            // One that cannot be worked on does not hold the others up.
            match worked_on {
                Ok(sent) => delivered.sent += usize::from(sent),
                Err(failure) => drop(first_failure.get_or_insert(failure)),
            }
        }
        first_failure.map_or(Ok(delivered), Err)
    }

    async fn deliver(&self, notice: &Notice, ticket: LeaseTicket) -> Result<bool, Unavailable> {
        // What neither a failure of the mail nor a decision has ended by now never comes to an end by itself.
        if notice.attempts > self.limits.attempts {
            let error = "it could not be prepared at any attempt: see the log".to_owned();
            self.settle(notice, ticket, Outcome::Failed { error }).await?;
            return Ok(false);
        }
        let outcome = match self.prepare(notice).await? {
            Decision::Drop => Outcome::Dropped,
            Decision::Send(letter) => match self.ports.mailer.send(&letter).await {
                Ok(()) => Outcome::Sent,
                Err(error) => self.failed(notice, &error),
            },
        };
        let sent = outcome == Outcome::Sent;
        self.settle(notice, ticket, outcome).await?;
        Ok(sent)
    }

    fn failed(&self, notice: &Notice, error: &MailError) -> Outcome {
        let text = describe(error);
        match error {
            MailError::Temporary(_) if notice.attempts < self.limits.attempts => {
                let due_at = self.ports.clock.now().checked_add(retry_after(notice.attempts)).unwrap_or(Timestamp::MAX);
                Outcome::Retry { due_at, error: text }
            }
            MailError::Temporary(_) | MailError::Permanent(_) => Outcome::Failed { error: text },
        }
    }

    async fn settle(&self, notice: &Notice, ticket: LeaseTicket, outcome: Outcome) -> Result<(), Unavailable> {
        let now = self.ports.clock.now();
        let draw = Draw::new(now, self.ports.entropy.as_ref());
        let mut changes = Vec::new();
        if matches!(outcome, Outcome::Failed { .. }) {
            let event = draw.event()?;
            let recorded = AuditEvent::new(&event, now, Action::NoticeFailed, Actor::System, Subject::Notice(notice.id));
            changes.push(Change::Record(recorded.concerning(&event, &notice.to)));
        }
        changes.push(Change::SettleNotice { id: notice.id, ticket, at: now, outcome });
        match self.ports.store.commit(&ChangeSet::new(draw.id()?, now, changes)?).await {
            // Another worker claimed it after this one's lease: its settlement counts.
            Ok(()) | Err(CommitError::Rejected(_)) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }

    async fn prepare(&self, notice: &Notice) -> Result<Decision, Unavailable> {
        match notice.topic {
            Topic::Invitation { invitation, generation } => {
                // What it is about may change between the read and the commit; then it is read again.
                loop {
                    let Some(found) = self.ports.store.invitation(invitation).await? else { return Ok(Decision::Drop) };
                    if found.state != InvitationState::Pending || found.generation != generation {
                        return Ok(Decision::Drop);
                    }
                    match self.invitation(notice, &found).await {
                        Err(CommitError::Rejected(Rejection::Changed(Entity::Invitation))) => {}
                        Err(CommitError::Rejected(rejection)) => return Err(Unavailable::new("outbox", rejection)),
                        Err(CommitError::Unavailable(error)) => return Err(error),
                        Ok(decision) => return Ok(decision),
                    }
                }
            }
            Topic::RenewalRequested { invitation } => self.renewal(notice, invitation).await,
        }
    }

    async fn invitation(&self, notice: &Notice, invitation: &Invitation) -> Result<Decision, CommitError> {
        let store = &self.ports.store;
        let (Some(company), Some(inviter)) = (invitation.company, invitation.inviter) else { return Ok(Decision::Drop) };
        let (Some(company), Some(inviter)) = (store.company(company).await?, store.account(inviter).await?) else {
            return Ok(Decision::Drop);
        };
        // An inviter who was disabled or demoted since leaves no working invitation behind.
        if !Administrator::of(&inviter).is_some_and(|inviter| inviter.may_administer(company.id)) {
            return Ok(Decision::Drop);
        }
        let now = self.ports.clock.now();
        let draw = Draw::new(now, self.ports.entropy.as_ref());
        let secret = draw.secret(TokenKind::Invitation).map_err(Unavailable::from)?;
        let Some(next) = invitation.sending(now).ok().filter(|next| next.expires_at > now) else { return Ok(Decision::Drop) };
        let expires_at = next.expires_at;
        let event = draw.event().map_err(Unavailable::from)?;
        let token = Token {
            id: secret.id(),
            digest: secret.digest(),
            subject: LinkSubject::Invitation(invitation.id),
            generation: invitation.generation,
            sent_to: Some(notice.to.clone()),
            issued_at: now,
            expires_at,
            spent_at: None,
        };
        let recorded = AuditEvent::new(&event, now, Action::LinkCreated, Actor::System, Subject::Invitation(invitation.id));
        let changes = vec![Change::AdvanceInvitation(next), Change::IssueToken(token), Change::Record(recorded)];
        store.commit(&ChangeSet::new(draw.id().map_err(Unavailable::from)?, now, changes)?).await?;
        Ok(Decision::Send(Box::new(Letter {
            id: notice.id,
            to: notice.to.clone(),
            language: notice.language.clone(),
            written_at: now,
            content: LetterContent::Invitation {
                first_name: invitation.first_name.clone(),
                inviter: inviter.full_name(),
                inviter_address: inviter.email,
                company: company.name,
                note: invitation.note.clone(),
                secret,
                expires_at,
            },
        })))
    }

    async fn renewal(&self, notice: &Notice, id: crate::value::InvitationId) -> Result<Decision, Unavailable> {
        let store = &self.ports.store;
        let Some(invitation) = store.invitation(id).await? else { return Ok(Decision::Drop) };
        let (Some(company), Some(invitee)) = (invitation.company, invitation.email) else { return Ok(Decision::Drop) };
        let (Some(company), Some(asked)) = (store.company(company).await?, store.account_by_address(notice.to.canonical()).await?)
        else {
            return Ok(Decision::Drop);
        };
        // Somebody who was disabled or demoted since cannot invite any more, and learns nothing.
        if !Administrator::of(&asked).is_some_and(|asked| asked.may_administer(company.id)) {
            return Ok(Decision::Drop);
        }
        Ok(Decision::Send(Box::new(Letter {
            id: notice.id,
            to: notice.to.clone(),
            language: notice.language.clone(),
            written_at: self.ports.clock.now(),
            content: LetterContent::RenewalRequested { invitee, company: company.name },
        })))
    }
}

/// The error and its causes on one line, at most 300 characters: for the operator, beside the notice.
fn describe(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(300).collect()
}
