//! Changes of pictures.

use super::order::{Phase, Rank, Target, whole};
use crate::{model::account::Picture, value::AccountId};

/// A change of an account's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureChange {
    /// Puts a picture in the place of the one that the account has, if it has one. Guards: the name is free; the account is there.
    Store(Picture),
    /// Removes the picture of an account; that there is none is no rejection.
    Remove(AccountId),
}

impl PictureChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Store(picture) => (Phase::Insert, Rank::Picture, whole(picture.account.as_uuid())),
            Self::Remove(account) => (Phase::Delete, Rank::Picture, whole(account.as_uuid())),
        }
    }
}
