//! What every flow's error has in common.

/// A flow whose error has a variant `Unavailable`: what no caller can mend becomes that.
macro_rules! unavailable_from {
    ($error:ty) => {
        impl From<crate::port::EntropyError> for $error {
            fn from(error: crate::port::EntropyError) -> Self {
                Self::Unavailable(error.into())
            }
        }

        impl From<crate::change::ContradictingChanges> for $error {
            fn from(error: crate::change::ContradictingChanges) -> Self {
                Self::Unavailable(error.into())
            }
        }
    };
}

/// A flow whose error has a variant `Busy` too.
macro_rules! busy_from {
    ($error:ty) => {
        crate::flow::error::unavailable_from!($error);

        impl From<crate::port::WorkError> for $error {
            fn from(error: crate::port::WorkError) -> Self {
                match error {
                    crate::port::WorkError::Busy { retry_after } => Self::Busy { retry_after },
                    crate::port::WorkError::Unavailable(error) => Self::Unavailable(error),
                }
            }
        }
    };
}

/// A flow whose error has a variant `Throttled` too.
macro_rules! throttled_from {
    ($error:ty) => {
        impl From<crate::flow::throttle::RateLimited> for $error {
            fn from(limited: crate::flow::throttle::RateLimited) -> Self {
                match limited {
                    crate::flow::throttle::RateLimited::Throttled { retry_after } => Self::Throttled { retry_after },
                    crate::flow::throttle::RateLimited::Unavailable(error) => Self::Unavailable(error),
                }
            }
        }
    };
}

pub(crate) use {busy_from, throttled_from, unavailable_from};
