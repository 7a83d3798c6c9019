//! Connecting to a PostgreSQL or MySQL server.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr,
    sqlx::{self, ConnectOptions as _, Connection, Executor, MySqlConnection, postgres::PgConnectOptions},
};
use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use super::{pooler, url::Server};
use crate::{
    connections::{Health, check},
    error::StorageError,
};

/// How long a connection is waited for.
const ACQUIRED_WITHIN: Duration = Duration::from_secs(5);

/// How a connection to PostgreSQL is set. Guards are evaluated again behind a lock only at READ COMMITTED; nothing waits longer than a
/// request may; an abandoned transaction holds nobody up; nothing is sorted that an index has in order, whatever the statistics say or do
/// not say of how little it would be; no query is compiled first, which takes longer than each of ours.
const POSTGRES: [&str; 5] = [
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "SET lock_timeout = '5s'",
    "SET statement_timeout = '15s'",
    "SET idle_in_transaction_session_timeout = '30s'",
    // Those of them that this version of the server knows.
    "SELECT set_config(name, 'off', false) FROM pg_settings WHERE name IN ('enable_sort', 'enable_incremental_sort', 'jit')",
];

/// How a connection to MySQL or MariaDB is set: as to PostgreSQL, and nothing is cut to fit.
const MYSQL: [&str; 2] = [
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), innodb_lock_wait_timeout = 5",
];

/// What of a server is asked for.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Postgres,
    MySql,
}

/// A pool of connections for reads and writes.
///
/// Each is checked before it is used and when it is given back, and replaced where it does not do.
pub(super) async fn pool(
    kind: Kind,
    server: &Server,
    connections: u32,
    health: &Health,
) -> Result<DatabaseConnection, StorageError> {
    let mut options = options(server, connections);
    options.min_connections(1).test_before_acquire(false);
    // What is set here is set for each connection: what sea-orm does after it connected, it does once for the whole pool.
    match kind {
        Kind::Postgres => {
            let health = health.clone();
            options.map_sqlx_postgres_before_acquire(move |connection, meta| {
                let health = health.clone();
                Box::pin(async move { health.admits(connection, &meta).await })
            });
            options.map_sqlx_postgres_pool_opts(|pool| {
                pool.after_connect(|connection, _| Box::pin(set(connection, &POSTGRES)))
                    .after_release(|connection, _| Box::pin(async { check(connection).await.map(|()| true) }))
            });
        }
        Kind::MySql => {
            let health = health.clone();
            options.map_sqlx_mysql_before_acquire(move |connection, meta| {
                let health = health.clone();
                Box::pin(async move { health.admits(connection, &meta).await })
            });
            options.map_sqlx_mysql_pool_opts(|pool| {
                pool.after_connect(|connection, _| Box::pin(set(connection, &MYSQL)))
                    .after_release(|connection, _| Box::pin(async { check(connection).await.map(|()| true) }))
            });
        }
    }
    connect(server, options).await
}

/// Sets a connection.
async fn set<C>(connection: &mut C, settings: &'static [&'static str]) -> Result<(), sqlx::Error>
where
    C: Connection,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    for setting in settings {
        connection.execute(*setting).await?;
    }
    Ok(())
}

/// Connects and sets a connection before a pool does: a pool tries for seconds, and then says nothing of what is in the way.
pub(super) async fn knock(kind: Kind, server: &Server) -> Result<(), StorageError> {
    let url = server.url.expose_secret();
    let knocked = async {
        match kind {
            Kind::Postgres => {
                let options = plain(url.parse()?);
                if pooler::is_by_transaction(&options).await? {
                    return Ok(true);
                }
                let mut connection = options.connect().await?;
                set(&mut connection, &POSTGRES).await?;
                connection.close().await.map(|()| false)
            }
            Kind::MySql => {
                let mut connection = MySqlConnection::connect(url).await?;
                set(&mut connection, &MYSQL).await?;
                connection.close().await.map(|()| false)
            }
        }
    };
    match timeout(ACQUIRED_WITHIN, knocked).await.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
        Ok(false) => Ok(()),
        Ok(true) => Err(StorageError::TransactionPooling { place: server.shown.clone() }),
        Err(error) => Err(server.failed(DbErr::Conn(RuntimeErr::SqlxError(error.into())))),
    }
}

/// Without a parameter that PgBouncer refuses and nothing here needs.
fn plain(options: PgConnectOptions) -> PgConnectOptions {
    options.extra_float_digits(None)
}

/// One connection that stays the same until it is closed, for migrations: they may wait as long as they must.
pub(super) async fn one(server: &Server) -> Result<DatabaseConnection, StorageError> {
    let mut options = options(server, 1);
    options.test_before_acquire(false);
    connect(server, options).await
}

fn options(server: &Server, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(server.url.expose_secret().to_owned());
    // Statements hold addresses.
    options.max_connections(connections).acquire_timeout(ACQUIRED_WITHIN).sqlx_logging(false);
    // With either of them the driver looks through its idle connections, and can go on looking for ever (sqlx 0.9.0, issue 3645): a
    // thread of the runtime then does nothing else, and the process does not end. Connections are checked when they are used.
    options.max_lifetime(None::<Duration>).idle_timeout(None::<Duration>).map_sqlx_postgres_opts(plain);
    options
}

async fn connect(server: &Server, options: ConnectOptions) -> Result<DatabaseConnection, StorageError> {
    Database::connect(options).await.map_err(|source| server.failed(source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::{DatabaseUrl, url::DatabasePlace};

    /// A pool that does hangs the process, rarely and for good.
    #[test]
    fn no_pool_looks_through_its_idle_connections() {
        let url = DatabaseUrl::new("postgres://identity:secret@db.example/identity".into());
        let Ok(DatabasePlace::Postgres(server)) = url.place() else { panic!("a server") };
        let options = options(&server, 8);
        assert_eq!((options.get_max_lifetime(), options.get_idle_timeout()), (Some(None), Some(None)));
    }
}
