//! Databases of one's own on a server that others use too.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};

use crate::StorageError;

/// Makes an empty database with a name that no other has; its URL. `server` is the URL of any database of that server, as a user who
/// may make more.
///
/// # Errors
/// [`StorageError`]
pub async fn make_database(server: &str) -> Result<String, StorageError> {
    let failed = StorageError::Migration;
    // Seeded by the operating system, and different at every call.
    let half = || RandomState::new().hash_one(std::process::id());
    let name = format!("test_{:016x}{:016x}", half(), half());
    let mut options = ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false).max_lifetime(None::<Duration>).idle_timeout(None::<Duration>);
    let connection = Database::connect(options).await.map_err(failed)?;
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    let (before, _) = server.rsplit_once('/').ok_or(StorageError::BadUrl("it has no path"))?;
    Ok(format!("{before}/{name}"))
}
