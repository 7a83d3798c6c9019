//! Looking accounts up.

use super::AdministrationError;
use crate::{
    change::Unavailable,
    model::{access::Administrator, account::Account, company::Company, throttle::Bucket},
    port::{AccountQuery, Page, Ports},
    value::{AccountId, Timestamp},
};

/// An account as an administrator sees it.
#[derive(Clone, Debug)]
pub struct AccountDetails {
    /// The account.
    pub account: Account,
    /// Its company.
    pub company: Option<Company>,
    /// Passwords tried for its address in a row without success.
    pub failed_logins: u32,
    /// Before this time none is tried, but by browsers that were signed in with before.
    pub locked_until: Option<Timestamp>,
}

/// Looks accounts up.
pub struct ListAccounts {
    ports: Ports,
}

impl ListAccounts {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// A part of the list: of the scope that the query names, what the administrator may see. Of another company that is nothing.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn run(&self, by: &Administrator, query: AccountQuery) -> Result<Page<Account, AccountId>, Unavailable> {
        match by.within(query.scope) {
            Some(scope) => self.ports.store.accounts(&AccountQuery { scope, ..query }).await,
            None => Ok(Page { items: Vec::new(), next: None }),
        }
    }

    /// One account.
    ///
    /// # Errors
    /// [`AdministrationError::NotFound`] where the administrator may not see it, too; [`AdministrationError::Fault`].
    pub async fn find(&self, by: &Administrator, id: AccountId) -> Result<AccountDetails, AdministrationError> {
        let now = self.ports.clock.now();
        let found = self.ports.store.account(id).await?;
        let account = found.filter(|account| by.may_administer(account.company)).ok_or(AdministrationError::NotFound)?;
        let company = self.ports.store.company(account.company).await?;
        let attempts = self.ports.store.throttle(&Bucket::logins_of(&account.email)).await?;
        let attempts = attempts.filter(|attempts| now < attempts.expires_at);
        Ok(AccountDetails {
            account,
            company,
            failed_logins: attempts.map_or(0, |attempts| attempts.failures),
            locked_until: attempts.map(|attempts| attempts.free_at).filter(|free_at| now < *free_at),
        })
    }
}
