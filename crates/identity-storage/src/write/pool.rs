//! PostgreSQL and MySQL: a transaction for each, at READ COMMITTED, and as many at a time as there are connections.

use std::time::Duration;

use identity_core::change::{CommitError, Unavailable};
use sea_orm::{DatabaseConnection, TransactionTrait as _};
use tokio::time::timeout;

use super::work::{Outcome, Work};
use crate::error::{Failure, commit_error, is_worth_a_retry, unavailable};

/// How often work is done again after a failure that may pass: a deadlock, a conflict, a connection that broke.
const RETRIES: u32 = 8;
/// How long all of it may take: shorter than any request waits, whatever it waited for.
const LONGEST: Duration = Duration::from_secs(15);
/// How long the first retry waits; each one after it twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(2);

/// Does work in transactions of its own.
#[derive(Clone)]
pub(crate) struct Pool(DatabaseConnection);

impl Pool {
    pub(super) const fn new(connection: DatabaseConnection) -> Self {
        Self(connection)
    }

    /// Does it, and does the whole of it again where a failure may pass. That a commit took place of which the answer was lost is
    /// found by the set's id.
    pub(super) async fn run<W: Work>(&self, work: &W) -> Result<W::Done, CommitError> {
        timeout(LONGEST, self.persistently(work)).await.unwrap_or_else(|silence| Err(Unavailable::new("storage", silence).into()))
    }

    async fn persistently<W: Work>(&self, work: &W) -> Result<W::Done, CommitError> {
        let mut pause = FIRST_PAUSE;
        let mut tries = 0;
        loop {
            match self.once(work).await {
                Ok(done) => return Ok(done),
                Err(Failure::Rejected(rejection)) => return Err(rejection.into()),
                Err(Failure::Database(error)) if is_worth_a_retry(&error) && tries < RETRIES => {
                    tracing::debug!(%error, tries, "a transaction is done again");
                    tries += 1;
                    sleep(pause).await;
                    pause *= 2;
                }
                Err(Failure::Database(error)) => return Err(commit_error(error)),
            }
        }
    }

    async fn once<W: Work>(&self, work: &W) -> Result<W::Done, Failure> {
        let transaction = self.0.begin().await?;
        match work.perform(&transaction).await {
            Ok(Outcome::Commit(done)) => {
                transaction.commit().await?;
                Ok(done)
            }
            Ok(Outcome::Nothing(done)) => {
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

#[expect(clippy::disallowed_methods, reason = "whoever is in the way ends in its own time, and says nothing then")]
async fn sleep(pause: Duration) {
    tokio::time::sleep(pause).await;
}
