//! Choosing and changing passwords.

use identity_core::{
    flow::password::{ChangePasswordError, Unacceptable},
    model::password::RuleId,
};

use super::{FieldProblem, Problem};
use crate::text::english_rule;

/// What is wrong with a new password and with its confirmation, by field.
pub(super) fn faults_of(broken: &[RuleId], confirmation: bool) -> impl Iterator<Item = FieldProblem> {
    let password = broken.iter().map(|rule| FieldProblem::new("password", rule.as_str(), english_rule(*rule)));
    let differs = || FieldProblem::new("password_confirmation", "confirmation", "Type the same password in both fields.");
    password.chain(confirmation.then(differs))
}

impl From<Unacceptable> for Problem {
    fn from(unacceptable: Unacceptable) -> Self {
        Self::invalid(faults_of(&unacceptable.password, unacceptable.confirmation).collect())
    }
}

impl From<ChangePasswordError> for Problem {
    fn from(error: ChangePasswordError) -> Self {
        let text = error.to_string();
        match error {
            ChangePasswordError::WrongPassword(faults) => {
                let mut errors = vec![FieldProblem::new("current_password", "wrong_password", text)];
                errors.extend(faults_of(&faults.password, faults.confirmation));
                Self::invalid(errors)
            }
            ChangePasswordError::Refused(unacceptable) => unacceptable.into(),
            ChangePasswordError::Conflict => Self::conflict(text),
            ChangePasswordError::Fault(fault) => fault.into(),
        }
    }
}
