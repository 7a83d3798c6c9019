//! What a person is to know of the security of the own account.

use std::net::IpAddr;

use super::{Action, Actor};
use crate::value::{AccountId, EventId, Timestamp};

impl Action {
    /// Whether it is about the security of an account, and for its person to know.
    #[must_use]
    pub const fn concerns_security(self) -> bool {
        matches!(
            self,
            Self::UserCreated
                | Self::AccountDisabled
                | Self::AccountEnabled
                | Self::LoginSucceeded
                | Self::LoginFailed
                | Self::SessionEnded
                | Self::PasswordReset
                | Self::PasswordChanged
                | Self::PasswordResetIssued
                | Self::PasswordChangeRequired
                | Self::AccessReported
                | Self::AccountUnlocked
                | Self::SessionsEnded
                | Self::Reauthenticated
                | Self::RecoveryMailed
                | Self::EmailChangeRequested
                | Self::EmailChangeCancelled
                | Self::EmailChanged
                | Self::EmailChangeUndone
                | Self::SecurityQuestionsChanged
                | Self::SecurityAnswerFailed
                | Self::OwnDataExported
                | Self::DeletionRequested
                | Self::DeletionUndone
        )
    }
}

crate::value::vocabulary! {
    /// Who did it, as the account's person is told.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum By {
        /// The person.
        Oneself = "oneself",
        /// Somebody who was not signed in: the person, or somebody else.
        Somebody = "somebody",
        /// Another account: an administrator. Nothing more is said of it.
        Administrator = "administrator",
        /// The installation itself.
        System = "system",
    }
}

impl By {
    /// Who did it, as it is told to `reader`.
    #[must_use]
    pub fn of(actor: Actor, reader: AccountId) -> Self {
        match actor {
            Actor::Account(id) if id == reader => Self::Oneself,
            Actor::Account(_) => Self::Administrator,
            Actor::Anonymous => Self::Somebody,
            Actor::System => Self::System,
        }
    }
}

/// An event of one's own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnEvent {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: Action,
    /// Who.
    pub by: By,
    /// The network it came from, where that is known and not another person's.
    pub network: Option<IpAddr>,
}
