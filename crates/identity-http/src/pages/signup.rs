//! Signing up.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    flow::registration::{RegisterError, VerifyCodeError, Waiting},
    model::{
        custom_field::FieldPlace,
        registration::{NotAdmitted, RegistrationMode},
    },
    value::TokenSecret,
};

use super::{
    common::{MessageParts, PageContext, QueryOrDefault, Wanted, Way},
    declared::{self, FieldView},
    error::PageError,
    link::kept,
};
use crate::{
    app::App,
    problem::whole_seconds,
    text::{Texts, countries},
    view::{Action, Choice, Frame, MessageKind},
    web::{
        client::From as ClientOf,
        cookies::CookieKind,
        feedback::Feedback,
        form::{Form, FormState},
        return_to::FIELD,
    },
    wire::SignUp,
};

#[derive(Template)]
#[template(path = "signup.html")]
struct SignUpPage {
    frame: Frame,
    form: FormState,
    countries: Vec<Choice>,
    fields: Vec<FieldView>,
    way: Way,
}

/// How long a browser keeps the flow of a sign-up.
const FLOW_SECONDS: i64 = 24 * 3600;

/// What the page says where nobody can sign up.
fn closed(context: &PageContext) -> Response {
    let action = Some(Action::Link { to: "/login".to_owned(), label: context.frame.t("log-in") });
    let parts = MessageParts { key: "registration-closed", kind: MessageKind::Warning, action, links: Vec::new() };
    context.message(StatusCode::FORBIDDEN, parts)
}

/// The countries as a list, with an empty choice in front.
pub(super) fn country_choices(texts: &Texts) -> Vec<Choice> {
    let nothing = Choice { value: String::new(), label: texts.get("choose-country"), hint: None };
    let all = countries::names(texts.language());
    let all = all.iter().map(|(code, name)| Choice::new(code, name, None::<&String>));
    std::iter::once(nothing).chain(all).collect()
}

fn page(app: &App, context: &PageContext, status: StatusCode, form: FormState, way: Way) -> Response {
    let texts = context.frame.texts();
    let fields = declared::views(app, FieldPlace::Registration, texts);
    context.page(status, &SignUpPage { frame: context.frame.clone(), form, countries: country_choices(texts), fields, way })
}

pub(crate) async fn show(State(app): State<App>, context: PageContext, QueryOrDefault(query): QueryOrDefault<Wanted>) -> Response {
    if app.settings().registration.mode == RegistrationMode::Closed {
        return closed(&context);
    }
    page(&app, &context, StatusCode::OK, FormState::default(), Way::of(&app, &query.return_to))
}

pub(crate) async fn submit(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let mut form = context.accept(form)?;
    let way = Way::of(&app, &form.take(FIELD));
    let mut input: SignUp = form.input()?;
    let texts = context.frame.texts();
    input.language = Some(texts.language().to_string());
    declared::complete(&app, FieldPlace::Registration, &mut input.fields);
    let mut filled = FormState::again(&form);
    let answer = match input.read(client) {
        Ok(command) => app.flows().register.run(command).await,
        Err(unread) => {
            filled.say(unread.errors, texts);
            Err(RegisterError::Fields(app.flows().register.check(&unread.rest)))
        }
    };
    match answer {
        Ok(flow) => {
            let mut response = Redirect::to("/signup/sent").into_response();
            let kept = CookieKind::Flow.keep(&flow, Some(FLOW_SECONDS), &app.settings().public_url);
            response.headers_mut().append(header::SET_COOKIE, kept);
            return Ok(context.keeps_way(&app, way.wanted.as_ref(), response));
        }
        Err(RegisterError::NotAdmitted(NotAdmitted::Closed)) => return Ok(closed(&context)),
        Err(RegisterError::NotAdmitted(NotAdmitted::Domain)) => filled.wrong("email", texts.get("email-domain")),
        Err(RegisterError::NotAdmitted(NotAdmitted::Disposable)) => filled.wrong("email", texts.get("email-disposable")),
        Err(RegisterError::Fields(wrong)) => {
            declared::say_what_is_wrong(&app, FieldPlace::Registration, texts, &wrong, &mut filled);
        }
        Err(RegisterError::Fault(fault)) => return Err(fault.into()),
    }
    Ok(page(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, filled, way))
}

#[derive(Template)]
#[template(path = "signup_sent.html")]
struct SentPage {
    frame: Frame,
    form: FormState,
    email: String,
    has_link: bool,
    has_code: bool,
    way: Way,
    /// Seconds until the mail can be asked for again.
    again_in: u32,
}

fn sent(app: &App, context: &PageContext, status: StatusCode, waiting: &Waiting, form: FormState) -> Response {
    let verification = app.settings().registration.verification;
    let page = SentPage {
        frame: context.frame.clone(),
        form,
        email: waiting.email.as_str().to_owned(),
        has_link: verification.has_link(),
        has_code: verification.has_code(),
        way: Way { wanted: context.was_going_to(app) },
        again_in: whole_seconds(waiting.again_in),
    };
    context.page(status, &page)
}

/// The flow that the browser kept, and where its sign-up stands.
async fn flow(app: &App, context: &PageContext) -> Result<Option<(TokenSecret, Waiting)>, PageError> {
    let Some(flow) = CookieKind::Flow.read(context.headers(), &app.settings().public_url) else { return Ok(None) };
    Ok(app.flows().preview_registration.waiting(&flow).await?.map(|waiting| (flow, waiting)))
}

pub(crate) async fn show_sent(State(app): State<App>, context: PageContext) -> Result<Response, PageError> {
    Ok(match flow(&app, &context).await? {
        Some((_, waiting)) => sent(&app, &context, StatusCode::OK, &waiting, FormState::default()),
        None => Redirect::to("/signup").into_response(),
    })
}

pub(crate) async fn resend(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    context.accept_only(form, &[])?;
    let Some((flow, _)) = flow(&app, &context).await? else { return Ok(Redirect::to("/signup").into_response()) };
    match app.flows().resend_activation.by_flow(&flow, &client).await {
        Ok(()) => Ok(context.done(&app, "/signup/sent", &Feedback::ActivationResent)),
        // Nothing is answered when the mail is asked for again.
        Err(RegisterError::NotAdmitted(_) | RegisterError::Fields(_)) => Ok(closed(&context)),
        Err(RegisterError::Fault(fault)) => Err(fault.into()),
    }
}

pub(crate) async fn verify_code(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let form = context.accept_only(form, &["code"])?;
    let Some((flow, waiting)) = flow(&app, &context).await? else { return Ok(Redirect::to("/signup").into_response()) };
    let asks_again = |key| {
        let mut filled = FormState::default();
        filled.wrong("code", context.frame.t(key));
        Ok(sent(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, &waiting, filled))
    };
    // No try is counted for what was not typed, or was left out of a form that is sent again.
    let Some(code) = form.optional("code") else { return asks_again("code-missing") };
    match app.flows().verify_code.run(&flow, code, &client).await {
        Ok(secret) => Ok(kept(&app, &context, &secret)),
        Err(VerifyCodeError::Wrong) => asks_again("code-wrong"),
        Err(VerifyCodeError::Fault(fault)) => Err(fault.into()),
    }
}
