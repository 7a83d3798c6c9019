//! Reads of the terms.

use async_trait::async_trait;

use crate::{
    change::Unavailable,
    model::terms::{TermsAcceptance, TermsNumber, TermsSchedule, TermsVersion},
    value::{AccountId, Timestamp},
};

/// Reads of the terms.
#[async_trait]
pub trait TermsReads: Send + Sync {
    /// The version with the highest number among those effective at `now`.
    async fn terms_in_force(&self, now: Timestamp) -> Result<Option<TermsVersion>, Unavailable>;

    /// The newest versions, highest number first, at most 50.
    async fn terms_versions(&self) -> Result<Vec<TermsVersion>, Unavailable>;

    /// The highest number there is.
    async fn newest_terms_number(&self) -> Result<Option<TermsNumber>, Unavailable>;

    /// The version that [`terms_in_force`](Self::terms_in_force) answers, without its texts.
    async fn terms_schedule(&self, now: Timestamp) -> Result<Option<TermsSchedule>, Unavailable>;

    /// The acceptance of the highest number by an account.
    async fn newest_acceptance(&self, account: AccountId) -> Result<Option<TermsAcceptance>, Unavailable>;

    /// Every acceptance by an account, lowest number first.
    async fn acceptances_of(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Unavailable>;
}
