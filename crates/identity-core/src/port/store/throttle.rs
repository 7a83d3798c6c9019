//! Reads of rate limits.

use async_trait::async_trait;

use crate::{
    change::Unavailable,
    model::throttle::{Bucket, Throttle},
};

/// Reads of throttles.
#[async_trait]
pub trait ThrottleReads: Send + Sync {
    /// How a bucket stands, as of one statement that starts after the call.
    async fn throttle(&self, bucket: &Bucket) -> Result<Option<Throttle>, Unavailable>;
}
