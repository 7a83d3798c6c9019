//! Roles, subscriptions, and who may do what.

mod authority;

pub use authority::{Administrator, Operator, Scope};

use crate::value::{CatalogueText, RoleKey, SubscriptionKey};

/// Who may hand an entry of the catalogue to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantableBy {
    /// Operators only.
    Operator,
    /// Operators, and company administrators inside their own company.
    Administrator,
}

impl GrantableBy {
    /// The word in requests and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Administrator => "administrator",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Operator, Self::Administrator].into_iter().find(|level| level.as_str() == text)
    }
}

/// A role that accounts can hold. What it means beyond this system is the host application's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Names the role; never changes.
    pub key: RoleKey,
    /// Its name for people.
    pub name: CatalogueText,
    /// What it is for, where there is more to say than the name.
    pub description: Option<CatalogueText>,
    /// Who may grant it.
    pub grantable_by: GrantableBy,
    /// Raised by every change.
    pub version: u32,
}

/// A subscription that accounts can have: a product or plan of the host application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Names the subscription; never changes.
    pub key: SubscriptionKey,
    /// Its name for people.
    pub name: CatalogueText,
    /// What it is for, where there is more to say than the name.
    pub description: Option<CatalogueText>,
    /// Who may grant it.
    pub grantable_by: GrantableBy,
    /// Raised by every change.
    pub version: u32,
}
