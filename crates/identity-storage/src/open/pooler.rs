//! A pooler between us and a PostgreSQL server.

use sea_orm::sqlx::{self, ConnectOptions as _, Connection as _, PgConnection, Row as _, postgres::PgConnectOptions};

/// How often two connections are compared: others who use the pooler at the same time can make them look apart once.
const ROUNDS: usize = 5;

/// Whether a pooler hands each transaction to whatever connection of the server is free. Seen from two connections, each of which has
/// a process of the server of its own, and always the same one, where it does not.
pub(super) async fn is_by_transaction(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let (mut one, mut other) = (options.connect().await?, options.connect().await?);
    let mut served = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        served.push((process_of(&mut one).await?, process_of(&mut other).await?));
    }
    one.close().await?;
    other.close().await?;
    Ok(served.iter().any(|pair| pair.0 == pair.1) || served.windows(2).any(|two| two.first() != two.last()))
}

/// Asked without a prepared statement, which such a pooler would lose.
async fn process_of(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::raw_sql("SELECT pg_backend_pid()").fetch_one(connection).await?.try_get(0)
}
