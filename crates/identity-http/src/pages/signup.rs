//! Signing up.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    flow::registration::{RegisterCommand, RegisterError, VerifyCodeError, Waiting},
    model::{
        custom_field::FieldPlace,
        registration::{NotAdmitted, Registration, RegistrationMode},
    },
    value::{CompanyName, CountryCode, EmailAddress, PersonName, TokenSecret},
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

const FIELDS: [&str; 5] = ["first_name", "last_name", "company_name", "country", "email"];

/// The names, company and country of a form.
pub(super) struct Names {
    pub(super) first_name: PersonName,
    pub(super) last_name: PersonName,
    pub(super) company_name: CompanyName,
    pub(super) country: CountryCode,
}

impl Names {
    /// What a sign-up said.
    pub(super) fn of(registration: &Registration) -> Self {
        Self {
            first_name: registration.first_name.clone(),
            last_name: registration.last_name.clone(),
            company_name: registration.company_name.clone(),
            country: registration.country,
        }
    }

    pub(super) fn read(filled: &mut FormState, form: &Form, texts: &Texts) -> Option<Self> {
        let first_name =
            filled.read("first_name", PersonName::parse(form.get("first_name")), |error| texts.name("first-name", error));
        let last_name = filled.read("last_name", PersonName::parse(form.get("last_name")), |error| texts.name("last-name", error));
        let company = CompanyName::parse(form.get("company_name"));
        let company_name = filled.read("company_name", company, |_| texts.get("company-form"));
        let country = filled.read("country", CountryCode::parse(form.get("country")), |_| texts.get("country-form"));
        Some(Self { first_name: first_name?, last_name: last_name?, company_name: company_name?, country: country? })
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    context: PageContext,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let declared = declared::names(&app, FieldPlace::Registration);
    let known = FIELDS.into_iter().chain([FIELD]).chain(declared.iter().map(String::as_str)).collect::<Vec<_>>();
    let form = context.accept(form, &known, &[])?;
    let way = Way::of(&app, form.get(FIELD));
    let texts = context.frame.texts();
    let (mut filled, fields) = declared::read(&app, FieldPlace::Registration, &form, FormState::again(&form, &FIELDS));
    let names = Names::read(&mut filled, &form, texts);
    let email = filled.read("email", EmailAddress::parse(form.get("email").trim()), |_| texts.get("email-form"));
    let wrong = declared::validate(&app, FieldPlace::Registration, &fields);
    declared::say_what_is_wrong(&app, FieldPlace::Registration, texts, &wrong, &mut filled);
    let Some((names, email)) = names.zip(email).filter(|_| !filled.is_wrong()) else {
        return Ok(page(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, filled, way));
    };
    let Names { first_name, last_name, company_name, country } = names;
    let language = Some(texts.language().clone());
    let command = RegisterCommand { email, first_name, last_name, company_name, country, language, fields, client };
    match app.flows().register.run(command).await {
        Ok(flow) => {
            let mut response = Redirect::to("/signup/sent").into_response();
            let kept = CookieKind::Flow.keep(&flow, Some(FLOW_SECONDS), &app.settings().public_url);
            response.headers_mut().append(header::SET_COOKIE, kept);
            Ok(context.keeps_way(&app, way.wanted.as_ref(), response))
        }
        Err(RegisterError::NotAdmitted(NotAdmitted::Closed)) => Ok(closed(&context)),
        Err(RegisterError::NotAdmitted(refused)) => {
            let key = if refused == NotAdmitted::Domain { "email-domain" } else { "email-disposable" };
            filled.wrong("email", texts.get(key));
            Ok(page(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, filled, way))
        }
        Err(RegisterError::Fields(wrong)) => {
            declared::say_what_is_wrong(&app, FieldPlace::Registration, texts, &wrong, &mut filled);
            Ok(page(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, filled, way))
        }
        Err(RegisterError::Fault(fault)) => Err(fault.into()),
    }
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
    context.accept(form, &[], &[])?;
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
    let form = context.accept(form, &["code"], &[])?;
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
