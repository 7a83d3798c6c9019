//! The rows of accounts.

use async_trait::async_trait;
use identity_core::{
    change::{AccountChange, Entity, Rejection, Unavailable},
    model::{access::Scope, account::Account, password::PasswordHash, privacy::Tombstone},
    port::{AccountQuery, AccountReads, AccountWithPassword, Page},
    value::{AccountId, CompanyId, EmailAddress, RoleKey, Timestamp},
};

use super::{
    MemoryStore, Persist,
    guard::{insert, require},
    state::{Grant, Grants, State},
};

impl State {
    pub(super) fn apply_to_account(&mut self, change: &AccountChange, at: Timestamp) -> Result<(), Rejection> {
        match change.clone() {
            AccountChange::Require { id, version } => {
                require(self.accounts.get(&id).is_some_and(|(account, _)| account.version == version), Entity::Account)
            }
            AccountChange::RequireSessionEpoch { id, epoch } => {
                require(self.accounts.get(&id).is_some_and(|(account, _)| account.session_epoch == epoch), Entity::Account)
            }
            AccountChange::Open { account, password, granted_by: by } => {
                self.account_is_possible(&account)?;
                self.grants.insert(account.id, Grants::default().of(&account, Grant { by, at: account.created_at }));
                insert(&mut self.accounts, account.id, (account, password), Entity::Account)
            }
            AccountChange::Revise { account, by } => {
                let before = account.version.saturating_sub(1);
                let stored = self
                    .accounts
                    .get_mut(&account.id)
                    .filter(|(stored, _)| stored.version == before)
                    .ok_or(Rejection::Changed(Entity::Account))?;
                let grants = self.grants.entry(account.id).or_default();
                *grants = grants.of(&account, Grant { by, at });
                // The address, the company and the time it was opened are not this change's to write.
                stored.0 = Account {
                    email: stored.0.email.clone(),
                    company: stored.0.company,
                    created_at: stored.0.created_at,
                    ..account
                };
                Ok(())
            }
            AccountChange::ChangeEmail { id, from, to } => self.change_email(id, &from, to, at),
            AccountChange::Erase { id, version, at } => self.erase(id, version, at),
        }
    }

    fn change_email(&mut self, id: AccountId, from: &EmailAddress, to: EmailAddress, at: Timestamp) -> Result<(), Rejection> {
        let stored = self.accounts.get(&id).filter(|(stored, _)| stored.email.canonical() == from.canonical());
        require(stored.is_some(), Entity::Account)?;
        self.address_is_free(to.canonical(), id, at)?;
        let stored = self.accounts.get_mut(&id).ok_or(Rejection::Changed(Entity::Account))?;
        stored.0.email = to;
        Ok(())
    }

    fn account_is_possible(&self, account: &Account) -> Result<(), Rejection> {
        // An id that is taken is another account's.
        let canonical = account.email.canonical();
        if self.accounts.values().any(|(other, _)| other.email.canonical() == canonical) {
            return Err(Rejection::AddressTaken);
        }
        if self.companies.contains_key(&account.company) { Ok(()) } else { Err(Rejection::Orphaned(Entity::Account)) }
    }

    fn login_candidate(&self, canonical: &str) -> Option<AccountWithPassword> {
        let found = self.accounts.values().find(|(account, _)| account.email.canonical() == canonical);
        found.map(|(account, password)| AccountWithPassword { account: account.clone(), password: password.clone() })
    }
}

fn is_in(account: &Account, query: &AccountQuery) -> bool {
    let in_scope = match query.scope {
        Scope::Everywhere => true,
        Scope::Company(company) => account.company == company,
    };
    let prefix = query.address_prefix.as_ref();
    in_scope
        && query.state.is_none_or(|state| account.state == state)
        && query.role.as_ref().is_none_or(|role| account.roles.contains(role))
        && prefix.is_none_or(|prefix| account.email.canonical().starts_with(prefix.as_str()))
}

