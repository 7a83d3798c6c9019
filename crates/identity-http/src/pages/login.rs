//! Signing in and out.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    change::Unavailable,
    flow::session::{LogInCommand, LogInError},
    model::{account::Account, registration::RegistrationMode},
    port::{EntropyError, IdSource},
    value::{EmailAddress, TokenKind},
};
use url::Url;

use super::common::{PageContext, QueryOrDefault, Wanted, Way};
use super::error::PageError;
use crate::{
    app::App,
    view::{self, Action, Frame, Message, MessageKind},
    web::{
        client::From as ClientOf,
        cookies::CookieKind,
        feedback::Feedback,
        form::{Form, FormState},
        hint::{self, Hint},
        return_to::{FIELD, ReturnTo, is_link_page, page_of},
    },
    wire::LogIn,
};

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    form: FormState,
    return_to: String,
    way: Way,
    /// Whether people can sign up by themselves.
    is_open: bool,
}

/// Says that one is signed in and leads on by itself. A redirect would not do after a form: browsers hold it, and every one that
/// follows from it, against the policy's `form-action`.
#[derive(Template)]
#[template(path = "onward.html")]
struct OnwardPage {
    frame: Frame,
    to: String,
    place: String,
}

/// Where somebody who is signed in goes on: what has to be done first leads on itself.
fn next(app: &App, account: &Account, wanted: &ReturnTo) -> ReturnTo {
    match (wanted, app.first_required(account)) {
        (ReturnTo::Elsewhere(_), Some(action)) => ReturnTo::Own(wanted.by(page_of(action))),
        _ => wanted.clone(),
    }
}

fn page(app: &App, context: &PageContext, form: FormState, return_to: &str) -> LoginPage {
    let way = Way::of(app, return_to);
    let wanted = way.wanted.clone().unwrap_or_else(|| app.start());
    let is_open = app.settings().registration.mode != RegistrationMode::Closed;
    LoginPage { frame: context.frame.clone(), form, return_to: wanted.as_str().to_owned(), way, is_open }
}

pub(crate) async fn show(State(app): State<App>, context: PageContext, QueryOrDefault(query): QueryOrDefault<Wanted>) -> Response {
    let wanted = app.return_to(&query.return_to).unwrap_or_else(|| app.start());
    if let Some(signed_in) = &context.signed_in {
        return Redirect::to(next(&app, &signed_in.account, &wanted).as_str()).into_response();
    }
    let address = hint::address(context.headers(), &app.settings().public_url);
    let form = FormState::default().with("email", address.as_ref().map(EmailAddress::as_str));
    context.page(StatusCode::OK, &page(&app, &context, form, &query.return_to))
}

