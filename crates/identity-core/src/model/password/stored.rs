//! Passwords as they are kept.

use super::PasswordHash;
use crate::value::{AccountId, RetiredPasswordId, Timestamp};

/// The password of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Password {
    /// Its hash.
    pub hash: PasswordHash,
    /// When it was set.
    pub set_at: Timestamp,
    /// From then on nobody is let in by it: a temporary password that has lapsed or was used, or one that is no secret any more.
    /// `None` for a password that its person chose.
    pub ends_at: Option<Timestamp>,
}

impl Password {
    /// A password that its person chose.
    #[must_use]
    pub const fn chosen(hash: PasswordHash, now: Timestamp) -> Self {
        Self { hash, set_at: now, ends_at: None }
    }

    /// The password, ended: nobody is let in by it any more.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Self {
        let ends_at = Some(self.ends_at.map_or(now, |ends_at| ends_at.min(now)));
        Self { ends_at, ..self.clone() }
    }

    /// Whether it lets anybody in at a time.
    #[must_use]
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|ends_at| now < ends_at)
    }
}

/// A password that was replaced, kept so that it is not chosen again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RetiredPassword {
    /// Its id.
    pub id: RetiredPasswordId,
    /// Whose it was.
    pub account: AccountId,
    /// Its hash.
    pub hash: PasswordHash,
    /// When it was replaced.
    pub retired_at: Timestamp,
}
