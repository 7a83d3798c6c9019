//! Companies, roles and subscriptions.

use identity_core::flow::{access::CatalogueError, company::CompanyError};

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

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        let text = error.to_string();
        match error {
            CatalogueError::KeyTaken => Self::new(ProblemKind::KeyTaken, text),
            CatalogueError::NotFound => Self::not_found(),
            CatalogueError::BuiltIn => Self::field("grantable_by", "built_in", text),
            CatalogueError::Conflict => Self::conflict(text),
            CatalogueError::Fault(fault) => fault.into(),
        }
    }
}
