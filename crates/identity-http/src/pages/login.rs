//! Signing in and out.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    password::Candidate,
    registration::RegistrationMode,
    session::{LogInCommand, LogInError},
    value::EmailAddress,
};
use serde::Deserialize;

use super::common::{Asked, PageError, Visit};
use crate::{
    app::App,
    problem::Problem,
    view::{Action, Frame, Message, MessageKind},
    web::{
        client::From as ClientOf,
        cookies::Jar,
        form::{Filled, Form},
    },
};

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    form: Filled,
    return_to: String,
    /// Whether people can sign up by themselves.
    is_open: bool,
}

/// Where to go on after signing in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ReturnTo {
    #[serde(default)]
    return_to: String,
}

/// A path of our own pages, and nothing that a browser could take for another place.
fn own_path(wanted: &str) -> &str {
    let is_plain = wanted.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'));
    let is_own = wanted == "/account"
        || wanted == "/change-password"
        || wanted == "/admin"
        || wanted.starts_with("/account/")
        || wanted.starts_with("/admin/");
    if is_plain && is_own && !wanted.contains("//") { wanted } else { "/account" }
}

fn page(app: &App, visit: &Visit, form: Filled, return_to: &str) -> LoginPage {
    let is_open = app.settings().registration.mode != RegistrationMode::Closed;
    LoginPage { frame: visit.frame.clone(), form, return_to: return_to.to_owned(), is_open }
}

pub(crate) async fn show(State(app): State<App>, visit: Visit, Asked(query): Asked<ReturnTo>) -> Response {
    let return_to = own_path(&query.return_to);
    if visit.signed_in.is_some() {
        return Redirect::to(return_to).into_response();
    }
    visit.page(StatusCode::OK, &page(&app, &visit, Filled::default(), return_to))
}

pub(crate) async fn submit(
    State(app): State<App>,
    visit: Visit,
    ClientOf(client): ClientOf,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let form = visit.accept(form?, &["email", "password", "remember", "return_to"], &[])?;
        let texts = visit.frame.texts();
        let mut filled = Filled::again(&form, &["email", "remember"]);
        let email = filled.read("email", EmailAddress::parse(form.get("email").trim()), |_| texts.get("email-form"));
        let typed = form.get("password");
        let password = if typed.is_empty() {
            Err(texts.get("password-missing"))
        } else {
            Candidate::new(typed).map_err(|_| texts.get("login-refused"))
        };
        let password = filled.read("password", password, |message| message);
        let return_to = own_path(form.get("return_to")).to_owned();
        let remember = form.is_ticked("remember");
        let device = Jar::Device.read(visit.headers(), &app.settings().public_url);
        let refused = match email.zip(password) {
            None => None,
            Some((email, password)) => {
                match app.flows().log_in.run(LogInCommand { email, password, remember, device, client }).await {
                    Ok(logged_in) => {
                        // The older session of this browser ends: nothing of it is carried over.
                        if let Some(older) = &visit.signed_in {
                            app.flows().log_out.run(older).await?;
                        }
                        let url = &app.settings().public_url;
                        let seconds = remember.then(|| app.settings().session_limits.remember.as_seconds());
                        let mut response = Redirect::to(&return_to).into_response();
                        response.headers_mut().append(header::SET_COOKIE, Jar::Session.keep(&logged_in.secret, seconds, url));
                        response.headers_mut().append(header::SET_COOKIE, Jar::Visit.forget(url));
                        if let Some(device) = &logged_in.device {
                            response.headers_mut().append(header::SET_COOKIE, Jar::keep_device(device, url));
                        }
                        return Ok(response);
                    }
                    Err(LogInError::Refused) => Some(texts.get("login-refused")),
                    Err(LogInError::Throttled { retry_after }) => return Err(PageError::Throttled(retry_after)),
                    Err(LogInError::Busy { retry_after }) => return Err(PageError::Busy(retry_after)),
                    Err(LogInError::Unavailable(error)) => return Err(error.into()),
                }
            }
        };
        let status = if refused.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::UNPROCESSABLE_ENTITY };
        if let Some(message) = refused {
            filled.wrong("email", message);
        }
        Ok(visit.page(status, &page(&app, &visit, filled, &return_to)))
    };
    answer.await.map_err(|error: PageError| error.answer(&app, visit.headers()))
}

pub(crate) async fn ask_log_out(visit: Visit) -> Response {
    if visit.signed_in.is_none() {
        return Redirect::to("/login").into_response();
    }
    let frame = visit.frame.clone();
    let page = Message {
        heading: frame.t("log-out-heading"),
        paragraphs: vec![frame.tp("log-out-text")],
        kind: MessageKind::Warning,
        action: Some(Action::Submit { to: "/logout".to_owned(), label: frame.t("log-out") }),
        links: vec![("/account".to_owned(), frame.t("your-account"))],
        frame,
    };
    visit.page(StatusCode::OK, &page)
}

pub(crate) async fn log_out(State(app): State<App>, visit: Visit, form: Result<Form, Problem>) -> Result<Response, Response> {
    let answer = async {
        visit.accept(form?, &[], &[])?;
        if let Some(signed_in) = &visit.signed_in {
            app.flows().log_out.run(signed_in).await?;
        }
        let mut response = Redirect::to("/login").into_response();
        let headers = response.headers_mut();
        for jar in [Jar::Session, Jar::Flow] {
            headers.append(header::SET_COOKIE, jar.forget(&app.settings().public_url));
        }
        // Not "cookies": that would take the one by which this browser is known at the next login, and those of sibling hosts.
        headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
        Ok(response)
    };
    answer.await.map_err(|error: PageError| error.answer(&app, visit.headers()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_returned_to() {
        for own in ["/account", "/admin", "/admin/invitations", "/account/settings"] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "",
            "//evil.example",
            "/\\evil.example",
            "/////e.com",
            "/%09/e",
            "https:e",
            "https://e",
            "/account\r\nX: y",
            "/account@e",
            "/admin//e",
            "/logout",
        ] {
            assert_eq!(own_path(other), "/account", "{other:?}");
        }
    }
}
