//! Each reason of a flow as the problem that callers act on: one exhaustive match each.

use axum::http::StatusCode;
use identity_core::{
    access::CatalogueError,
    account::{AdministrationError, EditAccountError, RefusedEdit, RefusedPicture, SetPictureError},
    company::CompanyError,
    email_change::{ConfirmEmailChangeError, EmailChangeError, UndoEmailChangeError},
    field::WrongAnswer,
    invitation::{AcceptAccessError, AcceptError, DeclineError, InviteError, ManageError, PreviewError, Refusal},
    own_data::{DeleteAccountError, ExportOwnDataError, UndoDeletionError},
    password::{ChangePasswordError, Unacceptable},
    port::WorkError,
    question::{AnswerFault, AskedQuestion, RefusedAnswers, SecurityQuestions, SetSecurityAnswersError},
    recovery::{AssistedResetError, PreviewRecoveryError, RecoveryError, ReportError, ResetError},
    registration::{CompleteError, DecisionError, NotAdmitted, PreviewRegistrationError, RegisterError, VerifyCodeError},
    session::{LogInError, ManageSessionsError, ReauthenticateError},
    setup::CloseStepError,
    terms::{AcceptTermsError, PublishTermsError},
    throttle::Closed,
};

use super::{FieldProblem, Problem};
use crate::wire::sentence;

impl From<LogInError> for Problem {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Refused => Self::new(
                StatusCode::UNAUTHORIZED,
                "login-refused",
                "Login refused",
                "The e-mail address or the password is not right.",
            ),
            LogInError::Throttled { retry_after } => Self::throttled(retry_after),
            LogInError::Busy { retry_after } => Self::busy(retry_after),
            LogInError::Unavailable(error) => error.into(),
        }
    }
}

impl From<Closed> for Problem {
    fn from(error: Closed) -> Self {
        match error {
            Closed::Throttled { retry_after } => Self::throttled(retry_after),
            Closed::Unavailable(error) => error.into(),
        }
    }
}

impl From<WorkError> for Problem {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Busy { retry_after } => Self::busy(retry_after),
            WorkError::Unavailable(error) => error.into(),
        }
    }
}

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
            InviteError::Conflict => Self::conflict(text),
            InviteError::Throttled { retry_after } => Self::throttled(retry_after),
            InviteError::Unavailable(error) => error.into(),
        }
    }
}

impl From<ManageError> for Problem {
    fn from(error: ManageError) -> Self {
        let text = error.to_string();
        match error {
            ManageError::NotFound => Self::not_found(),
            ManageError::NotPending(_) => Self::new(StatusCode::CONFLICT, "not-pending", "The invitation is over", text),
            ManageError::CannotGrant => Self::forbidden(text),
            ManageError::BadExpiry(_) => Self::field("expires_at", "out_of_range", text),
            ManageError::Conflict => Self::conflict(text),
            ManageError::Throttled { retry_after } => Self::throttled(retry_after),
            ManageError::Unavailable(error) => error.into(),
        }
    }
}

impl From<PreviewError> for Problem {
    fn from(error: PreviewError) -> Self {
        match error {
            PreviewError::DeadLink => Self::dead_link(),
            PreviewError::Unavailable(error) => error.into(),
        }
    }
}