pub(crate) async fn submit(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    if let Some(to) = already_in(&app, &context, &form) {
        return Ok(lead_on(&context, &to));
    }
    let mut form = context.accept(form)?;
    let wanted = form.take(FIELD);
    let texts = context.frame.texts();
    let mut filled = FormState::again(&form);
    let input: LogIn = form.input()?;
    let (is_missing, remember) = (input.password.expose().is_empty(), input.remember);
    let command = input.read(client);
    let device = CookieKind::Device.read(context.headers(), &app.settings().public_url);
    let refused = match command {
        Err(errors) => {
            filled.say(errors, texts);
            None
        }
        // Said below.
        Ok(_) if is_missing => None,
        Ok(command) => {
            match app.flows().log_in.run(LogInCommand { device, replaces: context.signed_in.clone(), ..command }).await {
                Ok(logged_in) => {
                    let url = &app.settings().public_url;
                    let seconds = remember.then(|| app.settings().session_limits.remember.as_seconds());
                    let wanted = app.return_to(&wanted).unwrap_or_else(|| app.start());
                    let wanted = app.by_setup(&logged_in.account, wanted).await;
                    // Terms that may wait for longer are shown once: at the login.
                    let to = match logged_in.offered_terms {
                        Some(_) => ReturnTo::Own(wanted.by("/terms/accept")),
                        None => next(&app, &logged_in.account, &wanted),
                    };
                    let mut response = lead_on(&context, &to);
                    for cookie in app.session_cookie().keep(&logged_in.secret, seconds, context.headers()) {
                        response.headers_mut().append(header::SET_COOKIE, cookie);
                    }
                    response.headers_mut().append(header::SET_COOKIE, CookieKind::Visit.forget(url));
                    for hint in Hint::ALL.into_iter().filter(|hint| hint.read(context.headers(), url).is_some()) {
                        response.headers_mut().append(header::SET_COOKIE, hint.forget(url));
                    }
                    if let Some(device) = &logged_in.device {
                        response.headers_mut().append(header::SET_COOKIE, CookieKind::keep_device(device, url));
                    }
                    return Ok(response);
                }
                Err(LogInError::Refused) => Some((StatusCode::UNAUTHORIZED, texts.get("login-refused"))),
                Err(LogInError::AwaitingApproval) => Some((StatusCode::FORBIDDEN, texts.get("login-awaits-approval"))),
                Err(LogInError::Fault(fault)) => return Err(fault.into()),
            }
        }
    };
    if is_missing {
        filled.wrong("password", texts.get("password-missing"));
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some((refused, message)) = refused {
        status = refused;
        filled.wrong("email", message);
    }
    Ok(context.page(status, &page(&app, &context, filled, &wanted)))
}

/// Where somebody goes on who sends the form of another tab, and has logged in with that address meanwhile: nothing is done.
fn already_in(app: &App, context: &PageContext, form: &Form) -> Option<ReturnTo> {
    let account = &context.signed_in.as_ref()?.account;
    let typed = EmailAddress::parse(form.get("email").trim()).ok()?;
    let wanted = || app.return_to(form.get(FIELD)).unwrap_or_else(|| app.start());
    (typed.canonical() == account.email.canonical()).then(|| next(app, account, &wanted()))
}

/// Leads on after a form.
pub(super) fn lead_on(context: &PageContext, to: &ReturnTo) -> Response {
    match to {
        ReturnTo::Own(path) => Redirect::to(path).into_response(),
        ReturnTo::Elsewhere(place) => onward(context, place),
    }
}

fn onward(context: &PageContext, to: &Url) -> Response {
    let place = to.host_str().unwrap_or_default().to_owned();
    view::page(StatusCode::OK, &OnwardPage { frame: context.frame.clone(), to: to.to_string(), place })
}

pub(crate) async fn ask_log_out(context: PageContext) -> Response {
    if context.signed_in.is_none() {
        return Redirect::to("/login").into_response();
    }
    let frame = context.frame.clone();
    let page = Message {
        heading: frame.t("log-out-heading"),
        paragraphs: vec![frame.tp("log-out-text")],
        kind: MessageKind::Warning,
        action: Some(Action::Submit { to: "/logout".to_owned(), label: frame.t("log-out") }),
        links: vec![("/account".to_owned(), frame.t("your-account"))],
        frame,
    };
    context.page(StatusCode::OK, &page)
}

pub(crate) async fn log_out(State(app): State<App>, context: PageContext, form: Form) -> Result<Response, PageError> {
    let form = context.accept_only(form, &[FIELD])?;
    if let Some(signed_in) = &context.signed_in {
        app.flows().log_out.run(signed_in).await?;
    }
    // People who opened somebody else's link come back to it.
    let link = Some(form.get(FIELD)).filter(|page| is_link_page(page));
    let mut response = Redirect::to(link.unwrap_or("/login")).into_response();
    let headers = response.headers_mut();
    for cookie in app.session_cookie().forget(context.headers()) {
        headers.append(header::SET_COOKIE, cookie);
    }
    let url = &app.settings().public_url;
    headers.append(header::SET_COOKIE, CookieKind::Flow.forget(url));
    // Nobody is logged in on the next page: it is one of a browser that is new.
    let ids = IdSource::new(app.now(), app.entropy());
    let seed = ids.secret(TokenKind::Visit).map_err(|error: EntropyError| Unavailable::from(error))?;
    headers.append(header::SET_COOKIE, CookieKind::Visit.keep(&seed, None, url));
    headers.append(header::SET_COOKIE, Feedback::LoggedOut.keep(&seed, url));
    // Not "cookies": that would take the one by which this browser is known at the next login, and those of sibling hosts.
    headers.insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
