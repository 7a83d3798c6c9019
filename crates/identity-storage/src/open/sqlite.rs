//! Opening an SQLite file.

use std::{path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::{
        self, Connection as _,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use super::file::{self, OpenedFile};
use crate::error::StorageError;

/// Readers beside the one writer.
pub(super) const READERS: u32 = 4;

/// Opens the file for so many connections of one role; a writer creates it where it is not there.
pub(super) async fn open(path: &Path, connections: u32, role: Role) -> Result<DatabaseConnection, StorageError> {
    check_place(path)?;
    if matches!(role, Role::Writer) {
        file::create(path).map_err(|error| failed(path, DbErr::Custom(error.to_string())))?;
        file::close_to_others(path);
    }
    let options = options(path, connections, role);
    Database::connect(options).await.map_err(|source| failed(path, source))
}

/// The file that is at the path, to be told from another one later.
pub(super) fn opened(path: &Path) -> Result<OpenedFile, StorageError> {
    OpenedFile::at(path).map_err(|error| failed(path, DbErr::Custom(error.to_string())))
}

fn failed(path: &Path, source: DbErr) -> StorageError {
    StorageError::Open { place: path.display().to_string(), source }
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

/// What a connection is for.
#[derive(Clone, Copy)]
pub(super) enum Role {
    Writer,
    Reader,
}

fn options(path: &Path, connections: u32, role: Role) -> ConnectOptions {
    // The path itself is set below: in a URL it would be decoded.
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite::memory:");
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
            .filename(&path)
            .in_memory(false)
            .shared_cache(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(256)
            // It was made when it was first opened: a connection that comes later begins no empty database in its place.
            .create_if_missing(false);
        match role {
            // What was erased is overwritten, not only forgotten.
            Role::Writer => options.pragma("secure_delete", "ON"),
            Role::Reader => options.pragma("query_only", "ON"),
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