impl From<DeclineError> for Problem {
    fn from(error: DeclineError) -> Self {
        match error {
            DeclineError::DeadLink => Self::dead_link(),
            DeclineError::Unavailable(error) => error.into(),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut errors = Vec::new();
        if refusal.email {
            errors.push(FieldProblem::new("email", "missing_field", "Say the address of the first operator."));
        }
        errors.extend(
            refusal.password.iter().map(|rule| FieldProblem::new("password", rule.as_str(), crate::text::english_rule(*rule))),
        );
        if refusal.confirmation {
            errors.push(FieldProblem::new("password_confirmation", "confirmation", "Type the same password in both fields."));
        }
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

/// Answers to the operator's fields that cannot be kept.
fn wrong_answers(wrong: &[WrongAnswer]) -> impl Iterator<Item = FieldProblem> {
    wrong
        .iter()
        .map(|wrong| FieldProblem::new(&format!("fields.{}", wrong.key), wrong.error.code(), sentence(&wrong.error.to_string())))
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::DeadLink => Self::dead_link(),
            AcceptError::AddressTaken => Self::new(
                StatusCode::CONFLICT,
                "account-exists",
                "This address has an account",
                "Sign in with this address, and accept with it: POST /api/v1/me/invitations/accept.",
            ),
            AcceptError::Refused(refusal) => refusal.into(),
            AcceptError::Throttled { retry_after } => Self::throttled(retry_after),
            AcceptError::Busy { retry_after } => Self::busy(retry_after),
            AcceptError::Unavailable(error) => error.into(),
        }
    }
}

impl From<CompanyError> for Problem {
    fn from(error: CompanyError) -> Self {
        let text = error.to_string();
        match error {
            CompanyError::NotAllowed => Self::forbidden(text),
            CompanyError::NotFound => Self::not_found(),
            CompanyError::Conflict => Self::conflict(text),
            CompanyError::Unavailable(error) => error.into(),
        }
    }
}

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        let text = error.to_string();
        match error {
            CatalogueError::KeyTaken => Self::new(StatusCode::CONFLICT, "key-taken", "The key is taken", text),
            CatalogueError::NotFound => Self::not_found(),
            CatalogueError::BuiltIn => Self::field("grantable_by", "built_in", text),
            CatalogueError::Conflict => Self::conflict(text),
            CatalogueError::Unavailable(error) => error.into(),
        }
    }
}

impl From<PublishTermsError> for Problem {
    fn from(error: PublishTermsError) -> Self {
        let text = error.to_string();
        match error {
            PublishTermsError::MissingText(_) => Self::field("texts", "missing_text", text),
            PublishTermsError::BadText(_) => Self::field("texts", "bad_text", text),
            PublishTermsError::Past => Self::field("effective_at", "past", text),
            PublishTermsError::Conflict => Self::conflict(text),
            PublishTermsError::Unavailable(error) => error.into(),
        }
    }
}

impl From<AdministrationError> for Problem {
    fn from(error: AdministrationError) -> Self {
        let text = error.to_string();
        match error {
            AdministrationError::NotFound => Self::not_found(),
            AdministrationError::OwnAccount | AdministrationError::NotAllowed => Self::forbidden(text),
            AdministrationError::Conflict => Self::conflict(text),
            AdministrationError::Unavailable(error) => error.into(),
        }
    }
}

impl From<AssistedResetError> for Problem {
    fn from(error: AssistedResetError) -> Self {
        let text = error.to_string();
        match error {
            AssistedResetError::Administration(error) => error.into(),
            AssistedResetError::Disabled => Self::new(StatusCode::CONFLICT, "account-disabled", "The account is disabled", text),
            AssistedResetError::NoQuestion => Self::field("identity_check.method", "no_question", sentence(&text)),
            AssistedResetError::AnswerNeeded(question) => answer_needed("identity_check.security_answer", &question),
            AssistedResetError::WrongAnswer(question) => wrong_answer("identity_check.security_answer", &question),
            AssistedResetError::Throttled { retry_after } => Self::throttled(retry_after),
            AssistedResetError::Busy { retry_after } => Self::busy(retry_after),
            AssistedResetError::Unavailable(error) => error.into(),
        }
    }
}

impl From<NotAdmitted> for Problem {
    fn from(error: NotAdmitted) -> Self {
        let text = error.to_string();
        match error {
            NotAdmitted::Closed => Self::new(StatusCode::FORBIDDEN, "registration-closed", "Nobody can sign up here", text),
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
            RegisterError::Throttled { retry_after } => Self::throttled(retry_after),
            RegisterError::Unavailable(error) => error.into(),
        }
    }
}

