//! What a page says in place of what was asked for, in the reader's language.

use std::sync::{Arc, OnceLock};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use identity_core::{
    change::Unavailable,
    flow::{Fault, account::SetPictureError},
    port::WorkError,
    value::{Language, SignedDuration},
};

use super::again::{FreshToken, Later};
use crate::{
    app::App,
    problem::{Problem, log, whole_seconds},
    text::negotiated,
    view::{Action, Frame, Message, MessageKind, page},
};

/// Why there is no page, or not the one that was asked for.
#[derive(Clone, Debug)]
pub(crate) enum PageError {
    /// The form does not come from a page that this browser was sent, or cookies are off.
    Forged,
    /// The form comes from a page of ours that this browser was sent before somebody logged in or out; this is the token of now.
    Stale(FreshToken),
    /// There is nothing there, or nothing this person may see.
    NotFound,
    /// This person may not do that; the text says why, in the reader's language.
    Forbidden(Option<String>),
    /// It has changed in the meantime.
    Conflict,
    /// Too many passwords are being judged or hashed.
    Busy(SignedDuration),
    /// Too many requests from this network, or for this address.
    Throttled(SignedDuration),
    /// The same as a program is told.
    Problem(Problem),
    /// A part of the system could not do its work; the log says why.
    Unavailable,
}

impl From<Unavailable> for PageError {
    fn from(error: Unavailable) -> Self {
        log(&error);
        Self::Unavailable
    }
}

impl From<WorkError> for PageError {
    fn from(error: WorkError) -> Self {
        Fault::from(error).into()
    }
}

impl From<Fault> for PageError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::RateLimited { retry_after } => Self::Throttled(retry_after),
            Fault::Busy { retry_after } => Self::Busy(retry_after),
            Fault::Unavailable(error) => error.into(),
        }
    }
}

impl From<SetPictureError> for PageError {
    fn from(error: SetPictureError) -> Self {
        match error {
            SetPictureError::Refused(_) => Self::Problem(error.into()),
            SetPictureError::Conflict => Self::Conflict,
            SetPictureError::Fault(fault) => fault.into(),
        }
    }
}

impl From<Problem> for PageError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl PageError {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Stale(_) | Self::Conflict => StatusCode::CONFLICT,
            Self::Forged | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Busy(_) | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Problem(problem) => problem.status(),
        }
    }

    /// The texts that say so: `<key>-heading` and `<key>-text`.
    const fn key(&self) -> &'static str {
        match self {
            Self::Stale(_) => "stale",
            Self::Forged => "forged",
            Self::NotFound => "not-found",
            Self::Forbidden(_) => "forbidden",
            Self::Conflict => "conflict",
            Self::Busy(_) => "busy",
            Self::Throttled(_) => "throttled",
            Self::Problem(problem) => key_of(problem.status()),
            Self::Unavailable => "unavailable",
        }
    }

    /// In how many seconds it may be tried again.
    fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Busy(after) | Self::Throttled(after) => Some(whole_seconds(*after).max(1)),
            Self::Unavailable => Some(5),
            _ => None,
        }
    }

    /// The page that says so.
    pub(super) fn page(self, app: &App, language: &Language) -> Response {
        let frame = Frame::new(app, language, String::new(), None);
        let (status, key, retry_after) = (self.status(), self.key(), self.retry_after());
        let text = match (&self, retry_after) {
            (Self::Forbidden(Some(reason)), _) => reason.clone(),
            (Self::Throttled(_), Some(seconds)) => format!("{} {}", frame.tp("throttled-text"), wait(&frame, seconds)),
            _ => frame.tp(&format!("{key}-text")),
        };
        let heading = frame.t(&format!("{key}-heading"));
        let action = Some(Action::Link { to: "/".to_owned(), label: frame.t("go-to-start") });
        let message = Message { frame, heading, paragraphs: vec![text], kind: MessageKind::Warning, action, links: Vec::new() };
        let mut response = page(status, &message);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let fresh = if let Self::Stale(token) = self { Some(token) } else { None };
        if retry_after.is_some() || fresh.is_some() {
            response.extensions_mut().insert(Later { message, seconds: retry_after.unwrap_or(0), fresh });
        }
        response
    }
}

/// Travels beside the response to [`answer_errors`], which knows the reader's language.
impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The language of the person who is signed in, once a handler knows it.
#[derive(Clone, Debug, Default)]
pub(super) struct ReaderLanguage(Arc<OnceLock<Language>>);

impl ReaderLanguage {
    pub(super) fn set(&self, language: &Language) {
        self.0.get_or_init(|| language.clone());
    }
}

/// Answers what went wrong with a page, in the reader's language: that of the account, or else what the browser asks for.
pub(crate) async fn answer_errors(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let reader = ReaderLanguage::default();
    request.extensions_mut().insert(reader.clone());
    let asked = negotiated(request.headers(), &app.settings().languages);
    let mut response = next.run(request).await;
    let extensions = response.extensions_mut();
    let error = extensions.remove::<PageError>().or_else(|| extensions.remove::<Problem>().map(PageError::Problem));
    match error {
        Some(error) => error.page(&app, reader.0.get().unwrap_or(&asked)),
        None => response,
    }
}

/// The texts of a page that says what a problem document would.
const fn key_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "other-site",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::INTERNAL_SERVER_ERROR | StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        _ => "bad-request",
    }
}

/// How long to wait, in the unit that people would say it in.
fn wait(frame: &Frame, seconds: u32) -> String {
    if seconds < 60 {
        frame.texts().counted("wait-seconds", seconds)
    } else if seconds < 60 * 60 {
        frame.texts().counted("wait-minutes", seconds.div_ceil(60))
    } else {
        frame.texts().counted("wait-hours", seconds.div_ceil(60 * 60))
    }
}

/// A problem as the page that says so, where a browser asked for a page: outside the API, with HTML among what it takes.
pub(crate) fn for_readers(app: &App, reader: Option<&HeaderMap>, problem: Problem) -> Result<Response, Problem> {
    match reader {
        Some(headers) => Ok(PageError::Problem(problem).page(app, &negotiated(headers, &app.settings().languages))),
        None => Err(problem),
    }
}

/// The headers of a request that asks for a page.
pub(crate) fn reader(path: &str, headers: &HeaderMap) -> Option<HeaderMap> {
    let takes_html = |value: &HeaderValue| value.to_str().is_ok_and(|kinds| kinds.contains("text/html"));
    let is_for_programs = path == "/api" || path.starts_with("/api/");
    let is_reader = !is_for_programs && headers.get_all(header::ACCEPT).iter().any(takes_html);
    is_reader.then(|| {
        let language = headers.get(header::ACCEPT_LANGUAGE).cloned();
        language.map(|language| (header::ACCEPT_LANGUAGE, language)).into_iter().collect()
    })
}

/// Where no route leads.
pub(crate) async fn not_found(State(app): State<App>, headers: HeaderMap, uri: axum::http::Uri) -> Response {
    if uri.path().starts_with("/api/") {
        Problem::not_found().into_response()
    } else {
        PageError::NotFound.page(&app, &negotiated(&headers, &app.settings().languages))
    }
}
