//! Working the outbox off.

use std::sync::Arc;

use super::{
    Notice, Outcome,
    decide::{Decider, Decision, Undecided},
    retry_after,
};
use crate::{
    audit::{Action, Actor, AuditEvent, Subject},
    change::{Change, ChangeSet, CommitError, Unavailable},
    port::{Draw, Lease, MailError, Ports},
    settings::Settings,
    value::{LeaseTicket, Lifetime, Timestamp},
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
    settings: Arc<Settings>,
}

impl DeliverNotices {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Works off one batch. As soon as `stopping` says so, nothing more is begun, and what was claimed goes back.
    ///
    /// # Errors
    /// [`Unavailable`]; what was claimed and not settled is due again when its lease ends.
    pub async fn run(&self, stopping: impl Fn() -> bool + Send + Sync) -> Result<Delivered, Unavailable> {
        let now = self.ports.clock.now();
        let ticket = Draw::new(now, self.ports.entropy.as_ref()).id()?;
        let lease = Lease { ticket, now, until: self.settings.delivery.lease.from(now), limit: self.settings.delivery.batch };
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
        if notice.attempts > self.settings.delivery.attempts {
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
            MailError::Temporary(_) if notice.attempts < self.settings.delivery.attempts => {
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
        loop {
            let now = self.ports.clock.now();
            let decider = Decider { ports: &self.ports, settings: &self.settings, notice, now };
            match decider.decide().await {
                Ok(decision) => return Ok(decision),
                Err(Undecided::Changed) => {}
                Err(Undecided::Unavailable(error)) => return Err(error),
            }
        }
    }
}

/// The error and its causes on one line, at most 300 characters: for the operator, beside the notice.
fn describe(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(300).collect()
}