/// In the order of the list, what comes after the cursor.
fn in_order<'a>(asked_for: impl DoubleEndedIterator<Item = &'a Account>, query: &AccountQuery) -> Vec<&'a Account> {
    if query.address_prefix.is_none() {
        return asked_for.rev().filter(|account| query.after.is_none_or(|after| account.id < after)).collect();
    }
    let mut by_address = asked_for.collect::<Vec<_>>();
    by_address.sort_by_key(|account| account.email.canonical());
    match query.after {
        None => by_address,
        Some(after) => by_address.into_iter().skip_while(|account| account.id != after).skip(1).collect(),
    }
}

#[async_trait]
impl<P: Persist> AccountReads for MemoryStore<P> {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        Ok(self.read("account")?.accounts.get(&id).map(|(account, _)| account.clone()))
    }

    async fn account_by_address(&self, canonical: &str) -> Result<Option<Account>, Unavailable> {
        Ok(self.read("account_by_address")?.login_candidate(canonical).map(|found| found.account))
    }

    async fn login_candidate(&self, canonical: &str) -> Result<Option<AccountWithPassword>, Unavailable> {
        Ok(self.read("login_candidate")?.login_candidate(canonical))
    }

    async fn credential(&self, id: AccountId) -> Result<Option<AccountWithPassword>, Unavailable> {
        let state = self.read("credential")?;
        let found = state.accounts.get(&id);
        Ok(found.map(|(account, password)| AccountWithPassword { account: account.clone(), password: password.clone() }))
    }

    async fn retired_passwords(&self, account: AccountId, limit: u32) -> Result<Vec<PasswordHash>, Unavailable> {
        let state = self.read("retired_passwords")?;
        let newest_first = state.retired_passwords.values().rev().filter(|retired| retired.account == account);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(newest_first.take(limit).map(|retired| retired.hash.clone()).collect())
    }

    async fn accounts(&self, query: &AccountQuery) -> Result<Page<Account, AccountId>, Unavailable> {
        let state = self.read("accounts")?;
        let asked_for = state.accounts.values().map(|(account, _)| account).filter(|account| is_in(account, query));
        let mut found = in_order(asked_for, query).into_iter();
        let items = found.by_ref().take(query.limit.into()).cloned().collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|account| account.id);
        Ok(Page { items, next })
    }

    async fn accounts_with_role(
        &self,
        role: &RoleKey,
        company: Option<CompanyId>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        let holds = |account: &&Account| {
            account.is_active() && account.roles.contains(role) && company.is_none_or(|company| account.company == company)
        };
        let state = self.read("accounts_with_role")?;
        let accounts = state.accounts.values().map(|(account, _)| account);
        Ok(accounts.filter(holds).take(limit.into()).cloned().collect())
    }

    async fn first_account_with_role(&self, role: &RoleKey, company: Option<CompanyId>) -> Result<Option<Account>, Unavailable> {
        let holds = |account: &&Account| {
            account.is_active() && account.roles.contains(role) && company.is_none_or(|company| account.company == company)
        };
        Ok(self.read("first_account_with_role")?.accounts.values().map(|(account, _)| account).find(holds).cloned())
    }

    async fn accounts_to_erase(
        &self,
        now: Timestamp,
        after: Option<(Timestamp, AccountId)>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        let state = self.read("accounts_to_erase")?;
        let due = state.accounts.values().filter_map(|(account, _)| Some((account.deletion?.erase_at, account)));
        let mut due = due.filter(|(erase_at, _)| *erase_at <= now).collect::<Vec<_>>();
        due.sort_by_key(|(erase_at, account)| (*erase_at, account.id));
        let behind = due.into_iter().filter(|(erase_at, account)| after.is_none_or(|after| (*erase_at, account.id) > after));
        Ok(behind.take(limit.into()).map(|(_, account)| account.clone()).collect())
    }

    async fn tombstone(&self, id: AccountId) -> Result<Option<Tombstone>, Unavailable> {
        Ok(self.read("tombstone")?.tombstones.get(&id).copied())
    }
}
