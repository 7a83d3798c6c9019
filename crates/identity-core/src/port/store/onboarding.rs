//! Reads of first logins.

use async_trait::async_trait;

use crate::{change::Unavailable, model::onboarding::Onboarding, value::AccountId};

/// Reads of first logins.
#[async_trait]
pub trait OnboardingReads: Send + Sync {
    /// How far an account has come, where it has closed a step or is finished.
    async fn onboarding(&self, account: AccountId) -> Result<Option<Onboarding>, Unavailable>;
}
