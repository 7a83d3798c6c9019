//! Reads of roles and subscriptions.

use async_trait::async_trait;

use crate::{
    change::Unavailable,
    model::access::{Role, Subscription},
};

/// Reads of roles and subscriptions.
#[async_trait]
pub trait AccessReads: Send + Sync {
    /// All roles, by key.
    async fn roles(&self) -> Result<Vec<Role>, Unavailable>;

    /// All subscriptions, by key.
    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unavailable>;
}
