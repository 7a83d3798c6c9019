//! Errors as programs read them: `application/problem+json` (RFC 9457).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use identity_core::{
    access::CatalogueError,
    account::SwitchError,
    change::Unavailable,
    company::CompanyError,
    invitation::{AcceptError, DeclineError, InviteError, ManageError, PreviewError, Refusal},
    port::WorkError,
    session::LogInError,
    terms::PublishTermsError,
    value::SignedDuration,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong with one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// The field, as the request names it.
    pub(crate) field: String,
    /// What is wrong, by a stable id.
    pub(crate) code: String,
    /// What to do about it, in English.
    pub(crate) message: String,
}

impl FieldProblem {
    pub(crate) fn new(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), code: code.to_owned(), message: message.into() }
    }
}

/// A problem document, as it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDocument {
    /// Names the kind of problem, for good: `urn:identity:problem:…`.
    #[serde(rename = "type")]
    kind: String,
    /// The kind, for people.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What to do about it.
    detail: String,
    /// The id of the request, to be found in the logs.
    instance: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldProblem>,
}

/// What went wrong, until the request's id is known.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldProblem>,
    retry_after_seconds: Option<u32>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, title, detail: detail.into(), errors: Vec::new(), retry_after_seconds: None }
    }

    /// The document that is sent for the request with this id.
    pub(crate) fn document(self, instance: String) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:identity:problem:{}", self.kind),
            title: self.title,
            status: self.status.as_u16(),
            detail: self.detail,
            instance,
            errors: self.errors,
        }
    }

    fn retry_after(self, after: SignedDuration) -> Self {
        Self { retry_after_seconds: Some(u32::try_from(after.as_secs()).unwrap_or(1).max(1)), ..self }
    }

    pub(crate) fn with_errors(self, errors: Vec<FieldProblem>) -> Self {
        Self { errors, ..self }
    }

    pub(crate) fn invalid(errors: Vec<FieldProblem>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-request",
            "The request is not valid",
            "Mend the fields named in errors.",
        )
        .with_errors(errors)
    }

    pub(crate) fn field(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem::new(field, code, message)])
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Not signed in", "Send a session token: Authorization: Bearer …")
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", "There is nothing here, or nothing you may see.")
    }

    pub(crate) fn dead_link() -> Self {
        let detail = "The link is unknown, expired, used, revoked or replaced. Ask whoever invited you for a new one.";
        Self::new(StatusCode::GONE, "dead-link", "This link does not work any more", detail)
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "It has changed in the meantime", detail)
    }

    fn busy(retry_after: SignedDuration) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too busy", "Try again when Retry-After has passed.")
            .retry_after(retry_after)
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong",
            "Try again later; instance names this request.",
        )
    }
}

/// Travels beside the response until the request's id is known; see `web::request`.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The source is for the operator alone; the boundary logs it once.
impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        log(&error);
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Temporarily unavailable",
            "Nothing was changed, or it cannot be told. Try again later; instance names this request.",
        )
        .retry_after(SignedDuration::from_secs(5))
    }
}

/// The error and its causes on one line.
pub(crate) fn log(error: &dyn std::error::Error) {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    tracing::error!(error = %text, "a part of the system is unavailable");
}

impl From<LogInError> for Problem {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Refused => Self::new(
                StatusCode::UNAUTHORIZED,
                "login-refused",
                "Login refused",
                "The e-mail address or the password is not right.",
            ),
            LogInError::Busy { retry_after } => Self::busy(retry_after),
            LogInError::Unavailable(error) => error.into(),
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
            InviteError::AccountExists => Self::new(StatusCode::CONFLICT, "account-exists", "The person has an account", text),
            InviteError::Conflict => Self::conflict(text),
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
        Self::invalid(errors)
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::DeadLink => Self::dead_link(),
            AcceptError::AddressTaken => {
                let detail = "Sign in with this address instead.";
                Self::new(StatusCode::CONFLICT, "account-exists", "This address has an account", detail)
            }
            AcceptError::Refused(refusal) => refusal.into(),
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

impl From<SwitchError> for Problem {
    fn from(error: SwitchError) -> Self {
        let text = error.to_string();
        match error {
            SwitchError::NotFound => Self::not_found(),
            SwitchError::OwnAccount | SwitchError::NotAllowed => Self::forbidden(text),
            SwitchError::Conflict => Self::conflict(text),
            SwitchError::Unavailable(error) => error.into(),
        }
    }
}
