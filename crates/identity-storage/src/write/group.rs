//! SQLite: one writer, which groups what waits into one durable transaction, with a savepoint for each.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use identity_core::change::{CommitError, Unavailable};
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait as _};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::work::{Work, WorkOutcome};
use crate::{
    error::{Failure, is_worth_a_retry, unavailable},
    open::OpenedFile,
};

/// The most jobs in one durable transaction.
const GROUP: usize = 128;
/// How long a write may take, waiting for its turn included. What is given up may still become durable: its id tells.
const LONGEST_WRITE: Duration = Duration::from_secs(60);

/// Work, and the caller that waits for its outcome.
struct Job<W: Work> {
    work: W,
    /// What it came to inside the transaction; it counts once the transaction is durable.
    done: Option<Result<W::Done, CommitError>>,
    answer: oneshot::Sender<Result<W::Done, CommitError>>,
}

/// A job of any work.
#[async_trait]
trait AnyJob: Send + Sync {
    /// Does the work inside a savepoint of its own: a rejection takes back what it wrote, and nothing of its neighbours.
    async fn perform(&mut self, transaction: &DatabaseTransaction) -> Result<(), DbErr>;

    /// Says what came of it, now that it is durable.
    fn answer(self: Box<Self>);

    /// Says that it failed.
    fn refuse(self: Box<Self>, error: Unavailable);
}

// The caller may have gone away; what was written stays written.
#[async_trait]
impl<W: Work> AnyJob for Job<W> {
    async fn perform(&mut self, transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        let savepoint = transaction.begin().await?;
        self.done = Some(match self.work.perform(&savepoint).await {
            Ok(WorkOutcome::Commit(done)) => {
                savepoint.commit().await?;
                Ok(done)
            }
            Ok(WorkOutcome::Nothing(done)) => {
                savepoint.rollback().await?;
                Ok(done)
            }
            Err(Failure::Rejected(rejection)) => {
                savepoint.rollback().await?;
                Err(CommitError::Rejected(rejection))
            }
            Err(Failure::Database(error)) => return Err(error),
        });
        Ok(())
    }

    fn answer(self: Box<Self>) {
        let done = self.done.unwrap_or_else(|| Err(Unavailable::new("storage", Ended).into()));
        drop(self.answer.send(done));
    }

    fn refuse(self: Box<Self>, error: Unavailable) {
        drop(self.answer.send(Err(error.into())));
    }
}

/// Hands jobs to the one task that writes.
#[derive(Clone)]
pub(crate) struct Writer {
    connection: DatabaseConnection,
    jobs: mpsc::Sender<Box<dyn AnyJob>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the writer has ended")]
struct Ended;

#[derive(Debug, thiserror::Error)]
#[error("the writer did not answer within a minute")]
struct Silent;

impl Writer {
    pub(super) fn start(connection: DatabaseConnection, file: OpenedFile) -> Self {
        let (jobs, waiting) = mpsc::channel(4 * GROUP);
        tokio::spawn(write(connection.clone(), file, waiting));
        Self { connection, jobs }
    }

    pub(super) async fn run<W: Work>(&self, work: &W) -> Result<W::Done, CommitError> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Job { work: work.clone(), done: None, answer });
        timeout(LONGEST_WRITE, async {
            self.jobs.send(job).await.map_err(|_| Unavailable::new("storage", Ended))?;
            answered.await.map_err(|_| Unavailable::new("storage", Ended))?
        })
        .await
        .unwrap_or_else(|_| Err(Unavailable::new("storage", Silent).into()))
    }

    pub(super) async fn close(self) -> Result<(), Unavailable> {
        drop(self.jobs);
        self.connection.close().await.map_err(unavailable)
    }
}

/// Takes whatever waits, makes it durable together, and answers each by itself.
async fn write(connection: DatabaseConnection, file: OpenedFile, mut waiting: mpsc::Receiver<Box<dyn AnyJob>>) {
    let mut jobs = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut jobs, GROUP).await > 0 {
        let done = match file.check() {
            Ok(()) => together(&connection, &mut jobs).await,
            Err(error) => {
                tracing::error!(jobs = jobs.len(), %error, "nothing is written");
                let error = Arc::new(error);
                jobs.drain(..).for_each(|job| job.refuse(Unavailable::new("storage", error.clone())));
                continue;
            }
        };
        match done {
            Ok(()) => jobs.drain(..).for_each(AnyJob::answer),
            // SQLite has waited for the lock itself, and the caller has waited as long.
            Err(error) if is_worth_a_retry(&error) => {
                let error = Arc::new(error);
                jobs.drain(..).for_each(|job| job.refuse(Unavailable::new("storage", error.clone())));
            }
            Err(error) => {
                tracing::error!(jobs = jobs.len(), error = %error, "a group of writes failed: each is tried by itself");
                for mut job in jobs.drain(..) {
                    // A failure of its making is not its neighbours'.
                    match together(&connection, std::slice::from_mut(&mut job)).await {
                        Ok(()) => job.answer(),
                        Err(error) => job.refuse(unavailable(error)),
                    }
                }
            }
        }
    }
}

const IMMEDIATE: TransactionOptions = TransactionOptions {
    isolation_level: None,
    access_mode: None,
    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
};

/// One durable transaction. An error loses the whole group: nothing of it was made durable, and nobody was answered.
async fn together(connection: &DatabaseConnection, jobs: &mut [Box<dyn AnyJob>]) -> Result<(), DbErr> {
    let transaction = connection.begin_with_options(IMMEDIATE).await?;
    for job in jobs {
        job.perform(&transaction).await?;
    }
    transaction.commit().await
}
