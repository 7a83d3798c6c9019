//! Who is signed in, and what they may be asked for: permission as the type a handler takes.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use identity_core::{
    access::{Administrator, Operator},
    session::SignedIn,
    value::{TokenKind, TokenSecret},
};

use crate::{
    app::App,
    problem::Problem,
    web::{
        cookies::Jar,
        forgery::{HEADER, is_token},
    },
};

/// How a session came with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// A program sent it.
    Bearer,
    /// A browser sent it by itself.
    Cookie,
}

/// A signed-in caller of the API. A browser's cookie alone changes nothing: it takes the token beside it.
pub(crate) struct Caller {
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

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let (secret, carrier) = match bearer(&parts.headers) {
            Some(secret) => (secret, Carrier::Bearer),
            None => (Jar::Session.read(&parts.headers, &app.settings().public_url), Carrier::Cookie),
        };
        let secret = secret.ok_or_else(Problem::not_signed_in)?;
        let is_safe = matches!(parts.method, Method::GET | Method::HEAD);
        let given = parts.headers.get(HEADER).and_then(|value| value.to_str().ok());
        if carrier == Carrier::Cookie && !is_safe && !is_token(&secret, given) {
            return Err(Problem::forbidden(
                "Send X-CSRF-Token beside the session cookie, as GET /api/v1/sessions/current answers it.",
            ));
        }
        let signed_in = app.flows().check_session.run(&secret).await?.ok_or_else(Problem::not_signed_in)?;
        Ok(Self { signed_in, secret, carrier })
    }
}

/// A caller who administers a company, or all of them.
pub(crate) struct ByAdministrator(pub(crate) Administrator);

impl FromRequestParts<App> for ByAdministrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let found = Administrator::of(&caller.signed_in.account);
        found.map(Self).ok_or_else(|| Problem::forbidden("Only an administrator can do this."))
    }
}

/// A caller who runs the installation.
pub(crate) struct ByOperator(pub(crate) Operator);

impl FromRequestParts<App> for ByOperator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let found = Operator::of(&caller.signed_in.account);
        found.map(Self).ok_or_else(|| Problem::forbidden("Only an operator can do this."))
    }
}
