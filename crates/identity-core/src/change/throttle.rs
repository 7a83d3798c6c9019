//! Changes of the buckets that limit rates and count attempts.

use super::order::{Phase, Rank, Target};
use crate::{
    model::throttle::{Bucket, Rate, Throttle},
    value::Timestamp,
};

/// A change of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThrottleChange {
    /// Consumes a permit of a bucket. Guard: it has one left at `at`.
    ConsumePermit {
        /// The bucket.
        bucket: Bucket,
        /// How many permits it has.
        rate: Rate,
        /// When.
        at: Timestamp,
    },
    /// Writes how a bucket of attempts stands. Guard: it stands as it was read, or is not there where it was not.
    CountAttempt {
        /// The bucket.
        bucket: Bucket,
        /// How it was read.
        from: Option<Throttle>,
        /// How it is to stand.
        to: Throttle,
    },
    /// Writes how a bucket is to stand, however it stood.
    Reset {
        /// The bucket.
        bucket: Bucket,
        /// How it is to stand.
        to: Throttle,
    },
    /// Empties a bucket; that there is none is no rejection.
    Empty(Bucket),
}

impl ThrottleChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::ConsumePermit { bucket, .. } | Self::CountAttempt { bucket, .. } | Self::Reset { bucket, .. } => {
                (Phase::Update, Rank::Throttle, bucket.as_bytes().to_vec())
            }
            Self::Empty(bucket) => (Phase::Delete, Rank::Throttle, bucket.as_bytes().to_vec()),
        }
    }
}
