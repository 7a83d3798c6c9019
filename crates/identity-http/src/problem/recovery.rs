//! The way back in.

use identity_core::flow::recovery::{AssistedResetError, PreviewRecoveryError, RecoveryError, ReportError, ResetError};

use super::{
    Problem, ProblemKind,
    question::{answer_needed, wrong_answer},
    sentence,
};

impl From<AssistedResetError> for Problem {
    fn from(error: AssistedResetError) -> Self {
        let text = error.to_string();
        match error {
            AssistedResetError::Administration(error) => error.into(),
            AssistedResetError::Disabled => Self::new(ProblemKind::AccountDisabled, text),
            AssistedResetError::NoQuestion => Self::field("identity_check.method", "no_question", sentence(&text)),
            AssistedResetError::AnswerNeeded(question) => answer_needed("identity_check.security_answer", &question),
            AssistedResetError::WrongAnswer(question) => wrong_answer("identity_check.security_answer", &question),
            AssistedResetError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RecoveryError> for Problem {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PreviewRecoveryError> for Problem {
    fn from(error: PreviewRecoveryError) -> Self {
        match error {
            PreviewRecoveryError::DeadLink => Self::dead_link(),
            PreviewRecoveryError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ResetError> for Problem {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::DeadLink => Self::dead_link(),
            ResetError::Refused(unacceptable) => unacceptable.into(),
            ResetError::AnswerNeeded(question) => answer_needed("security_answer", &question),
            ResetError::WrongAnswer(question) => wrong_answer("security_answer", &question),
            ResetError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::DeadLink => Self::dead_link(),
            ReportError::Fault(fault) => fault.into(),
        }
    }
}
