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

impl Fault {
    /// After how long trying again makes sense, where that is known.
    #[must_use]
    pub const fn retry_after(&self) -> Option<SignedDuration> {
        match self {
            Self::RateLimited { retry_after } | Self::Busy { retry_after } => Some(*retry_after),
            Self::Unavailable(_) => None,
        }
    }
}

/// What a caller can do about the error of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The flow refused the command for a reason of its own, which the error names.
    Refused,
    /// The caller tried too often: HTTP answers 429.
    RateLimited,
    /// There is more work than can be done in time: HTTP answers 503.
    Busy,
    /// A part of the system does not work: HTTP answers 503.
    Unavailable,
}

/// The error of a flow, as far as all of them are alike. Nothing was granted.
pub trait FlowError: std::error::Error {
    /// Why the flow could not do its work, where that is nothing that the caller did wrong.
    fn fault(&self) -> Option<&Fault>;

    /// What the caller can do about it.
    fn kind(&self) -> ErrorKind {
        match self.fault() {
            None => ErrorKind::Refused,
            Some(Fault::RateLimited { .. }) => ErrorKind::RateLimited,
            Some(Fault::Busy { .. }) => ErrorKind::Busy,
            Some(Fault::Unavailable(_)) => ErrorKind::Unavailable,
        }
    }

    /// After how long trying again makes sense, where that is known.
    fn retry_after(&self) -> Option<SignedDuration> {
        self.fault().and_then(Fault::retry_after)
    }
}

impl FlowError for Fault {
    fn fault(&self) -> Option<&Fault> {
        Some(self)
    }
}

/// An error with a variant `Fault`: whatever becomes a fault becomes that.
macro_rules! fault_from {
    ($error:ty) => {
        crate::flow::error::fault_from!(@error $error, |error| match error {
            Self::Fault(fault) => Some(fault),
            _ => None,
        });
    };
    // It has no reason of its own.
    ($error:ty, alone) => {
        crate::flow::error::fault_from!(@error $error, |error| {
            let Self::Fault(fault) = error;
            Some(fault)
        });
    };
    (@error $error:ty, |$own:ident| $fault:expr) => {
        impl crate::flow::FlowError for $error {
            fn fault(&self) -> Option<&crate::flow::Fault> {
                let $own = self;
                $fault
            }
        }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{recovery::RecoveryError, session::LogInError};

    #[test]
    fn a_caller_is_told_what_to_do_about_every_error() {
        let retry_after = SignedDuration::from_secs(7);
        let limited = LogInError::Fault(Fault::RateLimited { retry_after });
        assert_eq!((limited.kind(), limited.retry_after()), (ErrorKind::RateLimited, Some(retry_after)));
        assert_eq!((LogInError::Refused.kind(), LogInError::Refused.retry_after()), (ErrorKind::Refused, None));
        let busy = RecoveryError::Fault(Fault::Busy { retry_after });
        assert_eq!((busy.kind(), busy.retry_after()), (ErrorKind::Busy, Some(retry_after)));
        let down = RecoveryError::from(Unavailable::new("store", "gone"));
        assert_eq!((down.kind(), down.retry_after()), (ErrorKind::Unavailable, None));
    }
}
