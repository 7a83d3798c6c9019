//! What tests and benchmarks need and no service does: databases that have grown, and every statement as it is asked.

mod place;
mod population;

use sea_orm::DatabaseConnection;

pub use self::{
    place::make_database,
    population::{Population, analyse, populate, populate_unseen},
};
use crate::{DatabaseUrl, PoolLimits, Storage, StorageError, open::write_connections};

/// What was asked of a database: the statement with its values.
pub type Asked = sea_orm::Statement;

/// So many connections like those that the store reads and writes through; one to an SQLite file.
///
/// # Errors
/// As [`Storage::open`].
pub async fn connect_as_the_store(url: &DatabaseUrl, connections: u32) -> Result<DatabaseConnection, StorageError> {
    write_connections(url, connections).await
}

impl Storage {
    /// As [`open`](Self::open), telling `observe` of every statement.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_observed(
        url: &DatabaseUrl,
        limits: PoolLimits,
        observe: impl Fn(&Asked) + Clone + Send + Sync + 'static,
    ) -> Result<Self, StorageError> {
        let observed = |connection: &mut DatabaseConnection| {
            let observe = observe.clone();
            connection.set_metric_callback(move |info| observe(info.statement));
        };
        Self::open_with(url, limits, &observed).await
    }
}
