//! The last operator stays.

use crate::{change::Unavailable, model::account::Account, port::Ports, value::RoleKey};

/// Another active operator who stays: an installation keeps one.
pub(super) async fn operator_beside(ports: &Ports, account: &Account) -> Result<Option<Account>, Unavailable> {
    let accounts_with_role = ports.store.accounts_with_role(&RoleKey::operator(), None, 200).await?;
    Ok(accounts_with_role.into_iter().find(|other| other.id != account.id && other.deletion.is_none()))
}
