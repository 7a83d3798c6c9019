//! An account whose person has asked for its deletion.

use super::Account;
use crate::value::{Lifetime, Timestamp};

/// What an operator sets of deletions.
#[derive(Clone, Copy, Debug)]
pub struct DeletionSettings {
    /// Whether people may delete their own accounts.
    pub enabled: bool,
    /// How long an account stays after that, for its person to undo it; nothing where it goes with the next round.
    pub grace: Option<Lifetime>,
}

/// People may delete their accounts, and undo that for 30 days.
impl Default for DeletionSettings {
    fn default() -> Self {
        Self { enabled: true, grace: Some(Lifetime::of_days(30)) }
    }
}

/// A deletion that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Deletion {
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// From when on the account is erased; until then it can be undone.
    pub erase_at: Timestamp,
}

impl Deletion {
    /// One that is asked for now.
    #[must_use]
    pub fn request(now: Timestamp, settings: &DeletionSettings) -> Self {
        Self { requested_at: now, erase_at: settings.grace.map_or(now, |grace| grace.from(now)) }
    }

    /// Whether its time has come.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.erase_at <= now
    }
}

impl Account {
    /// The account with a deletion that was asked for, which ends its sessions, or with none.
    #[must_use]
    pub fn with_deletion(&self, deletion: Option<Deletion>) -> Self {
        let next = Self { deletion, version: self.version.saturating_add(1), ..self.clone() };
        if deletion.is_some() { next.in_next_epoch() } else { next }
    }
}
