//! What stays of an account that was erased.

use crate::value::{AccountId, CompanyId, Timestamp};

/// What stays of an account that was erased, so that whatever names it is known to name somebody who is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
