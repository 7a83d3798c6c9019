//! What a mailed link's page is reached by.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::value::{TokenId, TokenKind, TokenSecret};

use super::common::{MessageParts, Visit};
use crate::{
    app::App,
    view::{Action, MessageKind},
    web::cookies::Jar,
};

/// What a link's page is reached by.
pub(super) enum Opened {
    /// The link itself: its secret goes into a cookie, and the address bar is cleaned.
    Link(Response),
    /// The clean address, with the secret from the cookie.
    Page(TokenId, TokenSecret),
    /// Nothing that works.
    Dead(Option<TokenId>),
    /// The clean address without its cookie.
    NoCookie,
}

/// Reads the last part of the address of a page for links of one kind.
pub(super) fn opened(app: &App, visit: &Visit, kind: TokenKind, text: &str) -> Opened {
    let url = &app.settings().public_url;
    if let Some(secret) = TokenSecret::parse(kind, text) {
        return Opened::Link(kept(app, &secret));
    }
    let Ok(id) = text.parse::<TokenId>() else { return Opened::Dead(None) };
    match Jar::Link(kind, id).read(visit.headers(), url).filter(|secret| secret.id() == id) {
        Some(secret) => Opened::Page(id, secret),
        None => Opened::NoCookie,
    }
}

/// Leads to the clean address of a link's page, with the secret in a cookie.
pub(super) fn kept(app: &App, secret: &TokenSecret) -> Response {
    let page = secret.kind().page().unwrap_or_default();
    let mut response = Redirect::to(&format!("/{page}/{}", secret.id())).into_response();
    response.headers_mut().append(header::SET_COOKIE, Jar::keep_link(secret, &app.settings().public_url));
    // The address of this answer holds the secret: it is named to nobody, not even to ourselves.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The answer with the link's cookie taken away: it is used up.
pub(super) fn used(app: &App, (kind, id): (TokenKind, TokenId), mut response: Response) -> Response {
    let gone = Jar::Link(kind, id).forget(&app.settings().public_url);
    response.headers_mut().append(header::SET_COOKIE, gone);
    response
}

pub(super) fn no_cookie(visit: &Visit) -> Response {
    let parts = MessageParts { key: "no-cookie", kind: MessageKind::Warning, action: None, links: Vec::new() };
    visit.message(StatusCode::BAD_REQUEST, parts)
}

/// The address has an account already.
pub(super) fn account_exists(visit: &Visit) -> Response {
    let action = Some(Action::Link { to: "/login".to_owned(), label: visit.frame.t("log-in") });
    let links = vec![("/forgot-password".to_owned(), visit.frame.t("forgot-password"))];
    visit.message(StatusCode::CONFLICT, MessageParts { key: "account-exists", kind: MessageKind::Warning, action, links })
}
