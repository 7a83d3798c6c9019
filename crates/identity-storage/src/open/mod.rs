//! Opening and migrating a database.

mod file;
mod migration_lock;
mod pooler;
mod server;
mod sqlite;
mod url;

use std::time::Duration;

use identity_core::change::Unavailable;
use sea_orm::{DatabaseConnection, DbErr, EntityTrait as _};
use sea_orm_migration::{MigratorTrait as _, SchemaManager, seaql_migrations};
use tokio::time::timeout;

pub(crate) use self::file::OpenedFile;
pub use self::url::DatabaseUrl;
use self::{server::Kind, sqlite::Role, url::DatabasePlace};
use crate::{
    connections::{Connections, Health},
    error::{StorageError, unavailable},
    migration::Migrator,
    session::Lookups,
    write::{Probe, Writes},
};

/// How many connections to a server look sessions up and do nothing else: logins that are refused hold up nobody who is logged in. Two,
/// so that one of which nothing is heard any more does not hold up everybody.
const SESSION_CONNECTIONS: u32 = 2;

/// A store over a SQL database.
#[derive(Clone)]
pub struct Storage {
    url: DatabaseUrl,
    pub(crate) reads: Connections,
    pub(crate) writes: Writes,
    /// What sessions are looked up by.
    sessions: Connections,
    pub(crate) lookups: Lookups,
    pub(crate) probe: Probe,
}

/// How much of a database server a store uses.
#[derive(Clone, Copy, Debug)]
pub struct PoolLimits {
    /// The most connections at a time, 3 at least. By default 16. Two of them look sessions up and do nothing else. An SQLite file has a
    /// fixed number.
    pub max_connections: u32,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self { max_connections: 16 }
    }
}

impl Storage {
    /// Opens a database; an SQLite file that is not there is created. Its schema is as it was: see [`migrate`](Self::migrate).
    ///
    /// # Errors
    /// [`StorageError`] says where it is and what is in the way.
    pub async fn open(url: &DatabaseUrl, limits: PoolLimits) -> Result<Self, StorageError> {
        Self::open_with(url, limits, &|_| {}).await
    }

    /// As [`open`](Self::open), preparing each connection or pool before its first use.
    pub(crate) async fn open_with(
        url: &DatabaseUrl,
        limits: PoolLimits,
        prepare: &(dyn Fn(&mut DatabaseConnection) + Sync),
    ) -> Result<Self, StorageError> {
        let prepared = |mut connection| {
            prepare(&mut connection);
            connection
        };
        let (kind, server) = match url.place()? {
            DatabasePlace::Sqlite(path) => {
                let writer = prepared(sqlite::open(&path, 1, Role::Writer).await?);
                let file = sqlite::opened(&path)?;
                let reads = prepared(sqlite::open(&path, sqlite::READERS, Role::Reader).await?);
                let sessions = prepared(sqlite::open(&path, 1, Role::Reader).await?);
                let of_file = |connection| Connections::to_file(connection, file.clone());
                return Ok(Self::over(url, of_file(reads), of_file(sessions), Writes::grouped(writer, file.clone())));
            }
            DatabasePlace::Postgres(server) => (Kind::Postgres, server),
            DatabasePlace::MySql(server) => (Kind::MySql, server),
        };
        server::knock(kind, &server).await?;
        let health = Health::default();
        let others = limits.max_connections.saturating_sub(SESSION_CONNECTIONS).max(1);
        let reads = prepared(server::pool(kind, &server, others, &health).await?);
        let reads = Connections::to_server(reads, health);
        let health = Health::default();
        let sessions = prepared(server::pool(kind, &server, SESSION_CONNECTIONS, &health).await?);
        Ok(Self::over(url, reads.clone(), Connections::to_server(sessions, health), Writes::pooled(reads)))
    }

    fn over(url: &DatabaseUrl, reads: Connections, sessions: Connections, writes: Writes) -> Self {
        let lookups = Lookups::start(sessions.clone());
        Self { url: url.clone(), reads, writes, sessions, lookups, probe: Probe::default() }
    }

    /// Brings the schema up to date. Doing it again changes nothing; of several processes at a time one does it. A schema that is
    /// newer than this program is left as it is: what a version adds, the version before it does not mind.
    ///
    /// # Errors
    /// [`StorageError::Migration`]; what was applied before stays applied.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        let (kind, server) = match self.url.place()? {
            DatabasePlace::Sqlite(path) => {
                let _lock = migration_lock::on_file(&path).await?;
                let connection = sqlite::open(&path, 1, Role::Writer).await?;
                bring_up_to_date(&connection).await?;
                return connection.close().await.map_err(StorageError::Migration);
            }
            DatabasePlace::Postgres(server) => (Kind::Postgres, server),
            DatabasePlace::MySql(server) => (Kind::MySql, server),
        };
        let connection = server::one(&server).await?;
        migration_lock::on_server(kind, &connection).await?;
        let migrated = bring_up_to_date(&connection).await;
        connection.close().await.map_err(StorageError::Migration)?;
        migrated
    }

    /// The names of the migrations that [`migrate`](Self::migrate) would apply. Changes nothing.
    ///
    /// # Errors
    /// [`StorageError::Migration`]
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StorageError> {
        pending(self.reads.pool()).await.map_err(StorageError::Migration)
    }

    /// Waits for what is being committed, and closes every connection.
    ///
    /// # Errors
    /// [`Unavailable`] where a connection did not close.
    pub async fn close(self) -> Result<(), Unavailable> {
        in_time("the writer", self.writes.close()).await?;
        in_time("the readers of sessions", async { self.sessions.close().await.map_err(unavailable) }).await?;
        in_time("the readers", async { self.reads.close().await.map_err(unavailable) }).await
    }
}

/// How long each part of the store may take to close.
const LONGEST_CLOSE: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error)]
#[error("{0} did not close within 10 seconds")]
struct StillOpen(&'static str);

async fn in_time(part: &'static str, closing: impl Future<Output = Result<(), Unavailable>>) -> Result<(), Unavailable> {
    timeout(LONGEST_CLOSE, closing).await.unwrap_or_else(|_| Err(Unavailable::new("storage", StillOpen(part))))
}

async fn bring_up_to_date(connection: &DatabaseConnection) -> Result<(), StorageError> {
    if pending(connection).await.map_err(StorageError::Migration)?.is_empty() {
        return Ok(());
    }
    Migrator::up(connection, None).await.map_err(StorageError::Migration)
}

/// The names of our migrations that have not been applied, oldest first. Others' are not ours to miss.
async fn pending(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let ours = Migrator::migrations().into_iter().map(|migration| migration.name().to_owned());
    if !SchemaManager::new(connection).has_table("seaql_migrations").await? {
        return Ok(ours.collect());
    }
    let applied = seaql_migrations::Entity::find().all(connection).await?;
    Ok(ours.filter(|name| applied.iter().all(|row| row.version != *name)).collect())
}

/// Connections of one's own that may write; one to an SQLite file.
#[cfg(feature = "testing")]
pub(crate) async fn write_connections(url: &DatabaseUrl, connections: u32) -> Result<DatabaseConnection, StorageError> {
    match url.place()? {
        DatabasePlace::Sqlite(path) => sqlite::open(&path, 1, Role::Writer).await,
        DatabasePlace::Postgres(server) => server::pool(Kind::Postgres, &server, connections, &Health::default()).await,
        DatabasePlace::MySql(server) => server::pool(Kind::MySql, &server, connections, &Health::default()).await,
    }
}
