//! Reads of the outbox.

use async_trait::async_trait;

use crate::{
    change::Unavailable,
    model::outbox::OutboxMessage,
    value::{LeaseTicket, OutboxMessageId, Timestamp},
};

/// A claim on due messages.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// Names the claim.
    pub ticket: LeaseTicket,
    /// Messages due at this time are claimed, and leased ones whose lease has ended.
    pub now: Timestamp,
    /// When the lease ends.
    pub until: Timestamp,
    /// The most messages.
    pub limit: u16,
}

/// The outbox, as a worker sees it.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Claims due messages, the longest waiting first, and counts the attempt. No message is given to two claims at a time.
    async fn lease_messages(&self, lease: &Lease) -> Result<Vec<OutboxMessage>, Unavailable>;

    /// Moves the end of a lease, for every message that its claim still holds: neither settled nor claimed by another. Answers how many
    /// these are.
    async fn renew_lease(&self, ticket: LeaseTicket, until: Timestamp) -> Result<u64, Unavailable>;

    /// The message with that id.
    async fn message(&self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, Unavailable>;
}
