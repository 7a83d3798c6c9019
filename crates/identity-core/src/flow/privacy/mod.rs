//! One's own data: taken along, deleted, and erased.

mod delete;
mod erase;
mod export;
mod operator;

pub(crate) use delete::deletion_undone;
pub use delete::{DeleteAccount, DeleteAccountError, UndoDeletionError};
pub use erase::{EraseAccounts, Erased};
pub use export::{ExportOwnData, ExportOwnDataError, KeptSession, OwnData};
