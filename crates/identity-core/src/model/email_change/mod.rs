//! Changing one's own address: confirmed at the new one before it counts, announced at the old one with a link that undoes it.

use crate::{
    model::{account::Account, link::Generation},
    value::{AccountId, EmailAddress, EmailChangeId, Lifetime, SessionId, Timestamp},
};

/// What an operator sets of changes of addresses.
#[derive(Clone, Copy, Debug)]
pub struct EmailChangeSettings {
    /// How long a change waits to be confirmed.
    pub lifetime: Lifetime,
    /// How long it can be undone at the old address, from the request and again from the confirmation.
    pub undo_lifetime: Lifetime,
}

/// A day to confirm a change, a week to undo it.
impl Default for EmailChangeSettings {
    fn default() -> Self {
        Self { lifetime: Lifetime::of_days(1), undo_lifetime: Lifetime::of_days(7) }
    }
}

crate::value::vocabulary! {
    /// How far a change has come.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum EmailChangeState {
        /// Waits to be confirmed at the new address.
        Pending = "pending",
        /// Replaced by a newer one before it was confirmed.
        Superseded = "superseded",
        /// Taken back by its person before it was confirmed.
        Cancelled = "cancelled",
        /// Done: the account has the new address.
        Confirmed = "confirmed",
        /// Undone at an old address; also what was asked for after the change that was undone.
        Undone = "undone",
    }
}

/// A change of an account's address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EmailChange {
    /// Its id.
    pub id: EmailChangeId,
    /// Whose address.
    pub account: AccountId,
    /// The address that the account had when the change was asked for.
    pub from: EmailAddress,
    /// The address that it is to have.
    pub to: EmailAddress,
    /// How far it has come.
    pub state: EmailChangeState,
    /// The generation of the account's recovery when the change was asked for. Whatever ends the links to a new password ends the
    /// change, too: no change that waits outlives a reset or "this wasn't me".
    pub generation: Generation,
    /// The session that asked for it, which stays when it is confirmed.
    pub session: SessionId,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Until when it can be confirmed.
    pub expires_at: Timestamp,
    /// Until when it can be undone. Until then no other account moves to the old address; a person who proves to have
    /// its mailbox may still open an account with it, which ends the undo.
    pub undo_until: Timestamp,
    /// Raised by every change of state.
    pub version: u32,
}

impl EmailChange {
    /// Whether it can be confirmed, for the account as it is now.
    #[must_use]
    pub fn is_open(&self, account: &Account, now: Timestamp) -> bool {
        self.state == EmailChangeState::Pending
            && now < self.expires_at
            && self.account == account.id
            && self.generation == account.recovery.generation
            && self.from == account.email
            && account.is_active()
    }

    /// Whether an undo would give its account the old address back.
    #[must_use]
    pub fn can_give_back(&self, canonical: &str, now: Timestamp) -> bool {
        self.state == EmailChangeState::Confirmed && now < self.undo_until && self.from.canonical() == canonical
    }

    pub(crate) fn advanced(&self, state: EmailChangeState) -> Self {
        Self { state, version: self.version.saturating_add(1), ..self.clone() }
    }

    pub(crate) fn confirmed(&self, now: Timestamp, settings: &EmailChangeSettings) -> Self {
        Self { undo_until: settings.undo_lifetime.from(now).max(self.undo_until), ..self.advanced(EmailChangeState::Confirmed) }
    }
}
