//! Changes of links.

use super::order::{Phase, Rank, Target, whole};
use crate::{
    model::link::Token,
    value::{Timestamp, TokenId},
};

/// A change of a link's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkChange {
    /// Guards: the id and the digest are free.
    Issue(Token),
    /// Guard: unspent, and not expired at `at`.
    Spend {
        /// The link.
        id: TokenId,
        /// When it is used.
        at: Timestamp,
    },
    /// Moves the end of a link. Guard: unspent.
    Extend {
        /// The link.
        id: TokenId,
        /// Its new end.
        expires_at: Timestamp,
    },
}

impl LinkChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Issue(token) => (Phase::Insert, Rank::Token, whole(token.id.as_uuid())),
            Self::Spend { id, .. } | Self::Extend { id, .. } => (Phase::Update, Rank::Token, whole(id.as_uuid())),
        }
    }
}
