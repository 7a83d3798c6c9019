//! What can be done inside a transaction.

use async_trait::async_trait;
use sea_orm::DatabaseTransaction;

use crate::error::Failure;

/// What a transaction came to.
pub(super) enum WorkOutcome<T> {
    /// It is to be committed.
    Commit(T),
    /// There was nothing to write, or it was written before: the transaction is to be rolled back.
    Nothing(T),
}

/// Something that is done inside one transaction, which somebody else begins and ends. On a failure whatever it wrote is taken back.
#[async_trait]
pub(super) trait Work: Clone + Send + Sync + 'static {
    type Done: Send + Sync + 'static;

    async fn perform(&self, transaction: &DatabaseTransaction) -> Result<WorkOutcome<Self::Done>, Failure>;
}
