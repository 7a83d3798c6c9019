//! Choosing and changing passwords.

use identity_core::{
    invitation::Refusal,
    password::{ChangePasswordError, Unacceptable},
};

use super::Problem;

impl From<Unacceptable> for Problem {
    fn from(unacceptable: Unacceptable) -> Self {
        let Unacceptable { password, confirmation } = unacceptable;
        Refusal { password, confirmation, ..Refusal::default() }.into()
    }
}

impl From<ChangePasswordError> for Problem {
    fn from(error: ChangePasswordError) -> Self {
        let text = error.to_string();
        match error {
            ChangePasswordError::WrongPassword => Self::field("current_password", "wrong_password", text),
            ChangePasswordError::Refused(unacceptable) => unacceptable.into(),
            ChangePasswordError::Conflict => Self::conflict(text),
            ChangePasswordError::Throttled { retry_after } => Self::throttled(retry_after),
            ChangePasswordError::Busy { retry_after } => Self::busy(retry_after),
            ChangePasswordError::Unavailable(error) => error.into(),
        }
    }
}
