//! Terms, published and accepted.

use identity_core::flow::terms::{AcceptTermsError, PublishTermsError};

use super::{Problem, ProblemKind};

impl From<PublishTermsError> for Problem {
    fn from(error: PublishTermsError) -> Self {
        let text = error.to_string();
        match error {
            PublishTermsError::MissingText(_) => Self::field("texts", "missing_text", text),
            PublishTermsError::BadText(_) => Self::field("texts", "bad_text", text),
            PublishTermsError::Placeholder(_) => Self::field("texts", "placeholder", text),
            PublishTermsError::Past => Self::field("effective_at", "past", text),
            PublishTermsError::Conflict => Self::conflict(text),
            PublishTermsError::Fault(fault) => fault.into(),
        }
    }
}

impl From<AcceptTermsError> for Problem {
    fn from(error: AcceptTermsError) -> Self {
        let text = error.to_string();
        match error {
            AcceptTermsError::NotInForce(_) => Self::new(ProblemKind::TermsChanged, text),
            AcceptTermsError::First(action) => Self::required_action(action),
            AcceptTermsError::Conflict => Self::conflict(text),
            AcceptTermsError::Fault(fault) => fault.into(),
        }
    }
}
