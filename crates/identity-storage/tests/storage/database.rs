//! Databases of one's own.

use std::sync::Arc;

use identity_core::port::Store;
use identity_storage::{DatabaseUrl, PoolLimits, Storage, testing::make_database};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use tempfile::TempDir;

/// A folder with an SQLite file, or a database on a server that goes with its server.
pub(crate) enum Place {
    Folder(TempDir),
    Server(String),
}

impl Place {
    /// A new SQLite file.
    pub(crate) fn folder() -> Self {
        Self::Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A new, empty database on the PostgreSQL server of this run.
    pub(crate) async fn postgres() -> Self {
        Self::on_server("IDENTITY_TEST_POSTGRES").await
    }

    /// A new, empty database on the MariaDB server of this run.
    pub(crate) async fn mariadb() -> Self {
        Self::on_server("IDENTITY_TEST_MARIADB").await
    }

    /// A new database on the server whose URL stands in this variable.
    async fn on_server(variable: &str) -> Self {
        let url = std::env::var(variable)
            .unwrap_or_else(|_| panic!("{variable} is not set: run cargo xtask test, or see cargo xtask servers"));
        Self::Server(make_database(&url).await.expect("a database of one's own"))
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}", folder.path().join("identity.db").display()),
            Self::Server(url) => url.clone(),
        }
    }

    /// Another handle on it, as another process would have.
    pub(crate) async fn open(&self) -> Storage {
        let limits = PoolLimits { max_connections: 8 };
        Storage::open(&DatabaseUrl::new(self.url().into()), limits).await.expect("the database opens")
    }

    async fn migrated(self) -> (Arc<dyn Store>, Self) {
        let storage = self.open().await;
        storage.migrate().await.expect("the schema is laid");
        (Arc::new(storage), self)
    }

    /// A connection past the store.
    pub(crate) async fn beside(&self) -> DatabaseConnection {
        connect(&self.url()).await
    }
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the database opens")
}

/// An empty, migrated SQLite database.
pub(crate) async fn sqlite() -> (Arc<dyn Store>, Place) {
    Place::folder().migrated().await
}

/// An empty, migrated database on the PostgreSQL server of this run.
pub(crate) async fn postgres() -> (Arc<dyn Store>, Place) {
    Place::postgres().await.migrated().await
}

/// An empty, migrated database on the MariaDB server of this run.
pub(crate) async fn mariadb() -> (Arc<dyn Store>, Place) {
    Place::mariadb().await.migrated().await
}
