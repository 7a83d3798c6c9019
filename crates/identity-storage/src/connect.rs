//! Opening and migrating a database.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use identity_core::change::Unavailable;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection,
    sqlx::{
        self, Connection as _,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::MigratorTrait as _;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    commit::Writer,
    error::{StorageError, unavailable},
    migration::Migrator,
    session::Lookups,
};

/// Where a database is. May hold credentials, so it is never shown.
#[derive(Clone, Debug)]
pub struct DatabaseUrl(SecretString);

impl DatabaseUrl {
    /// A URL: `sqlite:///absolute/path` or `sqlite://relative/path`.
    #[must_use]
    pub const fn new(url: SecretString) -> Self {
        Self(url)
    }

    /// Whether there is a file for [`Storage::open`] to open, or none is needed; where not, it would be created.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.sqlite_path().is_none_or(|path| path.exists())
    }

    fn sqlite_path(&self) -> Option<PathBuf> {
        let path = self.0.expose_secret().strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }
}

/// A store over a SQL database.
#[derive(Clone, Debug)]
pub struct Storage {
    pub(crate) reads: DatabaseConnection,
    pub(crate) writer: Writer,
    pub(crate) lookups: Lookups,
}

/// Readers beside the one writer.
const READERS: u32 = 4;

impl Storage {
    /// Opens a database; one that is not there is created. Its schema is as it was: see [`migrate`](Self::migrate).
    ///
    /// # Errors
    /// [`StorageError`] says where it is and what is in the way.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, StorageError> {
        let path = url.sqlite_path().ok_or(StorageError::UnknownKind)?;
        check_place(&path)?;
        let open = async |max, role| {
            let options = sqlite(&url.0, max, role);
            Database::connect(options).await.map_err(|source| StorageError::Open { place: path.display().to_string(), source })
        };
        let writer = open(1, Role::Writer).await?;
        let reads = open(READERS, Role::Reader).await?;
        Ok(Self { lookups: Lookups::start(reads.clone()), reads, writer: Writer::start(writer) })
    }

    /// Brings the schema up to date. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`StorageError::Migration`]; what was applied before stays applied.
    pub async fn migrate(&self) -> Result<(), StorageError> {
        Migrator::up(self.writer.connection(), None).await.map_err(StorageError::Migration)
    }

    /// The names of the migrations that [`migrate`](Self::migrate) would apply. Changes nothing.
    ///
    /// # Errors
    /// [`StorageError::Migration`]
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StorageError> {
        let pending = Migrator::get_pending_migrations_read_only(&self.reads).await.map_err(StorageError::Migration)?;
        Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
    }

    /// Waits for what is being committed, and closes every connection.
    ///
    /// # Errors
    /// [`Unavailable`] where a connection did not close.
    pub async fn close(self) -> Result<(), Unavailable> {
        self.writer.close().await?;
        self.reads.close().await.map_err(unavailable)
    }

    pub(crate) async fn ping_reads(&self) -> Result<(), Unavailable> {
        self.reads.execute_unprepared("SELECT 1").await.map(|_| ()).map_err(unavailable)
    }
}

fn check_place(path: &Path) -> Result<(), StorageError> {
    let place = || path.display().to_string();
    if path.as_os_str().is_empty() {
        return Err(StorageError::Place { place: place(), what: "no path" });
    }
    if path.is_dir() {
        return Err(StorageError::Place { place: place(), what: "a directory" });
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            Err(StorageError::Place { place: place(), what: "in a folder that does not exist" })
        }
        _ => Ok(()),
    }
}

#[derive(Clone, Copy)]
enum Role {
    Writer,
    Reader,
}

fn sqlite(url: &SecretString, connections: u32, role: Role) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.expose_secret().to_owned());
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        // The database is in this process: asking it whether it is there costs as much as the read itself.
        .test_before_acquire(false)
        // Statements hold addresses.
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options| {
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(256);
        match role {
            Role::Writer => options.create_if_missing(true),
            Role::Reader => options.create_if_missing(false).pragma("query_only", "ON"),
        }
    });
    if matches!(role, Role::Writer) {
        // SQLite ends a transaction by itself when the disk is full; such a connection is not used again.
        options.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection: &mut sqlx::SqliteConnection, _| {
                Box::pin(async move {
                    connection.ping().await?;
                    Ok(!connection.is_in_transaction())
                })
            })
        });
    }
    options
}
