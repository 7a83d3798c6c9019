//! What pages have in common: who looks at them, in which language, and what they say when something is wrong.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use identity_core::{
    change::Unavailable,
    model::{
        account::RequiredAction,
        session::{CurrentUser, SignedIn},
    },
    port::{EntropyError, IdSource},
    value::{Language, TokenKind, TokenSecret},
};

use serde::{Deserialize, de::DeserializeOwned};

use super::{
    again::FreshToken,
    error::{PageError, ReaderLanguage},
};
use crate::{
    app::App,
    text::negotiated,
    view::{Action, Frame, Message, MessageKind, Person, page},
    web::{
        cookies::CookieKind,
        feedback::Feedback,
        forgery::{self, is_from_own_page, is_token},
        form::Form,
        hint::Hint,
        return_to::{ReturnTo, on_the_way, page_of},
    },
};

/// What a page is made from: the session of its browser, or the secret that the browser was given, and the frame.
#[derive(Clone)]
pub(crate) struct PageContext {
    pub(crate) frame: Frame,
    pub(crate) signed_in: Option<SignedIn>,
    seed: TokenSecret,
    /// What comes with the page: the cookie of a browser that is new, the end of what was said once.
    cookies: Vec<HeaderValue>,
    headers: HeaderMap,
}

impl FromRequestParts<App> for PageContext {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let context = Self::of(app, &parts.method, &parts.headers).await?;
        if let Some(reader) = parts.extensions.get::<ReaderLanguage>() {
            reader.set(context.frame.texts().language());
        }
        Ok(context)
    }
}

impl PageContext {
    async fn of(app: &App, method: &Method, headers: &HeaderMap) -> Result<Self, Unavailable> {
        let url = &app.settings().public_url;
        let session = app.session_cookie().read(headers);
        let signed_in = match &session {
            Some(secret) => app.flows().check_session.signed_in(secret).await?,
            None => None,
        };
        let (seed, fresh) = match (session.filter(|_| signed_in.is_some()), CookieKind::Visit.read(headers, url)) {
            (Some(session), _) => (session, None),
            (None, Some(seed)) => (seed, None),
            (None, None) => {
                let ids = IdSource::new(app.now(), app.entropy());
                let seed = ids.secret(TokenKind::Visit).map_err(|error: EntropyError| Unavailable::from(error))?;
                let cookie = CookieKind::Visit.keep(&seed, None, url);
                (seed, Some(cookie))
            }
        };
        let language = signed_in
            .as_ref()
            .map_or_else(|| negotiated(headers, &app.settings().languages), |signed_in| signed_in.account.language.clone());
        let person = signed_in.as_ref().map(|signed_in| Person::from(&signed_in.account));
        let token = forgery::token(&seed, app.entropy()).map_err(Unavailable::from)?;
        let mut frame = Frame::new(app, &language, token, person);
        if let Some(signed_in) = &signed_in {
            frame = frame.in_zone(&signed_in.account.preferences.time_zone);
        }
        let feedback = Feedback::read(method, headers, &seed, url);
        frame.feedback = feedback.as_ref().map(|done| done.view(frame.texts()));
        let cookies = fresh.into_iter().chain(feedback.map(|_| Feedback::forget(url))).collect();
        Ok(Self { frame, signed_in, seed, cookies, headers: headers.clone() })
    }

    /// The same, in another language.
    pub(crate) fn in_language(mut self, language: &Language) -> Self {
        self.frame = self.frame.in_language(language);
        self
    }

    /// Where this browser was going before it asked for a mail.
    pub(super) fn was_going_to(&self, app: &App) -> Option<ReturnTo> {
        Hint::ReturnTo.read(&self.headers, &app.settings().public_url).and_then(|text| app.wanted(&text))
    }

