use async_trait::async_trait;

use crate::model::password::Candidate;

/// Knows passwords that were found in breaches.
#[async_trait]
pub trait BreachedPasswords: Send + Sync {
    /// Whether a password is known. `false` where that cannot be told: the adapter says so in the log, and nobody is kept waiting.
    async fn is_breached(&self, candidate: &Candidate) -> bool;
}

/// No source: nothing is known of any password.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoBreachData;

#[async_trait]
impl BreachedPasswords for NoBreachData {
    async fn is_breached(&self, _: &Candidate) -> bool {
        false
    }
}
