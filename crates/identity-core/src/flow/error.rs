//! What every flow's error has in common.

use crate::{
    change::{ContradictingChanges, Unavailable},
    port::{EntropyError, WorkError},
    value::SignedDuration,
};

/// Why a flow could not do its work now, which is nothing that the caller did wrong. Nothing was granted.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The rate limit of a network, an address or an account is exceeded.
    #[error("rate limit exceeded: try again in {retry_after:#}")]
    RateLimited {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// More passwords, codes or pictures wait to be worked on than can be in time.
    #[error("too busy: try again in {retry_after:#}")]
    Busy {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// A part of the system could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<EntropyError> for Fault {
    fn from(error: EntropyError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<ContradictingChanges> for Fault {
    fn from(error: ContradictingChanges) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<WorkError> for Fault {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Busy { retry_after } => Self::Busy { retry_after },
            WorkError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

/// An error with a variant `Fault`: whatever becomes a fault becomes that.
macro_rules! fault_from {
    ($error:ty) => {
        crate::flow::error::fault_from!($error: crate::change::Unavailable, crate::change::ContradictingChanges,
            crate::port::EntropyError, crate::port::WorkError);
    };
    ($error:ty: $($cause:ty),+) => {$(
        impl From<$cause> for $error {
            fn from(cause: $cause) -> Self {
                Self::Fault(cause.into())
            }
        }
    )+};
}

pub(crate) use fault_from;
