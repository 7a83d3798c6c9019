//! Connections to a database: work is done again on another one where a connection broke.

mod health;

use std::{future::Future, time::Duration};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement,
    TransactionTrait as _,
};
use tokio::time::timeout;

pub(crate) use self::health::{Health, check};
use crate::{
    error::{is_of_the_connection, is_worth_a_retry},
    open::OpenedFile,
};

/// How often work is done again after a failure that may pass: a deadlock, a conflict, a connection that broke.
const RETRIES: u32 = 8;
/// How long all of it may take: shorter than any request waits, whatever it waited for.
const LONGEST: Duration = Duration::from_secs(15);
/// How long the first retry waits; each one after it twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(2);

/// A pool of connections. As a [`ConnectionTrait`] it is for reads: each may be done again.
#[derive(Clone)]
pub(crate) struct Connections {
    pool: DatabaseConnection,
    health: Health,
    /// The SQLite file that they have open.
    file: Option<OpenedFile>,
}

impl Connections {
    /// A pool that was built with this health, so that it drops the connections that are not trusted any more.
    pub(crate) const fn to_server(pool: DatabaseConnection, health: Health) -> Self {
        Self { pool, health, file: None }
    }

    pub(crate) fn to_file(pool: DatabaseConnection, file: OpenedFile) -> Self {
        Self { pool, health: Health::default(), file: Some(file) }
    }

    /// Does work, and does the whole of it again on another connection where a failure may pass. It has to be work that may be done
    /// twice. `database` finds what the database said in its failure.
    ///
    /// # Errors
    /// What the last try failed with; a failure of the connection after 15 seconds, or where the file is not there any more.
    pub(crate) async fn persistently<T, E, F>(
        &self,
        database: fn(&E) -> Option<&DbErr>,
        work: impl Fn() -> F + Send + Sync,
    ) -> Result<T, E>
    where
        E: From<DbErr>,
        F: Future<Output = Result<T, E>> + Send,
    {
        if let Some(file) = &self.file {
            file.check()?;
        }
        timeout(LONGEST, self.until_it_lasts(database, work)).await.unwrap_or_else(|_| {
            Err(DbErr::Conn(RuntimeErr::Internal("the database did not answer for 15 seconds".to_owned())).into())
        })
    }

    async fn until_it_lasts<T, E, F>(&self, database: fn(&E) -> Option<&DbErr>, work: impl Fn() -> F + Send + Sync) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>> + Send,
    {
        let mut pause = FIRST_PAUSE;
        let mut tries = 0;
        loop {
            let failure = match work().await {
                Ok(done) => return Ok(done),
                Err(failure) => failure,
            };
            let Some(error) = database(&failure).filter(|error| is_worth_a_retry(error)) else { return Err(failure) };
            if is_of_the_connection(error) {
                self.health.distrust();
            }
            if tries == RETRIES {
                return Err(failure);
            }
            tracing::debug!(%error, tries, "a database operation is done again");
            tries += 1;
            sleep(pause).await;
            pause *= 2;
        }
    }

    /// The pool itself, for what is asked once.
    pub(crate) const fn pool(&self) -> &DatabaseConnection {
        &self.pool
    }

    /// Begins a transaction, once.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.pool.begin().await
    }

    pub(crate) async fn close(self) -> Result<(), DbErr> {
        self.pool.close().await
    }
}

#[async_trait]
impl ConnectionTrait for Connections {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.persistently(itself, || self.pool.execute_raw(statement.clone())).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.persistently(itself, || self.pool.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.persistently(itself, || self.pool.query_one_raw(statement.clone())).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.persistently(itself, || self.pool.query_all_raw(statement.clone())).await
    }
}

fn itself(error: &DbErr) -> Option<&DbErr> {
    Some(error)
}

#[expect(clippy::disallowed_methods, reason = "a statement that is in the way ends in its own time, and says nothing then")]
async fn sleep(pause: Duration) {
    tokio::time::sleep(pause).await;
}
