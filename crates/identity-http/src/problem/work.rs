//! Work that cannot be done now.

use identity_core::{flow::Fault, port::WorkError};

use super::Problem;

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::RateLimited { retry_after } => Self::throttled(retry_after),
            Fault::Busy { retry_after } => Self::busy(retry_after),
            Fault::Unavailable(error) => error.into(),
        }
    }
}

impl From<WorkError> for Problem {
    fn from(error: WorkError) -> Self {
        Fault::from(error).into()
    }
}
