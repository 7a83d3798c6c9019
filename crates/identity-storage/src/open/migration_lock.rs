//! Doing something in one process at a time.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    time::Duration,
};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr, Statement};

use super::{file, server::Kind};
use crate::error::StorageError;

/// How long and how often another process is waited for.
const TRIES: u32 = 3000;
const PAUSE: Duration = Duration::from_millis(200);

/// Waits until no other process has the lock of a server's database; it goes with this connection.
///
/// Asked again and again instead of waited for: a statement that waits keeps PostgreSQL from building an index beside writers.
pub(super) async fn on_server(kind: Kind, connection: &DatabaseConnection) -> Result<(), StorageError> {
    let lock = match kind {
        Kind::Postgres => "SELECT CAST(pg_try_advisory_lock(7594859362841389177) AS INT)::BIGINT",
        Kind::MySql => "SELECT CAST(GET_LOCK(LEFT(CONCAT('identity.', DATABASE()), 64), 0) AS SIGNED)",
    };
    for _ in 0..TRIES {
        let statement = Statement::from_string(connection.get_database_backend(), lock);
        let answer = connection.query_one_raw(statement).await.map_err(StorageError::Migration)?;
        if matches!(answer.map(|row| row.try_get_by_index::<Option<i64>>(0)), Some(Ok(Some(1)))) {
            return Ok(());
        }
        pause().await;
    }
    Err(still_busy())
}

/// Waits until no other process has the lock of an SQLite file; it goes with what is answered. The lock is on a file beside it: SQLite
/// loses its own locks where somebody else closes the file that they are on.
pub(super) async fn on_file(path: &Path) -> Result<File, StorageError> {
    let place = path.with_added_extension("lock");
    let failed =
        |error: io::Error| StorageError::Migration(DbErr::Custom(format!("{} cannot be locked: {error}", place.display())));
    let file = file::open_lock(&place).map_err(failed)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => pause().await,
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    Err(still_busy())
}

fn still_busy() -> StorageError {
    StorageError::Migration(DbErr::Custom("another process has been migrating this database for ten minutes".to_owned()))
}

#[expect(clippy::disallowed_methods, reason = "another process does not tell when it is done")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}
