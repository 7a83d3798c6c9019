//! Doors that are closed, and work that cannot be done now.

use identity_core::{flow::throttle::RateLimited, port::WorkError};

use super::Problem;

impl From<RateLimited> for Problem {
    fn from(error: RateLimited) -> Self {
        match error {
            RateLimited::Throttled { retry_after } => Self::throttled(retry_after),
            RateLimited::Unavailable(error) => error.into(),
        }
    }
}

impl From<WorkError> for Problem {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Busy { retry_after } => Self::busy(retry_after),
            WorkError::Unavailable(error) => error.into(),
        }
    }
}
