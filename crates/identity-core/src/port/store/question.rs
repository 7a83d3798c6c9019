//! Reads of security answers.

use async_trait::async_trait;

use crate::{change::Unavailable, model::question::SecurityAnswer, value::AccountId};

/// Reads of security answers.
#[async_trait]
pub trait QuestionReads: Send + Sync {
    /// The security answers of an account, by their places.
    async fn security_answers(&self, account: AccountId) -> Result<Vec<SecurityAnswer>, Unavailable>;
}
