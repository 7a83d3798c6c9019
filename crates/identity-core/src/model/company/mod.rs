//! Companies: the tenants that accounts and invitations belong to.

use crate::{
    model::access::{Administrator, Scope},
    value::{CompanyId, CompanyName, Timestamp},
};

/// A company. Two companies may bear one name: a name joins nobody to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Company {
    /// The company's id.
    pub id: CompanyId,
    /// Its name.
    pub name: CompanyName,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Whether an operator answers for it: opened or approved by one, or trusted since. A company that a person opened by signing up is
    /// not: its own administrators invite few people a day and write no text of their own to them.
    pub is_trusted: bool,
    /// Raised by every change.
    pub version: u32,
}

impl Company {
    /// Whether invitations by this administrator are few and carry no note, since no operator answers for the company. An operator
    /// invites to it as to any other.
    #[must_use]
    pub fn bounds_invitations_by(&self, inviter: &Administrator) -> bool {
        !self.is_trusted && inviter.scope() != Scope::Everywhere
    }
}
