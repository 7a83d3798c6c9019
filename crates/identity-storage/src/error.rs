//! What can go wrong with a database, in the words of the core.

use identity_core::change::{CommitError, Entity, Rejection, Unavailable};
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// Why the database could not be opened or migrated.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The URL names no database that is supported.
    #[error("unknown kind of database: use sqlite://PATH")]
    UnknownKind,
    /// The database did not open.
    #[error("the database {place} cannot be opened")]
    Open {
        /// Where it is, without credentials.
        place: String,
        /// What the driver said.
        #[source]
        source: DbErr,
    },
    /// The file is not a place a database can be.
    #[error("{place} is {what}: database.url must name a file that can be written")]
    Place {
        /// The path.
        place: String,
        /// What is there.
        what: &'static str,
    },
    /// A migration failed.
    #[error("the database could not be migrated")]
    Migration(#[source] DbErr),
}

/// A row that this program did not write, or not in this version.
#[derive(Debug, thiserror::Error)]
#[error("a row of {0} cannot be read")]
pub(crate) struct Corrupt(pub(crate) &'static str);

/// Why a set was not applied.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A guard did not hold: the savepoint is rolled back, the group goes on.
    Rejected(Rejection),
    /// The database failed: the group is lost, and tried again where that may help.
    Database(DbErr),
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

pub(crate) fn unavailable(error: DbErr) -> Unavailable {
    Unavailable::new("storage", error)
}

pub(crate) fn corrupt(table: &'static str) -> Unavailable {
    Unavailable::new("storage", Corrupt(table))
}

pub(crate) fn commit_error(error: DbErr) -> CommitError {
    CommitError::Unavailable(unavailable(error))
}

/// The driver's own error, where this is one.
fn driver(error: &DbErr) -> Option<&dyn sqlx::error::DatabaseError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => error.as_database_error(),
        _ => None,
    }
}

/// Whether replaying the whole transaction may help: SQLite's busy and locked.
pub(crate) fn is_worth_a_retry(error: &DbErr) -> bool {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    let code = driver(error).and_then(|error| error.code()?.parse::<i32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, BUSY | LOCKED))
}

/// Translates the violation of a constraint by an insert. `column` tells which unique column, other than the primary key,
/// means something else than "exists".
pub(crate) fn insert_failure(error: DbErr, entity: Entity, column: Option<(&str, Rejection)>) -> Failure {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(message)) => {
            let special = column.filter(|(name, _)| message.ends_with(name)).map(|(_, rejection)| rejection);
            Failure::Rejected(special.unwrap_or(Rejection::Exists(entity)))
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Failure::Rejected(Rejection::Orphaned(entity)),
        _ => Failure::Database(error),
    }
}
