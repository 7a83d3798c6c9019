//! Reads of accounts.

use async_trait::async_trait;

use super::{Cursor, Page};
use crate::{
    change::Unavailable,
    model::{
        access::Scope,
        account::{Account, AccountState},
        password::{Password, PasswordHash},
        privacy::Tombstone,
    },
    value::{AccountId, CompanyId, RoleKey, Timestamp},
};

/// What a login is checked against, as of one read.
#[derive(Clone, Debug)]
pub struct AccountWithPassword {
    /// The account.
    pub account: Account,
    /// Its password.
    pub password: Password,
}

/// A question for a list of accounts.
#[derive(Clone, Debug)]
pub struct AccountQuery {
    /// Of all companies or of one.
    pub scope: Scope,
    /// Only those in this state.
    pub state: Option<AccountState>,
    /// Only those that hold this role.
    pub role: Option<RoleKey>,
    /// Only addresses that start with this canonical text.
    pub address_prefix: Option<String>,
    /// Only those after this one in the order of the list.
    pub after: Cursor<AccountId>,
    /// The most rows, from 1 to 200.
    pub limit: u16,
}

/// Reads of accounts.
#[async_trait]
pub trait AccountReads: Send + Sync {
    /// The account with that id.
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable>;

    /// The account with that canonical address, compared byte by byte.
    async fn account_by_address(&self, canonical: &str) -> Result<Option<Account>, Unavailable>;

    /// The account with that canonical address and its password, in one statement.
    async fn login_candidate(&self, canonical: &str) -> Result<Option<AccountWithPassword>, Unavailable>;

    /// The account with that id and its password, in one statement.
    async fn credential(&self, id: AccountId) -> Result<Option<AccountWithPassword>, Unavailable>;

    /// The passwords that an account had before, the last one first; `limit` from 1 to 100.
    async fn retired_passwords(&self, account: AccountId, limit: u32) -> Result<Vec<PasswordHash>, Unavailable>;

    /// A part of the list of accounts: newest first; where the beginning of an address is asked for, by address, byte by byte, where
    /// nothing comes after an account that is not there.
    async fn accounts(&self, query: &AccountQuery) -> Result<Page<Account, AccountId>, Unavailable>;

    /// The active accounts that hold a role, in one company or anywhere, the longest there first; `limit` from 1 to 200.
    async fn accounts_with_role(&self, role: &RoleKey, company: Option<CompanyId>, limit: u16)
    -> Result<Vec<Account>, Unavailable>;

    /// The active account that has been there longest among those that hold a role, in one company or anywhere.
    async fn first_account_with_role(&self, role: &RoleKey, company: Option<CompanyId>) -> Result<Option<Account>, Unavailable>;

    /// The accounts whose deletion is due at `now`, by when it came due and then by id, after the one named; `limit` from 1 to 200.
    async fn accounts_to_erase(
        &self,
        now: Timestamp,
        after: Option<(Timestamp, AccountId)>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable>;

    /// What stays of an account with that id that was erased.
    async fn tombstone(&self, id: AccountId) -> Result<Option<Tombstone>, Unavailable>;
}
