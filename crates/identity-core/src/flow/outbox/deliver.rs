//! Working the outbox off.

use std::sync::{Arc, Mutex, PoisonError};

use super::decide::{Decider, Decision, Undecided};
use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, OutboxChange, Unavailable},
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        outbox::{DeliveryOutcome, OutboxMessage, retry_after},
    },
    port::{IdSource, Lease, MailError, Ports},
    value::{LeaseTicket, SignedDuration, Timestamp},
};

/// How long one message may take before its worker counts as stuck. More than the ten minutes that a mail server may take for its
/// answer to the content (RFC 5321, 4.5.3.2.6) and the steps before it.
const LONGEST_FOR_ONE: SignedDuration = SignedDuration::from_mins(15);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Messages that were claimed.
    pub claimed: usize,
    /// Mails that were taken by the mail system.
    pub sent: usize,
}

/// Messages that one worker has claimed.
pub struct Claim {
    ticket: LeaseTicket,
    messages: Vec<OutboxMessage>,
    progress: Mutex<Progress>,
}

#[derive(Clone, Copy)]
struct Progress {
    held_until: Timestamp,
    settled_at: Timestamp,
}

impl Claim {
    /// How many messages there were to claim.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether nothing was due.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    fn progress(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn advance(&self, to: impl FnOnce(&mut Progress)) {
        to(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Claims due messages, decides what mail follows from each, mints its link, sends it and settles it.
///
/// The digest of a link is committed before the mail with it is sent; a message is settled after. A worker that dies in between
/// leaves a lease that ends, and the message is sent again under the same Message-ID: at least once, never for what did not happen.
pub struct DeliverOutbox {
    ports: Ports,
    settings: Arc<Settings>,
}

impl DeliverOutbox {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Claims one batch and works it off, without renewing the lease: for a mailer that answers well within it.
    ///
    /// # Errors
    /// [`Unavailable`]; what was claimed and not settled is due again when its lease ends.
    pub async fn run(&self, stopping: impl Fn() -> bool + Send + Sync) -> Result<Delivered, Unavailable> {
        self.work_off(&self.claim().await?, stopping).await
    }

    /// Claims what is due, one batch at most.
    ///
    /// # Errors
    /// [`Unavailable`]; nothing was claimed, or what was is due again when its lease ends.
    pub async fn claim(&self) -> Result<Claim, Unavailable> {
        let now = self.ports.clock.now();
        let ticket = IdSource::new(now, self.ports.entropy.as_ref()).id()?;
        let lease = Lease { ticket, now, until: self.settings.delivery.lease.from(now), limit: self.settings.delivery.batch };
        let messages = self.ports.store.lease_messages(&lease).await?;
        Ok(Claim { ticket, messages, progress: Mutex::new(Progress { held_until: lease.until, settled_at: now }) })
    }

    /// Renews a claim for the length of a lease from now. To be called beside [`work_off`](Self::work_off), some times during each
    /// lease. Answers `false`, and renews nothing, where the claim holds nothing any more, or where its worker has settled nothing for
    /// 15 minutes and counts as stuck.
    ///
    /// # Errors
    /// [`Unavailable`]; the claim ends as it would have.
    pub async fn renew(&self, claim: &Claim) -> Result<bool, Unavailable> {
        let now = self.ports.clock.now();
        if now.duration_since(claim.progress().settled_at) > LONGEST_FOR_ONE {
            return Ok(false);
        }
        let until = self.settings.delivery.lease.from(now);
        let is_held = self.ports.store.renew_lease(claim.ticket, until).await? > 0;
        if is_held {
            claim.advance(|progress| progress.held_until = until);
        }
        Ok(is_held)
    }

    /// Works off what was claimed. As soon as `stopping` says so, nothing more is begun, and the rest goes back.
    ///
    /// # Errors
    /// [`Unavailable`]; what was not settled is due again when the claim ends.
    pub async fn work_off(&self, claim: &Claim, stopping: impl Fn() -> bool + Send + Sync) -> Result<Delivered, Unavailable> {
        let ticket = claim.ticket;
        let mut delivered = Delivered { claimed: claim.len(), sent: 0 };
        let mut first_failure = None;
        for message in &claim.messages {
            // Past its end a claim is another worker's.
            if self.ports.clock.now() >= claim.progress().held_until {
                break;
            }
            let worked_on = if stopping() {
                self.settle(message, ticket, DeliveryOutcome::Returned).await.map(|()| false)
            } else {
                self.deliver(message, ticket).await
            };
            let now = self.ports.clock.now();
            claim.advance(|progress| progress.settled_at = now);
            // One that cannot be worked on does not hold the others up.
            match worked_on {
                Ok(sent) => delivered.sent += usize::from(sent),
                Err(failure) => drop(first_failure.get_or_insert(failure)),
            }
        }
        first_failure.map_or(Ok(delivered), Err)
    }

    async fn deliver(&self, message: &OutboxMessage, ticket: LeaseTicket) -> Result<bool, Unavailable> {
        // What neither a failure of the mail nor a decision has ended by now never comes to an end by itself.
        if message.attempts > self.settings.delivery.attempts {
            let error = "it could not be prepared at any attempt: see the log".to_owned();
            self.settle(message, ticket, DeliveryOutcome::Failed { error }).await?;
            return Ok(false);
        }
        let outcome = match self.prepare(message).await? {
            Decision::Drop => DeliveryOutcome::Dropped,
            Decision::Send(mail) => match self.ports.mailer.send(&mail).await {
                Ok(()) => DeliveryOutcome::Sent,
                Err(error) => self.failed(message, &error),
            },
        };
        let sent = outcome == DeliveryOutcome::Sent;
        self.settle(message, ticket, outcome).await?;
        Ok(sent)
    }

    fn failed(&self, message: &OutboxMessage, error: &MailError) -> DeliveryOutcome {
        let text = describe(error);
        match error {
            MailError::Temporary(_) if message.attempts < self.settings.delivery.attempts => {
                let due_at = self.ports.clock.now().checked_add(retry_after(message.attempts)).unwrap_or(Timestamp::MAX);
                DeliveryOutcome::Retry { due_at, error: text }
            }
            MailError::Temporary(_) | MailError::Permanent(_) => DeliveryOutcome::Failed { error: text },
        }
    }

    async fn settle(&self, message: &OutboxMessage, ticket: LeaseTicket, outcome: DeliveryOutcome) -> Result<(), Unavailable> {
        let now = self.ports.clock.now();
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let mut changes = Vec::new();
        if matches!(outcome, DeliveryOutcome::Failed { .. }) {
            let event = ids.event()?;
            let recorded = AuditEvent::new(&event, now, Action::MessageFailed, Actor::System, Subject::OutboxMessage(message.id));
            changes.push(Change::Audit(AuditChange::Record(recorded.concerning(&event, &message.to))));
        }
        changes.push(Change::Outbox(OutboxChange::Settle { id: message.id, ticket, at: now, outcome }));
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            // Another worker claimed it after this one's lease: its settlement counts.
            Ok(()) | Err(CommitError::Rejected(_)) => Ok(()),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }

    async fn prepare(&self, message: &OutboxMessage) -> Result<Decision, Unavailable> {
        loop {
            let now = self.ports.clock.now();
            let decider = Decider { ports: &self.ports, settings: &self.settings, message, now };
            match decider.decide().await {
                Ok(decision) => return Ok(decision),
                Err(Undecided::Changed) => {}
                Err(Undecided::Unavailable(error)) => return Err(error),
            }
        }
    }
}

/// The error and its causes on one line, at most 300 characters: for the operator, beside the message.
fn describe(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(300).collect()
}
