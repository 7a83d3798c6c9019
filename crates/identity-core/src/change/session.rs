//! Changes of sessions.

use super::order::{Phase, Rank, Target, part, whole};
use crate::{
    model::session::Session,
    value::{AccountId, SessionId, Timestamp, TokenDigest},
};

/// A change of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionChange {
    /// Guards: the id and the digest are free; the account is there.
    Start(Session),
    /// Notes a use. Guard: the session is there.
    Touch {
        /// The session.
        id: SessionId,
        /// When it was used.
        at: Timestamp,
    },
    /// Guard: the session is there.
    End(SessionId),
    /// Ends every session of an account; that there is none is no rejection. The account's epoch is raised beside it, by
    /// [`AccountChange::Revise`](super::AccountChange::Revise): a session that another process starts at the same moment is dead, too.
    EndAll(AccountId),
    /// Ends every session of an account but one; that there is none is no rejection.
    EndOthers {
        /// The account.
        account: AccountId,
        /// The session that stays.
        keep: SessionId,
        /// The account's epoch from now on, which the session that stays is in.
        epoch: u32,
    },
    /// Notes that the password was said again, and puts another secret in the place of the session's. Guard: the stored digest is
    /// `from`.
    ConfirmReauthentication {
        /// The session.
        id: SessionId,
        /// The digest that was read.
        from: TokenDigest,
        /// What takes its place; the same where the secret stays.
        to: TokenDigest,
        /// When.
        at: Timestamp,
    },
}

impl SessionChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Start(session) => (Phase::Insert, Rank::Session, whole(session.id.as_uuid())),
            Self::Touch { id, .. } | Self::ConfirmReauthentication { id, .. } => {
                (Phase::Update, Rank::Session, whole(id.as_uuid()))
            }
            Self::End(id) => (Phase::Delete, Rank::Session, whole(id.as_uuid())),
            Self::EndAll(account) | Self::EndOthers { account, .. } => {
                (Phase::Delete, Rank::Session, part(account.as_uuid(), b"all"))
            }
        }
    }
}
