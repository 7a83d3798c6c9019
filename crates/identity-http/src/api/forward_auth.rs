//! The session check for proxies that stand before other services.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use identity_core::{
    model::account::Account,
    value::{RoleKey, SubscriptionKey},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Problem, ProblemDocument},
    web::{query::Query, return_to::ReturnTo},
};

const ACCOUNT: HeaderName = HeaderName::from_static("identity-account");
const EMAIL: HeaderName = HeaderName::from_static("identity-email");
const ROLES: HeaderName = HeaderName::from_static("identity-roles");
const SUBSCRIPTIONS: HeaderName = HeaderName::from_static("identity-subscriptions");
const LOGIN: HeaderName = HeaderName::from_static("identity-login");

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(check))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ForwardAuthQuery {
    /// Whether a browser that opens a page is answered 303 to the login instead of 401: for proxies that hand our answer on.
    #[serde(default)]
    redirect: bool,
}

/// Whether somebody is signed in with nothing to do first, and who: for proxies, which ask before they pass a request on.
///
/// Where the request came to is read from `X-Original-URL`, or from `X-Forwarded-Proto`, `-Host` and `-Uri`, and only for the way
/// back from the login, where it is at one of `http.return_to_origins`.
#[utoipa::path(get, path = "/forward-auth", operation_id = "forward_auth", tag = "sessions", security(("bearer" = [])), params(ForwardAuthQuery),
    responses((status = 204, description = "Signed in: the headers say who. An empty one is sent too, so that it replaces a client's", headers(
            ("Identity-Account" = String, description = "The account's id"),
            ("Identity-Email" = String, description = "The account's address, in ASCII"),
            ("Identity-Roles" = String, description = "The keys of the roles, with commas between them"),
            ("Identity-Subscriptions" = String, description = "The keys of the subscriptions, with commas between them"))),
        (status = 303, description = "Not signed in, to a browser, with redirect=true: to the login",
            headers(("Location" = String, description = "The login"))),
        (status = 401, description = "Not signed in, or something has to be done first", body = ProblemDocument, content_type = "application/problem+json",
            headers(("Identity-Login" = String, description = "The address of the login, with the way back")))))]
async fn check(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    Query(query): Query<ForwardAuthQuery>,
) -> Result<Response, Problem> {
    if let Some(signed_in) = app.signed_in(&method, &headers).await? {
        return identity(&signed_in.account);
    }
    let login = value(&login(&app, &headers))?;
    if query.redirect && opens_a_page(&headers) {
        return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, login)]).into_response());
    }
    let mut response = Problem::not_signed_in().into_response();
    response.headers_mut().insert(LOGIN, login);
    Ok(response)
}

fn identity(account: &Account) -> Result<Response, Problem> {
    let list = |keys: Vec<&str>| value(&keys.join(","));
    let headers = [
        (ACCOUNT, value(&account.id.to_string())?),
        (EMAIL, value(account.email.as_str())?),
        (ROLES, list(account.roles.iter().map(RoleKey::as_str).collect())?),
        (SUBSCRIPTIONS, list(account.subscriptions.iter().map(SubscriptionKey::as_str).collect())?),
    ];
    Ok((StatusCode::NO_CONTENT, headers).into_response())
}

/// Ids, keys, addresses and links are ASCII without control characters by their types; anything else lets nobody in.
fn value(text: &str) -> Result<HeaderValue, Problem> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    HeaderValue::from_str(text).ok().filter(|_| is_plain).ok_or_else(Problem::internal)
}

/// The login, with the way back where it may be gone.
fn login(app: &App, headers: &HeaderMap) -> String {
    let wanted = original(headers).and_then(|text| app.return_to(&text));
    let path = match wanted {
        Some(wanted @ ReturnTo::Elsewhere(_)) => wanted.by("/login"),
        _ => "/login".to_owned(),
    };
    format!("{}{path}", app.settings().public_url)
}

/// The address that the client asked the proxy for, as the proxy says it.
fn original(headers: &HeaderMap) -> Option<String> {
    if headers.contains_key("x-original-url") {
        return only(headers, "x-original-url").map(str::to_owned);
    }
    let [scheme, host, path] = ["x-forwarded-proto", "x-forwarded-host", "x-forwarded-uri"].map(|name| only(headers, name));
    let path = path.filter(|path| path.starts_with('/'))?;
    Some(format!("{}://{}{path}", scheme?, host?))
}

/// A header that was sent once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() { None } else { first.to_str().ok() }
}

/// Whether a browser wants a page to show: a script that fetches something could not follow to the login.
fn opens_a_page(headers: &HeaderMap) -> bool {
    let takes_pages =
        headers.get_all(header::ACCEPT).iter().any(|value| value.to_str().is_ok_and(|text| text.contains("text/html")));
    takes_pages && headers.get("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
}