impl From<VerifyCodeError> for Problem {
    fn from(error: VerifyCodeError) -> Self {
        let text = error.to_string();
        match error {
            VerifyCodeError::Wrong => Self::field("code", "wrong_code", text),
            VerifyCodeError::Throttled { retry_after } => Self::throttled(retry_after),
            VerifyCodeError::Busy { retry_after } => Self::busy(retry_after),
            VerifyCodeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<PreviewRegistrationError> for Problem {
    fn from(error: PreviewRegistrationError) -> Self {
        match error {
            PreviewRegistrationError::DeadLink => Self::dead_link(),
            PreviewRegistrationError::AddressTaken => Self::account_exists(),
            PreviewRegistrationError::Unavailable(error) => error.into(),
        }
    }
}

impl From<CompleteError> for Problem {
    fn from(error: CompleteError) -> Self {
        match error {
            CompleteError::DeadLink => Self::dead_link(),
            CompleteError::AddressTaken => Self::account_exists(),
            CompleteError::Refused(refusal) => refusal.into(),
            CompleteError::Throttled { retry_after } => Self::throttled(retry_after),
            CompleteError::Busy { retry_after } => Self::busy(retry_after),
            CompleteError::Unavailable(error) => error.into(),
        }
    }
}

impl From<DecisionError> for Problem {
    fn from(error: DecisionError) -> Self {
        let text = error.to_string();
        match error {
            DecisionError::NotFound => Self::not_found(),
            DecisionError::Over(_) => Self::new(StatusCode::CONFLICT, "not-waiting", "It does not wait for approval", text),
            DecisionError::AddressTaken => Self::new(StatusCode::CONFLICT, "account-exists", "The person has an account", text),
            DecisionError::Conflict => Self::conflict(text),
            DecisionError::Unavailable(error) => error.into(),
        }
    }
}

impl From<RecoveryError> for Problem {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::Throttled { retry_after } => Self::throttled(retry_after),
            RecoveryError::Unavailable(error) => error.into(),
        }
    }
}

impl From<PreviewRecoveryError> for Problem {
    fn from(error: PreviewRecoveryError) -> Self {
        match error {
            PreviewRecoveryError::DeadLink => Self::dead_link(),
            PreviewRecoveryError::Unavailable(error) => error.into(),
        }
    }
}

impl From<Unacceptable> for Problem {
    fn from(unacceptable: Unacceptable) -> Self {
        let Unacceptable { password, confirmation } = unacceptable;
        Refusal { password, confirmation, ..Refusal::default() }.into()
    }
}

impl From<ResetError> for Problem {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::DeadLink => Self::dead_link(),
            ResetError::Refused(unacceptable) => unacceptable.into(),
            ResetError::AnswerNeeded(question) => answer_needed("security_answer", &question),
            ResetError::WrongAnswer(question) => wrong_answer("security_answer", &question),
            ResetError::Throttled { retry_after } => Self::throttled(retry_after),
            ResetError::Busy { retry_after } => Self::busy(retry_after),
            ResetError::Unavailable(error) => error.into(),
        }
    }
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::DeadLink => Self::dead_link(),
            ReportError::Throttled { retry_after } => Self::throttled(retry_after),
            ReportError::Unavailable(error) => error.into(),
        }
    }
}

impl From<ChangePasswordError> for Problem {
    fn from(error: ChangePasswordError) -> Self {
        let text = error.to_string();
        match error {
            ChangePasswordError::WrongPassword => Self::field("current_password", "wrong_password", text),
            ChangePasswordError::Refused(unacceptable) => unacceptable.into(),
            ChangePasswordError::Conflict => Self::conflict(text),
            ChangePasswordError::Throttled { retry_after } => Self::throttled(retry_after),
            ChangePasswordError::Busy { retry_after } => Self::busy(retry_after),
            ChangePasswordError::Unavailable(error) => error.into(),
        }
    }
}

