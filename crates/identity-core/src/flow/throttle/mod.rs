//! Throttles: how often something may be tried, counted in the store so that every replica counts together, and before the work
//! that they bound.

mod rate_limits;

pub(crate) use rate_limits::{RateLimitedAction, RateLimits};
