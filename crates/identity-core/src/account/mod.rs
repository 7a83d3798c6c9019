//! Accounts: the persons that are in.

mod switch;

pub use switch::{SwitchAccount, SwitchError};

use std::collections::BTreeSet;

use crate::value::{AccountId, CompanyId, EmailAddress, Language, PersonName, RoleKey, SubscriptionKey, Timestamp};

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountState {
    /// Usable.
    Active,
    /// Switched off by an administrator: no login, no session, no invitation of its holds.
    Disabled,
}

impl AccountState {
    /// The word in answers and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Disabled].into_iter().find(|state| state.as_str() == text)
    }
}

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The company it belongs to.
    pub company: CompanyId,
    /// The confirmed address; unique by its canonical spelling.
    pub email: EmailAddress,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// The language of pages and mails.
    pub language: Language,
    /// Whether it may be used.
    pub state: AccountState,
    /// The roles it holds.
    pub roles: BTreeSet<RoleKey>,
    /// The subscriptions it has.
    pub subscriptions: BTreeSet<SubscriptionKey>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Raised by every change of state, rights, address or password: what was decided by an older version is refused.
    pub version: u32,
}

impl Account {
    /// Whether the account may be used.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == AccountState::Active
    }

    /// Whether it holds the role of an operator.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.roles.contains(&RoleKey::operator())
    }

    /// Whether it holds the role of a company administrator.
    #[must_use]
    pub fn is_company_administrator(&self) -> bool {
        self.roles.contains(&RoleKey::company_administrator())
    }

    /// The account in another state. The version rises, so that what was decided by the older one is refused.
    #[must_use]
    pub fn switched(&self, state: AccountState) -> Self {
        Self { state, version: self.version.saturating_add(1), ..self.clone() }
    }

    /// The account with other roles.
    #[must_use]
    pub fn with_roles(&self, roles: BTreeSet<RoleKey>) -> Self {
        Self { roles, version: self.version.saturating_add(1), ..self.clone() }
    }

    /// First and last name as one text.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}