impl From<AcceptAccessError> for Problem {
    fn from(error: AcceptAccessError) -> Self {
        let text = error.to_string();
        match error {
            AcceptAccessError::DeadLink => Self::dead_link(),
            AcceptAccessError::WrongAccount => {
                Self::new(StatusCode::FORBIDDEN, "wrong-account", "The invitation is for another address", text)
            }
            AcceptAccessError::OtherCompany => {
                Self::new(StatusCode::CONFLICT, "other-company", "The account belongs to another company", text)
            }
            AcceptAccessError::Terms => {
                Self::field("accept_terms", "terms", "Accept the terms in force: send the version that preview answers.")
            }
            AcceptAccessError::Conflict => Self::conflict(text),
            AcceptAccessError::Throttled { retry_after } => Self::throttled(retry_after),
            AcceptAccessError::Unavailable(error) => error.into(),
        }
    }
}
impl From<ReauthenticateError> for Problem {
    fn from(error: ReauthenticateError) -> Self {
        let text = error.to_string();
        match error {
            ReauthenticateError::WrongPassword => Self::field("password", "wrong_password", text),
            ReauthenticateError::Conflict => Self::conflict(text),
            ReauthenticateError::Throttled { retry_after } => Self::throttled(retry_after),
            ReauthenticateError::Busy { retry_after } => Self::busy(retry_after),
            ReauthenticateError::Unavailable(error) => error.into(),
        }
    }
}

impl From<AcceptTermsError> for Problem {
    fn from(error: AcceptTermsError) -> Self {
        let text = error.to_string();
        match error {
            AcceptTermsError::NotInForce(_) => {
                Self::new(StatusCode::CONFLICT, "terms-changed", "Another version of the terms is in force", text)
            }
            AcceptTermsError::First(action) => Self::required_action(action),
            AcceptTermsError::Conflict => Self::conflict(text),
            AcceptTermsError::Unavailable(error) => error.into(),
        }
    }
}
impl From<ManageSessionsError> for Problem {
    fn from(error: ManageSessionsError) -> Self {
        match error {
            ManageSessionsError::NotProved => Self::reauthentication_required(),
            ManageSessionsError::NotFound => Self::not_found(),
            ManageSessionsError::Unavailable(error) => error.into(),
        }
    }
}

