//! Changes of registrations and their codes.

use super::order::{Phase, Rank, Target, part, whole};
use crate::{
    model::{
        password::PasswordHash,
        registration::{IssuedCode, Registration},
    },
    value::RegistrationId,
};

/// A change of a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationChange {
    /// Guards: the id and the flow are free.
    Open(Registration),
    /// Writes all but the code and how often one was tried. Guard: the stored version is the one before `version`.
    Advance(Registration),
    /// Puts another code, or none, in the place of the one that is there; it has not been tried yet. Guard: the stored code is
    /// `from`.
    ReplaceCode {
        /// The registration.
        id: RegistrationId,
        /// The hash of the code that was read, if there was one.
        from: Option<PasswordHash>,
        /// What takes its place.
        to: Option<IssuedCode>,
    },
    /// Counts that a code is tried, whether or not there is one. Guard: the registration is there, and codes were tried fewer than
    /// `limit` times since the last was put there.
    TryCode {
        /// The registration.
        id: RegistrationId,
        /// How often one may be tried.
        limit: u32,
    },
}

impl RegistrationChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Open(registration) => (Phase::Insert, Rank::Registration, whole(registration.id.as_uuid())),
            Self::Advance(registration) => (Phase::Update, Rank::Registration, whole(registration.id.as_uuid())),
            // The code stands beside the registration.
            Self::ReplaceCode { id, .. } | Self::TryCode { id, .. } => {
                (Phase::Update, Rank::Registration, part(id.as_uuid(), b"code"))
            }
        }
    }
}
