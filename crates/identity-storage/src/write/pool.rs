//! PostgreSQL and MySQL: a transaction for each, at READ COMMITTED, and as many at a time as there are connections.

use identity_core::change::{CommitError, Unavailable};

use super::work::{Work, WorkOutcome};
use crate::{
    connections::Connections,
    error::{Failure, commit_error, unavailable},
};

/// Does work in transactions of its own.
#[derive(Clone)]
pub(crate) struct Pool(Connections);

impl Pool {
    pub(super) const fn new(connections: Connections) -> Self {
        Self(connections)
    }

    /// Does it, and does the whole of it again where a failure may pass. That a commit took place of which the answer was lost is
    /// found by the set's id.
    pub(super) async fn run<W: Work>(&self, work: &W) -> Result<W::Done, CommitError> {
        self.0.persistently(Failure::database, || self.once(work)).await.map_err(|failure| match failure {
            Failure::Rejected(rejection) => rejection.into(),
            Failure::Database(error) => commit_error(error),
        })
    }

    async fn once<W: Work>(&self, work: &W) -> Result<W::Done, Failure> {
        let transaction = self.0.begin().await?;
        match work.perform(&transaction).await {
            Ok(WorkOutcome::Commit(done)) => {
                transaction.commit().await?;
                Ok(done)
            }
            Ok(WorkOutcome::Nothing(done)) => {
                transaction.rollback().await?;
                Ok(done)
            }
            Err(failure) => {
                // The connection may be what failed; then there is nothing left to roll back.
                let _ = transaction.rollback().await;
                Err(failure)
            }
        }
    }

    pub(super) async fn close(self) -> Result<(), Unavailable> {
        self.0.close().await.map_err(unavailable)
    }
}
