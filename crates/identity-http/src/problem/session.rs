//! Signing in, staying so, and proving it again.

use identity_core::flow::session::{LogInError, ManageSessionsError, ReauthenticateError};

use super::{Problem, ProblemKind};

impl From<LogInError> for Problem {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Refused => Self::new(ProblemKind::LoginRefused, "The e-mail address or the password is not right."),
            LogInError::AwaitingApproval => Self::new(
                ProblemKind::AwaitingApproval,
                "The password is right. An operator has to approve this registration first; a mail will say so.",
            ),
            LogInError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ReauthenticateError> for Problem {
    fn from(error: ReauthenticateError) -> Self {
        let text = error.to_string();
        match error {
            ReauthenticateError::WrongPassword => Self::field("password", "wrong_password", text),
            ReauthenticateError::Conflict => Self::conflict(text),
            ReauthenticateError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ManageSessionsError> for Problem {
    fn from(error: ManageSessionsError) -> Self {
        match error {
            ManageSessionsError::NotProved => Self::reauthentication_required(),
            ManageSessionsError::NotFound => Self::not_found(),
            ManageSessionsError::Fault(fault) => fault.into(),
        }
    }
}
