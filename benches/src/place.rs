//! What the figures are taken on: SQLite, and the servers that this run was given.

use std::{error::Error, fmt};

use identity_storage::testing::make_database;
use tempfile::TempDir;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
    MariaDb,
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
        })
    }
}

/// A database of one's own.
pub(crate) struct TempStore {
    pub(crate) kind: Kind,
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

/// The URL of the server of a kind, where one was given.
fn server(kind: Kind) -> Option<String> {
    let variable = match kind {
        Kind::Sqlite => return None,
        Kind::Postgres => "IDENTITY_TEST_POSTGRES",
        Kind::MariaDb => "IDENTITY_TEST_MARIADB",
    };
    std::env::var(variable).ok()
}

/// The kinds that figures can be taken on; says which are left out.
pub(crate) fn kinds() -> Vec<Kind> {
    let (there, missing): (Vec<_>, Vec<_>) = [Kind::Sqlite, Kind::Postgres, Kind::MariaDb]
        .into_iter()
        .partition(|kind| *kind == Kind::Sqlite || server(*kind).is_some());
    for kind in missing {
        println!("no figures on {kind}: there is no server");
    }
    there
}

impl TempStore {
    /// An empty database.
    pub(crate) async fn fresh(kind: Kind) -> Result<Self, Box<dyn Error + Send + Sync>> {
        match server(kind) {
            Some(server) => Ok(Self { kind, url: make_database(&server).await?, _folder: None }),
            None => {
                let folder = tempfile::tempdir()?;
                let url = format!("sqlite://{}", folder.path().join("identity.db").display());
                Ok(Self { kind, url, _folder: Some(folder) })
            }
        }
    }
}