impl From<EmailChangeError> for Problem {
    fn from(error: EmailChangeError) -> Self {
        let text = error.to_string();
        match error {
            EmailChangeError::Same => Self::field("email", "same", text),
            EmailChangeError::WrongPassword => Self::field("current_password", "wrong_password", text),
            EmailChangeError::Conflict => Self::conflict(text),
            EmailChangeError::Throttled { retry_after } => Self::throttled(retry_after),
            EmailChangeError::Busy { retry_after } => Self::busy(retry_after),
            EmailChangeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<ConfirmEmailChangeError> for Problem {
    fn from(error: ConfirmEmailChangeError) -> Self {
        match error {
            ConfirmEmailChangeError::DeadLink => Self::dead_link(),
            ConfirmEmailChangeError::Throttled { retry_after } => Self::throttled(retry_after),
            ConfirmEmailChangeError::Unavailable(error) => error.into(),
        }
    }
}

impl From<UndoEmailChangeError> for Problem {
    fn from(error: UndoEmailChangeError) -> Self {
        match error {
            UndoEmailChangeError::DeadLink => Self::dead_link(),
            UndoEmailChangeError::Throttled { retry_after } => Self::throttled(retry_after),
            UndoEmailChangeError::Unavailable(error) => error.into(),
        }
    }
}
impl From<RefusedPicture> for Problem {
    fn from(refused: RefusedPicture) -> Self {
        let text = refused.to_string();
        match refused {
            RefusedPicture::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large", text),
            RefusedPicture::UnknownType => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-a-picture", "The body is not a picture that is taken", text)
            }
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
            SetPictureError::Busy { retry_after } => Self::busy(retry_after),
            SetPictureError::Unavailable(error) => error.into(),
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
            EditAccountError::Unavailable(error) => error.into(),
        }
    }
}

impl From<CloseStepError> for Problem {
    fn from(error: CloseStepError) -> Self {
        let text = error.to_string();
        match error {
            CloseStepError::UnknownStep => Self::not_found(),
            CloseStepError::Conflict => Self::conflict(text),
            CloseStepError::Unavailable(error) => error.into(),
        }
    }
}
fn answer_needed(field: &str, question: &AskedQuestion) -> Problem {
    Problem::field(field, "answer_needed", format!("Answer this question as well: {}", question.text))
}

fn wrong_answer(field: &str, question: &AskedQuestion) -> Problem {
    Problem::field(field, "wrong_answer", format!("This is not the answer to: {}", question.text))
}

impl From<RefusedAnswers> for Problem {
    fn from(refused: RefusedAnswers) -> Self {
        let mut errors = Vec::new();
        if let Some(number) = refused.number {
            let message = format!("Answer at least {number} questions, and no more than {}.", SecurityQuestions::MOST_ANSWERS);
            errors.push(FieldProblem::new("answers", "number", message));
        }
        errors.extend(refused.faults.iter().map(|(at, fault)| {
            let part = if fault.is_of_question() { "question" } else { "answer" };
            FieldProblem::new(&format!("answers[{at}].{part}"), fault.as_str(), what_to_answer(*fault))
        }));
        Self::invalid(errors)
    }
}

const fn what_to_answer(fault: AnswerFault) -> &'static str {
    match fault {
        AnswerFault::UnknownQuestion => "Send keys that GET /api/v1/me/security-questions answers.",
        AnswerFault::SameQuestion => "Answer each question once.",
        AnswerFault::TooShort => "Use at least 3 characters.",
        AnswerFault::TooLong => "Use at most 100 characters.",
        AnswerFault::Personal => "Use something that is not your name, address or company.",
        AnswerFault::TooSimple => "Use something that nobody tries first.",
        AnswerFault::SameAnswer => "Give each question an answer of its own.",
        AnswerFault::Password => "Use something that is not your password.",
    }
}

impl From<SetSecurityAnswersError> for Problem {
    fn from(error: SetSecurityAnswersError) -> Self {
        let text = error.to_string();
        match error {
            SetSecurityAnswersError::Off => Self::not_found(),
            SetSecurityAnswersError::NotProved => Self::reauthentication_required(),
            SetSecurityAnswersError::Refused(refused) => refused.into(),
            SetSecurityAnswersError::Conflict => Self::conflict(text),
            SetSecurityAnswersError::Throttled { retry_after } => Self::throttled(retry_after),
            SetSecurityAnswersError::Busy { retry_after } => Self::busy(retry_after),
            SetSecurityAnswersError::Unavailable(error) => error.into(),
        }
    }
}
impl From<ExportOwnDataError> for Problem {
    fn from(error: ExportOwnDataError) -> Self {
        let text = error.to_string();
        match error {
            ExportOwnDataError::NotProved => Self::reauthentication_required(),
            ExportOwnDataError::Conflict => Self::conflict(text),
            ExportOwnDataError::Throttled { retry_after } => Self::throttled(retry_after),
            ExportOwnDataError::Unavailable(error) => error.into(),
        }
    }
}

impl From<DeleteAccountError> for Problem {
    fn from(error: DeleteAccountError) -> Self {
        let text = error.to_string();
        match error {
            DeleteAccountError::NotProved => Self::reauthentication_required(),
            DeleteAccountError::NotOffered => Self::forbidden(text),
            DeleteAccountError::LastOperator => {
                Self::new(StatusCode::CONFLICT, "last-operator", "The installation needs an operator", text)
            }
            DeleteAccountError::Conflict => Self::conflict(text),
            DeleteAccountError::Unavailable(error) => error.into(),
        }
    }
}

impl From<UndoDeletionError> for Problem {
    fn from(error: UndoDeletionError) -> Self {
        let text = error.to_string();
        match error {
            UndoDeletionError::Conflict => Self::conflict(text),
            UndoDeletionError::Unavailable(error) => error.into(),
        }
    }
}
