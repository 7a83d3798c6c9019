//! Doors that are closed, and work that cannot be done now.

use identity_core::{port::WorkError, throttle::Closed};

use super::Problem;

impl From<Closed> for Problem {
    fn from(error: Closed) -> Self {
        match error {
            Closed::Throttled { retry_after } => Self::throttled(retry_after),
            Closed::Unavailable(error) => error.into(),
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
