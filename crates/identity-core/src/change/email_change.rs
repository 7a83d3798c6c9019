//! Changes of the row that stands for a change of address.

use super::order::{Phase, Rank, Target, part, whole};
use crate::{
    model::email_change::EmailChange,
    value::{AccountId, EmailChangeId},
};

/// A change of a change of address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmailChangeChange {
    /// Guards: the id is free; no other change of the account is pending; the account is there.
    Open(EmailChange),
    /// Writes the state, and until when it can be undone. Guard: the stored version is the one before `version`.
    Advance(EmailChange),
    /// Undoes a change of address, and every one of the account that was asked for after it; that there is none is no rejection.
    Undo {
        /// The account.
        account: AccountId,
        /// The first of them.
        since: EmailChangeId,
    },
}

impl EmailChangeChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Open(change) => (Phase::Insert, Rank::EmailChange, whole(change.id.as_uuid())),
            Self::Advance(change) => (Phase::Update, Rank::EmailChange, whole(change.id.as_uuid())),
            Self::Undo { account, .. } => (Phase::Update, Rank::EmailChange, part(account.as_uuid(), b"all")),
        }
    }
}
