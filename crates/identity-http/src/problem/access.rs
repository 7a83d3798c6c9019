//! Companies, roles and subscriptions.

use identity_core::flow::{access::AccessError, company::CompanyError};

use super::{Problem, ProblemKind};

impl From<CompanyError> for Problem {
    fn from(error: CompanyError) -> Self {
        let text = error.to_string();
        match error {
            CompanyError::NotAllowed => Self::forbidden(text),
            CompanyError::NotFound => Self::not_found(),
            CompanyError::Conflict => Self::conflict(text),
            CompanyError::Fault(fault) => fault.into(),
        }
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        let text = error.to_string();
        match error {
            AccessError::KeyTaken => Self::new(ProblemKind::KeyTaken, text),
            AccessError::NotFound => Self::not_found(),
            AccessError::BuiltIn => Self::field("grantable_by", "built_in", text),
            AccessError::Conflict => Self::conflict(text),
            AccessError::Fault(fault) => fault.into(),
        }
    }
}
