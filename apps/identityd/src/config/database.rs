//! `[database]`: where everything is kept.

use std::path::PathBuf;

use anyhow::Error;
use identity_storage::PoolLimits;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{
    secret::secret,
    typed::{Number, Secret, Text},
};

/// The database: SQLite, PostgreSQL or MariaDB.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Database {
    /// The address of the database, such as `postgres://user:password@host/name`.
    #[schemars(extend("x-default" = "sqlite://{data_dir}/identity.db"))]
    url: Option<Secret>,
    /// The file that holds `database.url`.
    #[schemars(with = "Option<Text<String>>")]
    url_file: Option<PathBuf>,
    /// How many connections to a database server each process has, 3 at least. Two of them look sessions up and do nothing else. An SQLite
    /// file has a fixed number.
    max_connections: Number<1, 1000>,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, url_file: None, max_connections: Number::new(PoolLimits::default().max_connections) }
    }
}

impl Database {
    pub(super) fn url(&self) -> Result<Option<SecretString>, Error> {
        secret("database.url", self.url.as_ref(), self.url_file.as_ref())
    }

    pub(super) fn limits(&self) -> PoolLimits {
        PoolLimits { max_connections: self.max_connections.get() }
    }
}
