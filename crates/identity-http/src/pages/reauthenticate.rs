//! The password, asked for again before what is sensitive.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{password::Candidate, session::ReauthenticateError};
use serde::Deserialize;

use super::common::{Asked, PageError, UpToQuestionsPage, Visit};
use crate::{
    app::App,
    problem::Problem,
    view::Frame,
    web::{
        client::From as ClientOf,
        form::{Filled, Form},
    },
};

/// The pages that it leads back to; the first one where another was asked for.
const RETURNS: &[&str] = &[
    "/account/security",
    "/account/security/email",
    "/account",
    "/account/security/questions",
    super::own_data::HERE,
    super::welcome::security_questions::HERE,
];

#[derive(Template)]
#[template(path = "reauthenticate.html")]
struct ReauthenticatePage {
    frame: Frame,
    form: Filled,
    email: String,
    return_to: &'static str,
}

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ReturnTo {
    #[serde(default)]
    return_to: String,
}

fn one_of_ours(wanted: &str) -> &'static str {
    RETURNS.iter().copied().find(|page| *page == wanted).unwrap_or("/account/security")
}

/// Asks for the password, and leads back to a page of the closed set.
pub(super) fn lead_back_to(page: &'static str) -> Response {
    Redirect::to(&format!("/reauthenticate?return_to={page}")).into_response()
}

fn page_of(visit: &Visit, email: &str, status: StatusCode, form: Filled, return_to: &'static str) -> Response {
    visit.page(status, &ReauthenticatePage { frame: visit.frame.clone(), form, email: email.to_owned(), return_to })
}

pub(crate) async fn show(page: UpToQuestionsPage, Asked(query): Asked<ReturnTo>) -> Response {
    let UpToQuestionsPage { visit, signed_in } = page;
    let return_to = one_of_ours(&query.return_to);
    page_of(&visit, signed_in.account.email.as_str(), StatusCode::OK, Filled::default(), return_to)
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: UpToQuestionsPage,
    ClientOf(client): ClientOf,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let UpToQuestionsPage { visit, signed_in } = page;
    let answer = async {
        let form = visit.accept(form?, &["email", "password", "return_to"], &[])?;
        let texts = visit.frame.texts();
        let mut filled = Filled::default();
        let return_to = one_of_ours(form.get("return_to"));
        let wrong = || texts.get("current-password-wrong");
        if let Some(password) = filled.read("password", Candidate::new(form.get("password")), |_| wrong()) {
            match app.flows().reauthenticate.renew(&signed_in, &password, &client).await {
                Ok(secret) => {
                    let mut response = Redirect::to(return_to).into_response();
                    let now = app.ports().clock.now();
                    for cookie in app.session_cookie().renew(&secret, &signed_in.session, now, visit.headers()) {
                        response.headers_mut().append(header::SET_COOKIE, cookie);
                    }
                    return Ok(response);
                }
                Err(ReauthenticateError::WrongPassword) => filled.wrong("password", wrong()),
                Err(ReauthenticateError::Conflict) => return Err(PageError::Conflict),
                Err(ReauthenticateError::Throttled { retry_after }) => return Err(PageError::Throttled(retry_after)),
                Err(ReauthenticateError::Busy { retry_after }) => return Err(PageError::Busy(retry_after)),
                Err(ReauthenticateError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Ok(page_of(&visit, signed_in.account.email.as_str(), StatusCode::UNPROCESSABLE_ENTITY, filled, return_to))
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_back_to_pages_of_the_set_and_nowhere_else() {
        for page in RETURNS {
            assert_eq!(one_of_ours(page), *page);
        }
        for other in ["", "//evil.example", "https://evil.example", "/account/security/", "/admin", "/logout"] {
            assert_eq!(one_of_ours(other), "/account/security", "{other}");
        }
    }
}
