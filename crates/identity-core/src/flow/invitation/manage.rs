//! What an administrator's acts on an invitation have in common.

use crate::{change::CommitError, flow::Fault, model::invitation::NotPending, value::Lifetime};

/// Why an administrator's act on an invitation was not done.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// There is no such invitation where the administrator may look.
    #[error("there is no such invitation")]
    NotFound,
    /// It is not pending any more.
    #[error(transparent)]
    NotPending(#[from] NotPending),
    /// The administrator may not grant what the invitation carries.
    #[error("you cannot grant everything that this invitation carries")]
    CannotGrant,
    /// The new end is not in the future, or too far in it.
    #[error("choose a time in the future, at most {0} from now")]
    BadExpiry(Lifetime),
    /// The invitation or the administrator's own account changed in the meantime.
    #[error("this has just been changed by somebody else: look again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(ManageError);

impl From<CommitError> for ManageError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Rejected(_) => Self::Conflict,
            CommitError::Unavailable(error) => error.into(),
        }
    }
}
