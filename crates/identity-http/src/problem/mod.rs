//! Errors as programs read them: `application/problem+json` (RFC 9457). Each reason of a flow is the problem that callers act on, by
//! one exhaustive match in the file of its aggregate.

mod access;
mod account;
mod email_change;
mod invitation;
mod kind;
mod password;
mod privacy;
mod question;
mod recovery;
mod registration;
mod responses;
mod session;
mod terms;
mod work;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use identity_core::{change::Unavailable, flow::invitation::InvitedBy, model::account::RequiredAction, value::SignedDuration};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use self::{
    kind::ProblemKind,
    responses::{Fails, LookUp, complete},
};

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

/// The most errors in one problem document.
const MAX_ERRORS: usize = 50;

/// The most characters of a field's name that are said back.
const MAX_FIELD: usize = 100;

impl FieldProblem {
    pub(crate) fn new(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self { field: field.chars().take(MAX_FIELD).collect(), code: code.to_owned(), message: message.into() }
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
    /// What has to be done first.
    #[serde(skip_serializing_if = "Option::is_none")]
    required_action: Option<&'static str>,
    /// Who sent the invitation that a link was of.
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_by: Option<InvitedByDocument>,
}

/// Who sent an invitation.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = InvitedBy)]
struct InvitedByDocument {
    /// The inviter's full name.
    inviter: String,
    /// The company that the person was invited to.
    company: String,
}

/// What went wrong, until the request's id is known.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    kind: ProblemKind,
    detail: String,
    errors: Vec<FieldProblem>,
    retry_after_seconds: Option<u32>,
    required_action: Option<RequiredAction>,
    invited_by: Option<Box<InvitedByDocument>>,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), retry_after_seconds: None, required_action: None, invited_by: None }
    }

    pub(crate) const fn status(&self) -> StatusCode {
        self.kind.status()
    }

    /// The document that is sent for the request with this id.
    pub(crate) fn document(self, instance: String) -> ProblemDocument {
        ProblemDocument {
            kind: format!("urn:identity:problem:{}", self.kind.name()),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: self.detail,
            instance,
            errors: self.errors,
            required_action: self.required_action.map(RequiredAction::as_str),
            invited_by: self.invited_by.map(|by| *by),
        }
    }

    fn retry_after(self, after: SignedDuration) -> Self {
        Self { retry_after_seconds: Some(whole_seconds(after).max(1)), ..self }
    }

    /// The first [`MAX_ERRORS`] of them: no request is answered with more than it brought.
    pub(crate) fn with_errors(self, mut errors: Vec<FieldProblem>) -> Self {
        errors.truncate(MAX_ERRORS);
        Self { errors, ..self }
    }

    /// These errors, then those of this problem that are about other fields.
    pub(crate) fn after(self, mut errors: Vec<FieldProblem>) -> Self {
        let (problem, own) = (Self { errors: Vec::new(), ..self.clone() }, self.errors);
        let others = own.into_iter().filter(|error| errors.iter().all(|named| named.field != error.field)).collect::<Vec<_>>();
        errors.extend(others);
        problem.with_errors(errors)
    }

    pub(crate) fn invalid(errors: Vec<FieldProblem>) -> Self {
        Self::new(ProblemKind::InvalidRequest, "Mend the fields named in errors.").with_errors(errors)
    }

    pub(crate) fn field(field: &str, code: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem::new(field, code, message)])
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(ProblemKind::NotSignedIn, "Send a session token: Authorization: Bearer …")
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Forbidden, detail)
    }

    /// Something has to be done before anything else.
    pub(crate) fn required_action(action: RequiredAction) -> Self {
        let detail = match action {
            RequiredAction::ChangePassword => "Choose a new password first: PUT /api/v1/me/password.",
            RequiredAction::AcceptTerms => {
                "Accept the terms in force first: GET /api/v1/terms/current, then POST /api/v1/me/terms-acceptance."
            }
            RequiredAction::AnswerSecurityQuestions => "Answer security questions first: PUT /api/v1/me/security-questions.",
        };
        let problem = Self::new(ProblemKind::RequiredAction, detail);
        Self { required_action: Some(action), ..problem }
    }

    /// The password has to be said again first.
    pub(crate) fn reauthentication_required() -> Self {
        let detail = "Say the password again first: POST /api/v1/sessions/current/reauthenticate.";
        Self::new(ProblemKind::ReauthenticationRequired, detail)
    }

    fn throttled(retry_after: SignedDuration) -> Self {
        let detail = "Too many requests. Try again when Retry-After has passed.";
        Self::new(ProblemKind::Throttled, detail).retry_after(retry_after)
    }

    fn account_exists() -> Self {
        let detail = "Sign in with this address instead.";
        Self::new(ProblemKind::AccountExists, detail)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(ProblemKind::NotFound, "There is nothing here, or nothing you may see.")
    }

    pub(crate) fn dead_link() -> Self {
        let detail = "The link is unknown, expired, used, revoked or replaced. Ask for a new one.";
        Self::new(ProblemKind::DeadLink, detail)
    }

    /// The same, for the holder of an invitation's link.
    pub(crate) fn dead_invitation(by: Option<InvitedBy>) -> Self {
        let invited_by = by.map(|by| Box::new(InvitedByDocument { inviter: by.inviter, company: by.company.to_string() }));
        Self { invited_by, ..Self::dead_link() }
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Conflict, detail)
    }

    fn busy(retry_after: SignedDuration) -> Self {
        Self::new(ProblemKind::Busy, "Try again when Retry-After has passed.").retry_after(retry_after)
    }

    /// Our work on a request took too long.
    pub(crate) fn too_long() -> Self {
        let detail = "It took too long, and may have been done or not. Look before you try again; instance names this request.";
        Self::new(ProblemKind::TooLong, detail).retry_after(SignedDuration::from_secs(5))
    }

    /// The body of a request came too slowly. Not 408: browsers send such a request again by themselves.
    pub(crate) fn too_slow() -> Self {
        let detail = "The body came too slowly: send at least 1 KiB a second, and pause for no longer than 20 seconds.";
        Self::new(ProblemKind::TooSlow, detail)
    }

    pub(crate) fn internal() -> Self {
        Self::new(ProblemKind::Internal, "Try again later; instance names this request.")
    }
}

/// With a capital letter and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let capital = characters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{capital}{}.", characters.as_str())
}

/// A duration in seconds, rounded up: a client that waits so long has waited long enough.
pub(crate) fn whole_seconds(duration: SignedDuration) -> u32 {
    let begun = i64::from(duration.subsec_nanos() > 0);
    u32::try_from(duration.as_secs().saturating_add(begun)).unwrap_or(0)
}

/// Travels beside the response until the request's id is known; see `web::request`.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status() == StatusCode::UNAUTHORIZED {
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
            ProblemKind::Unavailable,
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
