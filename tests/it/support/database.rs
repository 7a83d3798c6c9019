//! Databases for servers under test.

use std::{path::Path, sync::Arc, time::Duration};

use identity_storage::testing::make_database;
use identity_testbed::{DatabaseServer, Kind};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database as SeaOrm, DatabaseConnection, Statement};
use tempfile::TempDir;
use tokio::time::timeout;

/// What everything is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
    MariaDb,
}

/// A database of one's own.
#[derive(Clone)]
pub(crate) struct Database {
    /// Where it is.
    pub(crate) url: String,
    folder: Option<Arc<TempDir>>,
}

impl Store {
    fn kind(self) -> Option<Kind> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(Kind::Postgres),
            Self::MariaDb => Some(Kind::MariaDb),
        }
    }

    /// An empty database: a file, or one on the server of this run.
    pub(crate) async fn fresh(self) -> Database {
        let Some(kind) = self.kind() else {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", folder.path().join("identity.db").display());
            return Database { url, folder: Some(Arc::new(folder)) };
        };
        let variable = kind.variable();
        let server = std::env::var(variable)
            .unwrap_or_else(|_| panic!("{variable} is not set: run cargo xtask test, or see cargo xtask servers"));
        self.on(&server).await
    }

    /// An empty database on a server.
    async fn on(self, server: &str) -> Database {
        Database { url: make_database(server).await.unwrap(), folder: None }
    }

    /// An empty database on a server of one's own, which may be killed; `None` where no server is needed.
    pub(crate) async fn fresh_on_its_own(self) -> (Database, Option<DatabaseServer>) {
        let Some(kind) = self.kind() else { return (self.fresh().await, None) };
        let server = tokio::task::spawn_blocking(move || DatabaseServer::start(kind)).await.unwrap().unwrap();
        (self.on(server.url()).await, Some(server))
    }
}

impl Database {
    /// Where its files are, if it is a file.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref().map(TempDir::path)
    }

    async fn connect(&self) -> DatabaseConnection {
        let file = if self.folder.is_some() { "?mode=rwc" } else { "" };
        let mut options = ConnectOptions::new(format!("{}{file}", self.url));
        options.max_connections(1).sqlx_logging(false);
        // With either of them the driver can look through its idle connections for ever, and a test then never ends (sqlx 0.9.0,
        // issue 3645).
        options.max_lifetime(None::<Duration>).idle_timeout(None::<Duration>);
        SeaOrm::connect(options).await.unwrap()
    }

    /// Runs statements past every program.
    pub(crate) async fn run(&self, statements: &str) {
        within_a_minute(
            statements,
            Box::pin(async {
                let database = self.connect().await;
                database.execute_unprepared(statements).await.unwrap();
                database.close().await.unwrap();
            }),
        )
        .await;
    }

    /// One text of each row.
    pub(crate) async fn column(&self, query: &str) -> Vec<String> {
        within_a_minute(
            query,
            Box::pin(async {
                let database = self.connect().await;
                let rows = database.query_all_raw(Statement::from_string(database.get_database_backend(), query)).await.unwrap();
                let column = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
                database.close().await.unwrap();
                column
            }),
        )
        .await
    }
}

/// A test that waits says for what, and does not stand still.
async fn within_a_minute<T>(statements: &str, work: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(60), work)
        .await
        .unwrap_or_else(|_| panic!("the database did not answer within a minute: {statements}"))
}
