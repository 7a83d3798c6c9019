use crate::{change::Unavailable, value::SignedDuration};

/// Why bounded work was not done. Neither may grant anything.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// More work is waiting than can be done in time.
    #[error("too much work is waiting: try again in {retry_after:#}")]
    Busy {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// The worker could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}
