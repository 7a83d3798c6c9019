//! Who is signed in, and what they may be asked for: permission as the type a handler takes.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use identity_core::{
    change::Unavailable,
    model::{
        access::{Administrator, Operator},
        account::RequiredAction,
        session::{CurrentUser, SignedIn},
    },
    value::{TokenKind, TokenSecret},
};

use crate::{
    app::App,
    problem::Problem,
    web::forgery::{HEADER, is_token},
};

/// How a session came with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// A program sent it.
    Bearer,
    /// A browser sent it by itself.
    Cookie,
}

/// A signed-in user of the API with nothing to do first.
pub(crate) struct LoggedIn {
    pub(crate) signed_in: CurrentUser,
    pub(crate) carrier: Carrier,
}

/// A signed-in user of the API, for the few routes that are there whatever has to be done first. A browser's cookie alone changes
/// nothing: it takes the token beside it.
pub(crate) struct LoggedInOrPending {
    pub(crate) signed_in: SignedIn,
    pub(crate) secret: TokenSecret,
    pub(crate) carrier: Carrier,
}

/// The secret in `Authorization: Bearer …`, `Some(None)` where there is one that cannot be a session's.
fn bearer(headers: &HeaderMap) -> Option<Option<TokenSecret>> {
    let value = headers.get(header::AUTHORIZATION)?;
    let text =
        value.to_str().ok().and_then(|text| text.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    Some(text.and_then(|(_, token)| TokenSecret::parse(TokenKind::Session, token.trim())))
}

/// The session that a request carries, if it carries one.
fn carried(app: &App, headers: &HeaderMap) -> Option<(TokenSecret, Carrier)> {
    match bearer(headers) {
        Some(secret) => Some((secret?, Carrier::Bearer)),
        None => Some((app.session_cookie().read(headers)?, Carrier::Cookie)),
    }
}

/// Whether another site could have made a browser send this: a cookie comes along by itself, what stands beside it does not.
fn may_be_forged(secret: &TokenSecret, carrier: Carrier, method: &Method, headers: &HeaderMap) -> bool {
    let is_safe = matches!(*method, Method::GET | Method::HEAD);
    let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
    carrier == Carrier::Cookie && !is_safe && !is_token(secret, given)
}

impl App {
    /// Who sends a request, for routes of a host's own: by `Authorization: Bearer …`, or by the cookie of the pages. For methods other
    /// than GET and HEAD a cookie counts only with the `X-CSRF-Token` beside it that `GET /api/v1/sessions/current` answers: other
    /// sites can have a browser send the cookie, and not the token (OWASP ASVS 5.0 §3.5.1). A person who has something to do first, such as
    /// choosing a new password, is not logged in until it is done.
    ///
    /// # Errors
    /// [`Unavailable`]; nothing is known of who it is.
    pub async fn signed_in(&self, method: &Method, headers: &HeaderMap) -> Result<Option<CurrentUser>, Unavailable> {
        match carried(self, headers) {
            Some((secret, carrier)) if !may_be_forged(&secret, carrier, method, headers) => {
                self.flows().check_session.run(&secret).await
            }
            _ => Ok(None),
        }
    }
}

impl FromRequestParts<App> for LoggedInOrPending {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let (secret, carrier) = carried(app, &parts.headers).ok_or_else(Problem::not_signed_in)?;
        if may_be_forged(&secret, carrier, &parts.method, &parts.headers) {
            return Err(Problem::forbidden(
                "Send X-CSRF-Token beside the session cookie, as GET /api/v1/sessions/current answers it.",
            ));
        }
        let signed_in = app.flows().check_session.signed_in(&secret).await?.ok_or_else(Problem::not_signed_in)?;
        Ok(Self { signed_in, secret, carrier })
    }
}

impl FromRequestParts<App> for LoggedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let LoggedInOrPending { signed_in, carrier, .. } = LoggedInOrPending::from_request_parts(parts, app).await?;
        let user = CurrentUser::of(signed_in, app.settings());
        let signed_in = user.map_err(|pending| Problem::required_action(pending.first))?;
        Ok(Self { signed_in, carrier })
    }
}

/// A signed-in user of the API with nothing to do first, or nothing but to answer security questions: for what that takes.
pub(crate) struct UpToQuestions {
    pub(crate) signed_in: SignedIn,
}

impl FromRequestParts<App> for UpToQuestions {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let LoggedInOrPending { signed_in, .. } = LoggedInOrPending::from_request_parts(parts, app).await?;
        match app.first_required(&signed_in.account) {
            None | Some(RequiredAction::AnswerSecurityQuestions) => Ok(Self { signed_in }),
            Some(action) => Err(Problem::required_action(action)),
        }
    }
}

/// A user who administers a company, or all of them.
pub(crate) struct ByAdministrator(pub(crate) Administrator);

impl FromRequestParts<App> for ByAdministrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let user = LoggedIn::from_request_parts(parts, app).await?;
        let found = Administrator::of(&user.signed_in);
        found.map(Self).ok_or_else(|| Problem::forbidden("Only an administrator can do this."))
    }
}

/// A user who runs the installation.
pub(crate) struct ByOperator(pub(crate) Operator);

impl FromRequestParts<App> for ByOperator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let user = LoggedIn::from_request_parts(parts, app).await?;
        let found = Operator::of(&user.signed_in);
        found.map(Self).ok_or_else(|| Problem::forbidden("Only an operator can do this."))
    }
}