    /// The answer to asking for a mail, with where the person was going kept until the mail's link is used.
    pub(super) fn keeps_way(&self, app: &App, wanted: Option<&ReturnTo>, mut response: Response) -> Response {
        let url = &app.settings().public_url;
        let cookie = match wanted {
            Some(wanted) => Hint::ReturnTo.keep(wanted.as_str(), url),
            None if Hint::ReturnTo.read(&self.headers, url).is_some() => Hint::ReturnTo.forget(url),
            None => return response,
        };
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The form, if it comes from a page that this browser was sent.
    pub(crate) fn accept(&self, form: Form) -> Result<Form, PageError> {
        self.sent(&form)?;
        Ok(form)
    }

    /// The same, where it has no other fields than these.
    pub(crate) fn accept_only(&self, form: Form, fields: &[&str]) -> Result<Form, PageError> {
        self.sent(&form)?;
        Ok(form.only(fields)?)
    }

    /// Whether the form comes from a page that this browser was sent.
    pub(super) fn sent(&self, form: &Form) -> Result<(), PageError> {
        if is_token(&self.seed, Some(form.get(forgery::FIELD))) {
            return Ok(());
        }
        // A page of ours from before somebody logged in or out in another tab: the person decides whether it is sent again.
        Err(if is_from_own_page(&self.headers) { PageError::Stale(self.fresh_token()) } else { PageError::Forged })
    }

    /// Whether this is the token of a page that this browser was sent.
    pub(crate) fn carries(&self, token: Option<&str>) -> Result<(), PageError> {
        if is_token(&self.seed, token) { Ok(()) } else { Err(PageError::Forged) }
    }

    /// Leads on after a form, to a page that says what was done.
    pub(crate) fn done(&self, app: &App, to: &str, done: &Feedback) -> Response {
        self.saying(app, Redirect::to(to).into_response(), done)
    }

    /// The same answer, and the page that follows says what was done.
    pub(crate) fn saying(&self, app: &App, mut response: Response, done: &Feedback) -> Response {
        response.headers_mut().append(header::SET_COOKIE, done.keep(&self.seed, &app.settings().public_url));
        response
    }

    /// A page.
    pub(crate) fn page(&self, status: StatusCode, template: &impl askama::Template) -> Response {
        self.with_cookie(page(status, template))
    }

    /// A page that says one thing.
    pub(crate) fn message(&self, status: StatusCode, message: MessageParts) -> Response {
        let MessageParts { key, kind, action, links } = message;
        let frame = self.frame.clone();
        let heading = frame.t(&format!("{key}-heading"));
        let paragraphs = vec![frame.tp(&format!("{key}-text"))];
        self.page(status, &Message { frame, heading, paragraphs, kind, action, links })
    }

    fn fresh_token(&self) -> FreshToken {
        FreshToken { token: self.frame.csrf.clone(), cookies: self.cookies.clone() }
    }

    fn with_cookie(&self, mut response: Response) -> Response {
        for cookie in &self.cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        response
    }
}

/// A page that says one thing, by the key of its texts.
pub(crate) struct MessageParts {
    pub(crate) key: &'static str,
    pub(crate) kind: MessageKind,
    pub(crate) action: Option<Action>,
    pub(crate) links: Vec<(String, String)>,
}

/// The context of a page for somebody who is signed in with nothing to do first; everybody else is sent to the login, or to what is to be
/// done.
pub(crate) struct SignedInPage {
    pub(crate) context: PageContext,
    pub(crate) signed_in: CurrentUser,
}

/// The context of a page for somebody who is signed in, for the few pages that are there whatever has to be done first.
pub(crate) struct LoggedInOrPendingPage {
    pub(crate) context: PageContext,
    pub(crate) signed_in: SignedIn,
}

impl FromRequestParts<App> for LoggedInOrPendingPage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let mut context = PageContext::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        match context.signed_in.take() {
            Some(signed_in) => Ok(Self { context, signed_in }),
            None => Err(by("/login", app, parts).into_response()),
        }
    }
}

impl FromRequestParts<App> for SignedInPage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let LoggedInOrPendingPage { context, signed_in } = LoggedInOrPendingPage::from_request_parts(parts, app).await?;
        match CurrentUser::of(signed_in, app.settings()) {
            Ok(signed_in) => Ok(Self { context, signed_in }),
            Err(pending) => Err(by(page_of(pending.first), app, parts).into_response()),
        }
    }
}

/// The context of a page for somebody who is signed in with nothing to do first, or nothing but to answer security questions: for the
/// pages that this takes.
pub(crate) struct UpToQuestionsPage {
    pub(crate) context: PageContext,
    pub(crate) signed_in: SignedIn,
}

impl FromRequestParts<App> for UpToQuestionsPage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let LoggedInOrPendingPage { context, signed_in } = LoggedInOrPendingPage::from_request_parts(parts, app).await?;
        match app.first_required(&signed_in.account) {
            None | Some(RequiredAction::AnswerSecurityQuestions) => Ok(Self { context, signed_in }),
            Some(action) => Err(by(page_of(action), app, parts).into_response()),
        }
    }
}

/// The way by a page, and back to the one that was asked for; with its query, where that can come along. A form that was sent is
/// not sent again.
fn by(page: &str, app: &App, parts: &Parts) -> Redirect {
    let asked = || {
        let whole = parts.uri.path_and_query().and_then(|whole| app.return_to(whole.as_str()));
        whole.or_else(|| app.return_to(parts.uri.path())).filter(|wanted| *wanted != app.start())
    };
    let wanted = if parts.method == Method::GET { asked() } else { None };
    Redirect::to(&wanted.map_or_else(|| page.to_owned(), |wanted| wanted.by(page)))
}

/// The page where something has to be done first, which leads on to where the person wanted to go.
pub(super) fn first(action: RequiredAction, wanted: &ReturnTo) -> Response {
    let page = page_of(action);
    let to = if *wanted == ReturnTo::default() { page.to_owned() } else { wanted.by(page) };
    Redirect::to(&to).into_response()
}

/// Where a page is asked to lead on to.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    pub(crate) return_to: String,
}

/// Where a page before the login leads on to, and its links to the others, which lead there too.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// None where nothing was asked for.
    pub(super) wanted: Option<ReturnTo>,
}

impl Way {
    pub(super) fn of(app: &App, return_to: &str) -> Self {
        Self { wanted: app.wanted(return_to) }
    }

    /// What the hidden field of a form holds.
    pub(super) fn field(&self) -> &str {
        self.wanted.as_ref().map_or("", ReturnTo::as_str)
    }

    /// A link to another page on the way.
    pub(super) fn by(&self, page: &str) -> String {
        on_the_way(page, self.wanted.as_ref())
    }
}

/// The one variable part of a page's path; what cannot be read leads nowhere.
pub(crate) struct PathParam(pub(crate) String);

impl FromRequestParts<App> for PathParam {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        match Path::from_request_parts(parts, app).await {
            Ok(Path(text)) => Ok(Self(text)),
            Err(_) => Err(PageError::NotFound),
        }
    }
}

/// A page's query; one that cannot be read asks for nothing.
pub(crate) struct QueryOrDefault<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> FromRequestParts<App> for QueryOrDefault<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(Query::from_request_parts(parts, app).await.map(|Query(asked)| asked).unwrap_or_default()))
    }
}
