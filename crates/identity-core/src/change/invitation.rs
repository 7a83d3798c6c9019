//! Changes of invitations.

use super::order::{Phase, Rank, Target, whole};
use crate::{
    model::invitation::Invitation,
    value::{InvitationId, Timestamp},
};

/// A change of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationChange {
    /// Guards: the id is free; no pending invitation of that company has the same address; the company is there.
    Issue(Invitation),
    /// Writes all but the first opening. Guard: the stored version is the one before `version`.
    Advance(Invitation),
    /// Notes the first opening. Later ones change nothing and are no rejection. Guard: the invitation is there.
    RecordFirstOpen {
        /// The invitation.
        id: InvitationId,
        /// When it was opened.
        at: Timestamp,
    },
}

impl InvitationChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Issue(invitation) => (Phase::Insert, Rank::Invitation, whole(invitation.id.as_uuid())),
            Self::Advance(invitation) => (Phase::Update, Rank::Invitation, whole(invitation.id.as_uuid())),
            Self::RecordFirstOpen { id, .. } => (Phase::Update, Rank::Opening, whole(id.as_uuid())),
        }
    }
}
