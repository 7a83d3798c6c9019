//! One's own data: taken along, deleted, and erased.

mod delete;
mod erase;
mod export;

pub(crate) use delete::deletion_undone;
pub use delete::{DeleteAccount, DeleteAccountError, UndoDeletionError};
pub use erase::{EraseAccounts, Erased};
pub use export::{ExportOwnData, ExportOwnDataError, KeptSession, OwnData};

use crate::{
    account::Account,
    change::Unavailable,
    port::Ports,
    value::{AccountId, CompanyId, RoleKey, Timestamp},
};

/// What stays of an account that was erased, so that whatever names it is known to name somebody who is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The account's id.
    pub id: AccountId,
    /// The company it belonged to.
    pub company: CompanyId,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was erased.
    pub erased_at: Timestamp,
}

/// Another active operator who stays: an installation keeps one.
async fn operator_beside(ports: &Ports, account: &Account) -> Result<Option<Account>, Unavailable> {
    let accounts_with_role = ports.store.accounts_with_role(&RoleKey::operator(), None, 200).await?;
    Ok(accounts_with_role.into_iter().find(|other| other.id != account.id && other.deletion.is_none()))
}
