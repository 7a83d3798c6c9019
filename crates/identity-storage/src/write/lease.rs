//! Claiming messages, and holding on to them.

use async_trait::async_trait;
use identity_core::{
    model::outbox::OutboxMessage,
    port::Lease,
    value::{LeaseTicket, Timestamp},
};
use sea_orm::DatabaseTransaction;

use super::work::{Work, WorkOutcome};
use crate::{error::Failure, outbox};

#[async_trait]
impl Work for Lease {
    type Done = Vec<OutboxMessage>;

    async fn perform(&self, transaction: &DatabaseTransaction) -> Result<WorkOutcome<Vec<OutboxMessage>>, Failure> {
        let claimed = outbox::claim(transaction, self).await?;
        // Also where none of them can be read: they stay claimed, and what waits behind them is next.
        let outcome = if claimed.is_empty() { WorkOutcome::Nothing } else { WorkOutcome::Commit };
        Ok(outcome(claimed.into_iter().filter_map(outbox::readable).collect()))
    }
}

/// A later end of a lease.
#[derive(Clone, Copy)]
pub(crate) struct Renewal {
    pub(crate) ticket: LeaseTicket,
    pub(crate) until: Timestamp,
}

#[async_trait]
impl Work for Renewal {
    type Done = u64;

    async fn perform(&self, transaction: &DatabaseTransaction) -> Result<WorkOutcome<u64>, Failure> {
        Ok(match outbox::renew(transaction, self.ticket, self.until).await? {
            0 => WorkOutcome::Nothing(0),
            held => WorkOutcome::Commit(held),
        })
    }
}
