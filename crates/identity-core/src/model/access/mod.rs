//! Roles, subscriptions, and who may do what.

mod authority;

pub use authority::{Administrator, Operator, Scope};

use crate::value::{AccessText, RoleKey, SubscriptionKey};

crate::value::vocabulary! {
    /// Who may give a role or a subscription to others.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum GrantableBy {
        /// Operators only.
        Operator = "operator",
        /// Operators, and company administrators inside their own company.
        Administrator = "administrator",
    }
}

/// A role that accounts can hold. What it means beyond this system is the host application's to say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Role {
    /// Names the role; never changes.
    pub key: RoleKey,
    /// Its name for people.
    pub name: AccessText,
    /// What it is for, where there is more to say than the name.
    pub description: Option<AccessText>,
    /// Who may grant it.
    pub grantable_by: GrantableBy,
    /// Raised by every change.
    pub version: u32,
}

/// A subscription that accounts can have: a product or plan of the host application.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Subscription {
    /// Names the subscription; never changes.
    pub key: SubscriptionKey,
    /// Its name for people.
    pub name: AccessText,
    /// What it is for, where there is more to say than the name.
    pub description: Option<AccessText>,
    /// Who may grant it.
    pub grantable_by: GrantableBy,
    /// Raised by every change.
    pub version: u32,
}
