//! Changes of addresses.

use identity_core::flow::email_change::{EmailChangeError, EmailChangeLinkError};

use super::Problem;

impl From<EmailChangeError> for Problem {
    fn from(error: EmailChangeError) -> Self {
        let text = error.to_string();
        match error {
            EmailChangeError::Same => Self::field("email", "same", text),
            EmailChangeError::WrongPassword => Self::field("current_password", "wrong_password", text),
            EmailChangeError::Conflict => Self::conflict(text),
            EmailChangeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<EmailChangeLinkError> for Problem {
    fn from(error: EmailChangeLinkError) -> Self {
        match error {
            EmailChangeLinkError::DeadLink => Self::dead_link(),
            EmailChangeLinkError::Fault(fault) => fault.into(),
        }
    }
}
