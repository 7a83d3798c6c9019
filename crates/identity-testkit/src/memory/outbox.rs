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
            OutboxChange::Queue(message) => insert(&mut self.messages, message.id, message, Entity::OutboxMessage),
            OutboxChange::Settle { id, ticket, at, outcome } => {
                let message = self.messages.get_mut(&id).ok_or(Rejection::LeaseLost)?;
                settle(message, ticket, at, outcome)
            }
        }
    }

    fn lease_messages(&mut self, lease: &Lease) -> Vec<OutboxMessage> {
        let is_due = |message: &&mut OutboxMessage| {
            matches!(message.state, OutboxMessageState::Queued | OutboxMessageState::Leased(_)) && message.due_at <= lease.now
        };
        let mut due = self.messages.values_mut().filter(is_due).collect::<Vec<_>>();
        due.sort_by_key(|message| (message.due_at, message.id));
        let leased = due.into_iter().take(lease.limit.into()).map(|message| {
            message.state = OutboxMessageState::Leased(lease.ticket);
            message.due_at = lease.until;
            message.attempts = message.attempts.saturating_add(1);
            message.clone()
        });
        leased.collect()
    }

    fn renew_lease(&mut self, ticket: LeaseTicket, until: Timestamp) -> u64 {
        let held = self.messages.values_mut().filter(|message| message.state == OutboxMessageState::Leased(ticket));
        held.fold(0, |count, message| {
            message.due_at = until;
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

    async fn message(&self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, Unavailable> {
        Ok(self.read("message")?.messages.get(&id).cloned())
    }
}

fn settle(message: &mut OutboxMessage, ticket: LeaseTicket, at: Timestamp, outcome: DeliveryOutcome) -> Result<(), Rejection> {
    if message.state != OutboxMessageState::Leased(ticket) {
        return Err(Rejection::LeaseLost);
    }
    match outcome {
        DeliveryOutcome::Sent => {
            (message.state, message.last_error, message.settled_at) = (OutboxMessageState::Sent, None, Some(at));
        }
        DeliveryOutcome::Dropped => (message.state, message.settled_at) = (OutboxMessageState::Dropped, Some(at)),
        DeliveryOutcome::Returned => {
            (message.state, message.due_at, message.attempts) =
                (OutboxMessageState::Queued, at, message.attempts.saturating_sub(1));
        }
        DeliveryOutcome::Failed { error } => {
            (message.state, message.last_error, message.settled_at) = (OutboxMessageState::Failed, Some(error), Some(at));
        }
        DeliveryOutcome::Retry { due_at, error } => {
            (message.state, message.last_error, message.due_at) = (OutboxMessageState::Queued, Some(error), due_at);
        }
    }
    Ok(())
}
