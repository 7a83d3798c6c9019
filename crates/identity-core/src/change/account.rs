//! Changes of accounts.

use super::order::{Phase, Rank, Target, part, whole};
use crate::{
    model::{account::Account, password::Password},
    value::{AccountId, EmailAddress, Timestamp},
};

/// A change of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// Writes nothing. Guard: the account is there in this version, until the commit is over.
    Require {
        /// The account.
        id: AccountId,
        /// The version it was read in.
        version: u32,
    },
    /// Writes nothing. Guard: the account is there in this epoch of its sessions, until the commit is over.
    RequireSessionEpoch {
        /// The account.
        id: AccountId,
        /// The epoch it was read in.
        epoch: u32,
    },
    /// Guards: the id is free; no account has the canonical address; the company is there. A person who opens an account holds a link
    /// that was mailed to its address, so the address is theirs even where an undo would have given it back to an earlier account.
    Open {
        /// The account.
        account: Account,
        /// Its password.
        password: Password,
        /// Who gave it its roles and subscriptions; `None` for the installation itself.
        granted_by: Option<AccountId>,
    },
    /// Writes names, language, state, roles, subscriptions, required actions, recovery, epoch of sessions and deletion. Guard: the
    /// stored version is the one before `version`.
    Revise {
        /// The account as it is to be.
        account: Account,
        /// Who gave it the roles and subscriptions that it did not have before.
        by: Option<AccountId>,
    },
    /// Gives an account another address. Guards: the stored address is `from`; no other account has `to`, nor can have it
    /// back by an undo.
    ChangeEmail {
        /// The account.
        id: AccountId,
        /// The address that was read.
        from: EmailAddress,
        /// What takes its place.
        to: EmailAddress,
    },
    /// Erases an account: its row and every row that belongs to it, every message and link to its addresses, the names and addresses
    /// in invitations to it, and every value and salt of the events about it. Its addresses are the one it has, those that its changes
    /// moved it from, and those that the log tells it had ([`Action::OF_ADDRESSES_HAD`](crate::model::audit::Action::OF_ADDRESSES_HAD)),
    /// but for what is another account's by now. Of an address that it asked for and never had, the mails go that failed. What stays is
    /// a [`Tombstone`](crate::model::privacy::Tombstone), and of other rows what names nobody. Guard: the account is there in this
    /// version, and its deletion is due at `at`.
    Erase {
        /// The account.
        id: AccountId,
        /// The version it was read in.
        version: u32,
        /// When.
        at: Timestamp,
    },
}

impl AccountChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Require { id, .. } | Self::RequireSessionEpoch { id, .. } => (Phase::Update, Rank::Account, whole(id.as_uuid())),
            Self::Open { account, .. } => (Phase::Insert, Rank::Account, whole(account.id.as_uuid())),
            Self::Revise { account, .. } => (Phase::Update, Rank::Account, whole(account.id.as_uuid())),
            // The address stands beside the account: the person who moves it raises the account's version in the same set.
            Self::ChangeEmail { id, .. } => (Phase::Update, Rank::Account, part(id.as_uuid(), b"address")),
            Self::Erase { id, .. } => (Phase::Delete, Rank::Account, whole(id.as_uuid())),
        }
    }
}
