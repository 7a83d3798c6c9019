//! What can go wrong with a database, in the words of the core.

use identity_core::change::{CommitError, Entity, Rejection, Unavailable};
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// Why the database could not be opened or migrated.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The URL names no database that is supported.
    #[error("unknown kind of database: use sqlite://PATH, postgres://USER:PASSWORD@HOST/NAME or mysql://USER:PASSWORD@HOST/NAME")]
    UnknownKind,
    /// The URL of a server lacks a part.
    #[error("the URL of the database cannot be read: {0}")]
    BadUrl(&'static str),
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
    /// A pooler gives each transaction another connection of PostgreSQL, so that settings and prepared statements are lost.
    #[error(
        "{place} is a pooler that pools by transaction: set pool_mode = session for this database in PgBouncer, or name PostgreSQL \
         itself"
    )]
    TransactionPooling {
        /// Where it is, without credentials.
        place: String,
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

impl Failure {
    /// What the database said, where it failed.
    pub(crate) const fn database(&self) -> Option<&DbErr> {
        match self {
            Self::Database(error) => Some(error),
            Self::Rejected(_) => None,
        }
    }
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
fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// Whether it is the connection that failed, and another one may do: it broke, or it answers for a server that cannot write now.
pub(crate) fn is_of_the_connection(error: &DbErr) -> bool {
    match sqlx_error(error) {
        // Where the server ends a connection between two questions, what it says of that is no answer to the second.
        Some(sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed) => true,
        Some(sqlx::Error::Database(error)) => {
            if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                return is_end_of_postgres(error.code());
            }
            error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().is_some_and(|error| is_end_of_mysql(error.number()))
        }
        _ => false,
    }
}

/// Whether doing the whole transaction again may help: it was in another's way, or another connection may do.
pub(crate) fn is_worth_a_retry(error: &DbErr) -> bool {
    is_of_the_connection(error) || is_in_anothers_way(error)
}

fn is_in_anothers_way(error: &DbErr) -> bool {
    let Some(error) = sqlx_error(error) else { return false };
    match error {
        sqlx::Error::Database(error) => {
            if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
                return is_passing_in_postgres(error.code());
            }
            if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
                return is_passing_in_mysql(error.number());
            }
            error.code().and_then(|code| code.parse().ok()).is_some_and(is_passing_in_sqlite)
        }
        _ => false,
    }
}

/// Busy and locked, in all their variants.
const fn is_passing_in_sqlite(code: i32) -> bool {
    matches!(code & 0xff, 5 | 6)
}

/// A serialisation failure, a deadlock, a lock that was waited for too long.
fn is_passing_in_postgres(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "55P03")
}

/// A connection that the server ended, and one to a server that is a standby now.
fn is_end_of_postgres(code: &str) -> bool {
    matches!(code, "57P01" | "57P02" | "57P03" | "25006") || code.starts_with("08")
}

/// A deadlock (also at COMMIT, as clusters answer), a lock that was waited for too long, a row that changed since the snapshot.
const fn is_passing_in_mysql(code: u16) -> bool {
    matches!(code, 1213 | 1205 | 1020)
}

/// A connection that the server ended (1053, 1927), and one to a server that is read-only (1290, 1792, 1836) or not ready (1047) now.
const fn is_end_of_mysql(code: u16) -> bool {
    matches!(code, 1047 | 1053 | 1290 | 1792 | 1836 | 1927)
}

/// A unique index beside the primary key, as databases name it when it is violated: SQLite by its column, the others by itself.
#[derive(Clone, Copy)]
pub(crate) struct Unique {
    pub(crate) column: &'static str,
    pub(crate) index: &'static str,
}

impl Unique {
    fn is_violated_by(self, error: &DbErr, message: &str) -> bool {
        let constraint = sqlx_error(error).and_then(sqlx::Error::as_database_error).and_then(|error| error.constraint());
        // PostgreSQL tells apart from its message, which is in any language; MySQL quotes the name at the message's end.
        constraint.map_or_else(
            || message.ends_with(self.column) || message.trim_end_matches(|end: char| !end.is_alphanumeric()).ends_with(self.index),
            |constraint| constraint == self.index,
        )
    }
}

/// Translates the violation of a constraint by an insert. `unique` tells which index, other than the primary key, means something
/// else than "exists".
pub(crate) fn insert_failure(error: DbErr, entity: Entity, unique: Option<(Unique, Rejection)>) -> Failure {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(message)) => {
            let special = unique.filter(|(unique, _)| unique.is_violated_by(&error, &message)).map(|(_, rejection)| rejection);
            Failure::Rejected(special.unwrap_or(Rejection::Exists(entity)))
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => Failure::Rejected(Rejection::Orphaned(entity)),
        _ => Failure::Database(error),
    }
}
