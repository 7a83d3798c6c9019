//! Signing up.

use identity_core::{
    flow::registration::{CompleteError, DecisionError, PreviewRegistrationError, RegisterError, VerifyCodeError},
    model::registration::NotAdmitted,
};

use super::{Problem, ProblemKind, account::wrong_answers};

impl From<NotAdmitted> for Problem {
    fn from(error: NotAdmitted) -> Self {
        let text = error.to_string();
        match error {
            NotAdmitted::Closed => Self::new(ProblemKind::RegistrationClosed, text),
            NotAdmitted::Domain => Self::field("email", "domain_not_allowed", text),
            NotAdmitted::Disposable => Self::field("email", "disposable", text),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Fields(wrong) => Self::invalid(wrong_answers(&wrong).collect()),
            RegisterError::NotAdmitted(error) => error.into(),
            RegisterError::Fault(fault) => fault.into(),
        }
    }
}

impl From<VerifyCodeError> for Problem {
    fn from(error: VerifyCodeError) -> Self {
        let text = error.to_string();
        match error {
            VerifyCodeError::Wrong => Self::field("code", "wrong_code", text),
            VerifyCodeError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PreviewRegistrationError> for Problem {
    fn from(error: PreviewRegistrationError) -> Self {
        match error {
            PreviewRegistrationError::DeadLink => Self::dead_link(),
            PreviewRegistrationError::AddressTaken => Self::account_exists(),
            PreviewRegistrationError::Fault(fault) => fault.into(),
        }
    }
}

impl From<CompleteError> for Problem {
    fn from(error: CompleteError) -> Self {
        match error {
            CompleteError::DeadLink => Self::dead_link(),
            CompleteError::AddressTaken => Self::account_exists(),
            CompleteError::Refused(refusal) => refusal.into(),
            CompleteError::Fault(fault) => fault.into(),
        }
    }
}

impl From<DecisionError> for Problem {
    fn from(error: DecisionError) -> Self {
        let text = error.to_string();
        match error {
            DecisionError::NotFound => Self::not_found(),
            DecisionError::Over(_) => Self::new(ProblemKind::NotWaiting, text),
            DecisionError::AddressTaken => Self::new(ProblemKind::AccountExists, text),
            DecisionError::Conflict => Self::conflict(text),
            DecisionError::Fault(fault) => fault.into(),
        }
    }
}
