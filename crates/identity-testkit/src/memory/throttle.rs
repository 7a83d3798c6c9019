//! The rows of rate limits.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, Rejection, ThrottleChange, Unavailable},
    model::throttle::{Bucket, Throttle},
    port::ThrottleReads,
};

use super::{MemoryStore, Persist, guard::require, state::State};

impl State {
    pub(super) fn apply_to_throttle(&mut self, change: &ThrottleChange) -> Result<(), Rejection> {
        match change.clone() {
            ThrottleChange::ConsumePermit { bucket, rate, at } => {
                let next = Throttle::turned(self.throttles.get(&bucket), at, &rate).ok_or(Rejection::Throttled)?;
                self.throttles.insert(bucket, next);
                Ok(())
            }
            ThrottleChange::CountAttempt { bucket, from, to } => {
                require(self.throttles.get(&bucket) == from.as_ref(), Entity::Throttle)?;
                self.throttles.insert(bucket, to);
                Ok(())
            }
            ThrottleChange::Reset { bucket, to } => {
                self.throttles.insert(bucket, to);
                Ok(())
            }
            ThrottleChange::Empty(bucket) => {
                self.throttles.remove(&bucket);
                Ok(())
            }
        }
    }
}

#[async_trait]
impl<P: Persist> ThrottleReads for MemoryStore<P> {
    async fn throttle(&self, bucket: &Bucket) -> Result<Option<Throttle>, Unavailable> {
        Ok(self.read("throttle")?.throttles.get(bucket).copied())
    }
}
