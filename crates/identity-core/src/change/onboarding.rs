//! Changes of the steps of a first login.

use super::order::{Phase, Rank, Target, whole};
use crate::model::onboarding::Onboarding;

/// A change of how far an account has come in its first login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnboardingChange {
    /// Guards: the account has none yet; the account is there.
    Open(Onboarding),
    /// Writes all of it. Guard: the stored version is the one before `version`.
    Advance(Onboarding),
}

impl OnboardingChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Open(onboarding) => (Phase::Insert, Rank::Onboarding, whole(onboarding.account.as_uuid())),
            Self::Advance(onboarding) => (Phase::Update, Rank::Onboarding, whole(onboarding.account.as_uuid())),
        }
    }
}
