//! Changes of the outbox.

use super::order::{Phase, Rank, Target, whole};
use crate::{
    model::outbox::{DeliveryOutcome, OutboxMessage},
    value::{LeaseTicket, OutboxMessageId, Timestamp},
};

/// A change of a message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutboxChange {
    /// Guard: the id is free.
    Queue(OutboxMessage),
    /// Guard: leased under this ticket.
    Settle {
        /// The message.
        id: OutboxMessageId,
        /// The claim under which it was worked on.
        ticket: LeaseTicket,
        /// When.
        at: Timestamp,
        /// What became of it.
        outcome: DeliveryOutcome,
    },
}

impl OutboxChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Queue(message) => (Phase::Insert, Rank::OutboxMessage, whole(message.id.as_uuid())),
            Self::Settle { id, .. } => (Phase::Update, Rank::OutboxMessage, whole(id.as_uuid())),
        }
    }
}
