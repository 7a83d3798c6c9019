//! The rows of the outbox.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, OutboxChange, Rejection, Unavailable},
    model::outbox::{DeliveryOutcome, OutboxMessage, OutboxMessageState},
    port::{Lease, Outbox},
    value::{LeaseTicket, OutboxMessageId, Timestamp},
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_outbox(&mut self, change: &OutboxChange) -> Result<(), Rejection> {
        match change.clone() {
            OutboxChange::Queue(notice) => insert(&mut self.notices, notice.id, notice, Entity::OutboxMessage),
            OutboxChange::Settle { id, ticket, at, outcome } => {
                let notice = self.notices.get_mut(&id).ok_or(Rejection::LeaseLost)?;
                settle(notice, ticket, at, outcome)
            }
        }
    }

    fn lease_messages(&mut self, lease: &Lease) -> Vec<OutboxMessage> {
        let is_due = |notice: &&mut OutboxMessage| {
            matches!(notice.state, OutboxMessageState::Queued | OutboxMessageState::Leased(_)) && notice.due_at <= lease.now
        };
        let mut due = self.notices.values_mut().filter(is_due).collect::<Vec<_>>();
        due.sort_by_key(|notice| (notice.due_at, notice.id));
        let leased = due.into_iter().take(lease.limit.into()).map(|notice| {
            notice.state = OutboxMessageState::Leased(lease.ticket);
            notice.due_at = lease.until;
            notice.attempts = notice.attempts.saturating_add(1);
            notice.clone()
        });
        leased.collect()
    }

    fn renew_lease(&mut self, ticket: LeaseTicket, until: Timestamp) -> u64 {
        let held = self.notices.values_mut().filter(|notice| notice.state == OutboxMessageState::Leased(ticket));
        held.fold(0, |count, notice| {
            notice.due_at = until;
            count + 1
        })
    }
}

#[async_trait]
impl<P: Persist> Outbox for MemoryStore<P> {
    async fn lease_messages(&self, lease: &Lease) -> Result<Vec<OutboxMessage>, Unavailable> {
        let lease = *lease;
        self.write("lease_messages", move |state| Ok(state.lease_messages(&lease))).await
    }

    async fn renew_lease(&self, ticket: LeaseTicket, until: Timestamp) -> Result<u64, Unavailable> {
        self.write("renew_lease", move |state| Ok(state.renew_lease(ticket, until))).await
    }

    async fn notice(&self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, Unavailable> {
        Ok(self.read("notice")?.notices.get(&id).cloned())
    }
}

fn settle(notice: &mut OutboxMessage, ticket: LeaseTicket, at: Timestamp, outcome: DeliveryOutcome) -> Result<(), Rejection> {
    if notice.state != OutboxMessageState::Leased(ticket) {
        return Err(Rejection::LeaseLost);
    }
    match outcome {
        DeliveryOutcome::Sent => (notice.state, notice.last_error, notice.settled_at) = (OutboxMessageState::Sent, None, Some(at)),
        DeliveryOutcome::Dropped => (notice.state, notice.settled_at) = (OutboxMessageState::Dropped, Some(at)),
        DeliveryOutcome::Returned => {
            (notice.state, notice.due_at, notice.attempts) = (OutboxMessageState::Queued, at, notice.attempts.saturating_sub(1));
        }
        DeliveryOutcome::Failed { error } => {
            (notice.state, notice.last_error, notice.settled_at) = (OutboxMessageState::Failed, Some(error), Some(at));
        }
        DeliveryOutcome::Retry { due_at, error } => {
            (notice.state, notice.last_error, notice.due_at) = (OutboxMessageState::Queued, Some(error), due_at);
        }
    }
    Ok(())
}
