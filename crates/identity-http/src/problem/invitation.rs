//! Invitations, and what becomes of them.

use identity_core::flow::{
    invitation::{AcceptAccessError, AcceptError, DeclineError, InviteError, ManageError, PreviewError},
    submission::Refusal,
};

use super::{FieldProblem, Problem, ProblemKind, account::wrong_answers, password::faults_of};

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        let text = error.to_string();
        match error {
            InviteError::UnknownCompany => Self::field("company_id", "unknown_company", text),
            InviteError::Roles(_) => Self::field("roles", "not_grantable", text),
            InviteError::Subscriptions(_) => Self::field("subscriptions", "not_grantable", text),
            InviteError::Language => Self::field("language", "unknown_language", text),
            InviteError::Lifetime(_) => Self::field("expires_in", "too_long", text),
            InviteError::OwnAddress => Self::field("email", "own_address", text),
            InviteError::AccountDisabled => Self::field("email", "account_disabled", text),
            InviteError::Note => Self::field("note", "company_not_trusted", text),
            InviteError::Conflict => Self::conflict(text),
            InviteError::Fault(fault) => fault.into(),
        }
    }
}

impl From<ManageError> for Problem {
    fn from(error: ManageError) -> Self {
        let text = error.to_string();
        match error {
            ManageError::NotFound => Self::not_found(),
            ManageError::NotPending(_) => Self::new(ProblemKind::NotPending, text),
            ManageError::CannotGrant => Self::forbidden(text),
            ManageError::BadExpiry(_) => Self::field("expires_at", "out_of_range", text),
            ManageError::Conflict => Self::conflict(text),
            ManageError::Fault(fault) => fault.into(),
        }
    }
}

impl From<PreviewError> for Problem {
    fn from(error: PreviewError) -> Self {
        match error {
            PreviewError::DeadLink(invited_by) => Self::dead_invitation(invited_by),
            PreviewError::Fault(fault) => fault.into(),
        }
    }
}

impl From<DeclineError> for Problem {
    fn from(error: DeclineError) -> Self {
        match error {
            DeclineError::DeadLink => Self::dead_link(),
            DeclineError::Fault(fault) => fault.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut errors = Vec::new();
        if refusal.email {
            errors.push(FieldProblem::new("email", "missing_field", "Say the address of the first operator."));
        }
        errors.extend(faults_of(&refusal.password, refusal.confirmation));
        if refusal.terms {
            errors.push(FieldProblem::new(
                "accept_terms",
                "terms",
                "Accept the terms in force: send the version that preview answers.",
            ));
        }
        errors.extend(wrong_answers(&refusal.fields));
        Self::invalid(errors)
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::DeadLink => Self::dead_link(),
            AcceptError::AddressTaken => Self::new(
                ProblemKind::AccountExists,
                "Sign in with this address, and accept with it: POST /api/v1/me/invitations/accept.",
            ),
            AcceptError::Refused(refusal) => refusal.into(),
            AcceptError::Fault(fault) => fault.into(),
        }
    }
}

impl From<AcceptAccessError> for Problem {
    fn from(error: AcceptAccessError) -> Self {
        let text = error.to_string();
        match error {
            AcceptAccessError::DeadLink => Self::dead_link(),
            AcceptAccessError::WrongAccount => Self::new(ProblemKind::WrongAccount, text),
            AcceptAccessError::OtherCompany => Self::new(ProblemKind::OtherCompany, text),
            AcceptAccessError::Terms => {
                Self::field("accept_terms", "terms", "Accept the terms in force: send the version that preview answers.")
            }
            AcceptAccessError::Conflict => Self::conflict(text),
            AcceptAccessError::Fault(fault) => fault.into(),
        }
    }
}
