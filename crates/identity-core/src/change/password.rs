//! Changes of passwords.

use super::order::{Phase, Rank, Target, part, whole};
use crate::{
    model::password::{Password, PasswordHash, RetiredPassword},
    value::AccountId,
};

/// A change of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordChange {
    /// Replaces a hash by one of the same password under better parameters. Guard: the stored hash is `from`.
    Rehash {
        /// The account.
        id: AccountId,
        /// The hash that was verified.
        from: PasswordHash,
        /// The hash that takes its place.
        to: PasswordHash,
    },
    /// Puts another password in the place of the one that is there. Guard: the stored hash is `from`.
    Set {
        /// The account.
        id: AccountId,
        /// The hash that was read.
        from: PasswordHash,
        /// What takes its place.
        to: Password,
    },
    /// Keeps a password that was replaced, and of all those of the account only the newest `keep`. Guards: the id is free; the
    /// account is there.
    Retire {
        /// The password.
        retired: RetiredPassword,
        /// How many are kept, this one included.
        keep: u32,
    },
}

impl PasswordChange {
    pub(super) fn target(&self) -> Target {
        match self {
            // The password stands beside the account: a login requires the one and renews the other.
            Self::Rehash { id, .. } | Self::Set { id, .. } => (Phase::Update, Rank::Account, part(id.as_uuid(), b"password")),
            Self::Retire { retired, .. } => (Phase::Insert, Rank::RetiredPassword, whole(retired.id.as_uuid())),
        }
    }
}
