//! Accounts, their profiles and their onboarding.

use identity_core::{
    flow::{
        account::{AdministrationError, EditAccountError, RefusedEdit, RefusedPicture, SetPictureError},
        onboarding::CloseStepError,
    },
    model::custom_field::WrongAnswer,
};

use super::{FieldProblem, Problem, ProblemKind, sentence};

/// Answers to the operator's fields that cannot be kept.
pub(super) fn wrong_answers(wrong: &[WrongAnswer]) -> impl Iterator<Item = FieldProblem> {
    wrong
        .iter()
        .map(|wrong| FieldProblem::new(&format!("fields.{}", wrong.key), wrong.error.code(), sentence(&wrong.error.to_string())))
}

impl From<AdministrationError> for Problem {
    fn from(error: AdministrationError) -> Self {
        let text = error.to_string();
        match error {
            AdministrationError::NotFound => Self::not_found(),
            AdministrationError::OwnAccount | AdministrationError::NotAllowed => Self::forbidden(text),
            AdministrationError::Conflict => Self::conflict(text),
            AdministrationError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RefusedPicture> for Problem {
    fn from(refused: RefusedPicture) -> Self {
        let text = refused.to_string();
        match refused {
            RefusedPicture::TooLarge => Self::new(ProblemKind::TooLarge, text),
            RefusedPicture::UnknownType => Self::new(ProblemKind::NotAPicture, text),
            RefusedPicture::TooManyPixels
            | RefusedPicture::Damaged
            | RefusedPicture::SquareOutside
            | RefusedPicture::NotOffered => Self::field("picture", refused.as_str(), text),
        }
    }
}

impl From<SetPictureError> for Problem {
    fn from(error: SetPictureError) -> Self {
        let text = error.to_string();
        match error {
            SetPictureError::Refused(refused) => refused.into(),
            SetPictureError::Conflict => Self::conflict(text),
            SetPictureError::Fault(fault) => fault.into(),
        }
    }
}

impl From<RefusedEdit> for Problem {
    fn from(refused: RefusedEdit) -> Self {
        let mut errors = Vec::new();
        if refused.phone {
            let message = "Send a number that there can be, with + and the country's code, such as +49 30 123456.";
            errors.push(FieldProblem::new("phone", "unknown_number", message));
        }
        if refused.language {
            errors.push(FieldProblem::new("language", "unknown_language", "Pages and mails do not exist in this language."));
        }
        errors.extend(refused.notifications.iter().map(|key| {
            FieldProblem::new(&format!("notifications.{key}"), "unknown_kind", "Send keys that GET /api/v1/me answers.")
        }));
        errors.extend(wrong_answers(&refused.fields));
        Self::invalid(errors)
    }
}

impl From<EditAccountError> for Problem {
    fn from(error: EditAccountError) -> Self {
        let text = error.to_string();
        match error {
            EditAccountError::Refused(refused) => refused.into(),
            EditAccountError::Conflict => Self::conflict(text),
            EditAccountError::Fault(fault) => fault.into(),
        }
    }
}

impl From<CloseStepError> for Problem {
    fn from(error: CloseStepError) -> Self {
        let text = error.to_string();
        match error {
            CloseStepError::UnknownStep => Self::not_found(),
            CloseStepError::Conflict => Self::conflict(text),
            CloseStepError::Fault(fault) => fault.into(),
        }
    }
}
