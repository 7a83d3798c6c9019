//! What tests and benchmarks need and no service does: databases that have grown, and every statement as it is asked.

mod place;
mod population;

use sea_orm::DatabaseConnection;

pub use self::{
    place::make_database,
    population::{Population, analyse, populate, populate_unseen},
};
use crate::{DatabaseUrl, PoolLimits, Storage, StorageError, open::write_connection};

/// What was asked of a database: the statement with its values.
pub type Asked = sea_orm::Statement;

/// A connection like those that the store reads and writes through.
///
/// # Errors
/// As [`Storage::open`].
pub async fn connect_as_the_store(url: &DatabaseUrl) -> Result<DatabaseConnection, StorageError> {
    write_connection(url).await
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
