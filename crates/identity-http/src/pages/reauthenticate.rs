//! The password, asked for again before what is sensitive.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::flow::session::ReauthenticateError;

use super::{
    common::{PageContext, QueryOrDefault, UpToQuestionsPage, Wanted},
    error::PageError,
    login::lead_on,
};
use crate::{
    app::App,
    view::Frame,
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
        return_to::{FIELD, ReturnTo},
    },
    wire::Reauthenticate,
};

/// Where it leads on to where nothing that may be returned to was asked for.
const START: &str = "/account/security";

#[derive(Template)]
#[template(path = "reauthenticate.html")]
struct ReauthenticatePage {
    frame: Frame,
    form: FormState,
    email: String,
    return_to: String,
}

/// Asks for the password, and leads back to a page of ours.
pub(super) fn lead_back_to(page: &'static str) -> Response {
    Redirect::to(&format!("/reauthenticate?return_to={page}")).into_response()
}

fn wanted(app: &App, text: &str) -> ReturnTo {
    app.return_to(text).unwrap_or_else(|| ReturnTo::Own(START.to_owned()))
}

fn page_of(context: &PageContext, email: &str, status: StatusCode, form: FormState, return_to: &ReturnTo) -> Response {
    let (email, return_to) = (email.to_owned(), return_to.as_str().to_owned());
    context.page(status, &ReauthenticatePage { frame: context.frame.clone(), form, email, return_to })
}

pub(crate) async fn show(
    State(app): State<App>,
    page: UpToQuestionsPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Response {
    let UpToQuestionsPage { context, signed_in } = page;
    let return_to = wanted(&app, &query.return_to);
    page_of(&context, signed_in.account.email.as_str(), StatusCode::OK, FormState::default(), &return_to)
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: UpToQuestionsPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let UpToQuestionsPage { context, signed_in } = page;
    let mut form = context.accept(form)?;
    let return_to = wanted(&app, &form.take(FIELD));
    // It is on the page for password managers.
    form.take("email");
    let texts = context.frame.texts();
    let mut filled = FormState::default();
    let input: Reauthenticate = form.input()?;
    let is_missing = input.password.expose().is_empty();
    let answer = match input.read() {
        Ok(password) => app.flows().reauthenticate.renew(&signed_in, &password, &client).await,
        // No password is so long.
        Err(_) => Err(ReauthenticateError::WrongPassword),
    };
    match answer {
        Ok(secret) => {
            let mut response = lead_on(&context, &return_to);
            let url = &app.settings().public_url;
            response.headers_mut().append(header::SET_COOKIE, Feedback::PasswordConfirmed.keep(&secret, url));
            let now = app.now();
            for cookie in app.session_cookie().renew(&secret, &signed_in.session, now, context.headers()) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            return Ok(response);
        }
        Err(ReauthenticateError::WrongPassword) => {
            filled.wrong("password", texts.get(if is_missing { "password-missing" } else { "current-password-wrong" }));
        }
        Err(ReauthenticateError::Conflict) => return Err(PageError::Conflict),
        Err(ReauthenticateError::Fault(fault)) => return Err(fault.into()),
    }
    Ok(page_of(&context, signed_in.account.email.as_str(), StatusCode::UNPROCESSABLE_ENTITY, filled, &return_to))
}
