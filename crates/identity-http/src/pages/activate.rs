//! Completing a registration: setting the password.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::Response,
};
use identity_core::{
    field::Place,
    invitation::Refusal,
    password::PersonalWords,
    registration::{CompleteCommand, CompleteError, Completed, PreviewRegistrationError, RegistrationPreview},
    value::{CompanyName, TimeZone, TokenId, TokenKind},
};

use super::{
    common::{MessageParts, PageError, Segment, Visit},
    declared::{self, FieldView},
    legal::rendered,
    link::{Opened, account_exists, no_cookie, opened, used},
    new_password::{self, NewPasswordView, Owner},
    signup::{Names, country_choices},
};
use crate::{
    app::App,
    problem::Problem,
    view::{Action, Choice, Frame, MessageKind},
    web::{
        client::From as ClientOf,
        cookies::Jar,
        form::{Filled, Form},
    },
};

/// The links of this page.
const KIND: TokenKind = TokenKind::Activation;

#[derive(Template)]
#[template(path = "activate.html")]
struct ActivatePage {
    frame: Frame,
    form: Filled,
    link: TokenId,
    countries: Vec<Choice>,
    fields: Vec<FieldView>,
    new_password: NewPasswordView,
    terms: String,
    terms_version: u32,
    approval: bool,
}

fn dead(visit: &Visit) -> Response {
    let frame = &visit.frame;
    let action = Some(Action::Link { to: "/signup".to_owned(), label: frame.t("sign-up-again") });
    let links = vec![("/login".to_owned(), frame.t("dead-link-log-in"))];
    visit.message(StatusCode::GONE, MessageParts { key: "dead-activation", kind: MessageKind::Warning, action, links })
}

fn page_of(
    app: &App,
    visit: &Visit,
    status: StatusCode,
    link: TokenId,
    preview: &RegistrationPreview,
    form: Filled,
    refusal: Option<&Refusal>,
) -> Response {
    let texts = visit.frame.texts();
    let judged = refusal.and_then(|refusal| new_password::judged(refusal, &form));
    let mut words = PersonalWords::default();
    words.add(&app.settings().product_name);
    let (_, markdown) = preview.terms.text_for(texts.language()).unwrap_or((texts.language(), ""));
    let page = ActivatePage {
        frame: visit.frame.clone(),
        form: form.with("email", Some(preview.registration.email.as_str())),
        link,
        countries: country_choices(texts),
        fields: declared::views(app, Place::Registration, texts),
        new_password: NewPasswordView::of(app, texts, Owner::New, &words, judged.as_ref()),
        terms: rendered(markdown),
        terms_version: preview.terms.number,
        approval: preview.approval,
    };
    visit.page(status, &page)
}

pub(crate) async fn show(State(app): State<App>, visit: Visit, Segment(link): Segment) -> Result<Response, Response> {
    let answer = async {
        let (id, secret) = match opened(&app, &visit, KIND, &link) {
            Opened::Link(response) => return Ok(response),
            Opened::Dead(_) => return Ok(dead(&visit)),
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Page(id, secret) => (id, secret),
        };
        match app.flows().preview_registration.run(&secret).await {
            Ok(preview) => {
                let registration = &preview.registration;
                let visit = visit.clone().in_language(&registration.language);
                let form = Filled::default()
                    .with("first_name", Some(&registration.first_name))
                    .with("last_name", Some(&registration.last_name))
                    .with("company_name", Some(&registration.company_name))
                    .with("country", Some(registration.country));
                let form = declared::filled(&app, Place::Registration, &registration.answers, form);
                Ok(page_of(&app, &visit, StatusCode::OK, id, &preview, form, None))
            }
            Err(PreviewRegistrationError::DeadLink) => Ok(dead(&visit)),
            Err(PreviewRegistrationError::AddressTaken) => Ok(account_exists(&visit)),
            Err(PreviewRegistrationError::Unavailable(error)) => Err(PageError::from(error)),
        }
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}

const FIELDS: [&str; 10] = [
    "first_name",
    "last_name",
    "company_name",
    "country",
    "email",
    "password",
    "password_confirmation",
    "accept_terms",
    "terms_version",
    "time_zone",
];
const SHOWN_AGAIN: [&str; 5] = ["first_name", "last_name", "company_name", "country", "accept_terms"];

pub(crate) async fn submit(
    State(app): State<App>,
    visit: Visit,
    ClientOf(client): ClientOf,
    Segment(link): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let declared = declared::names(&app, Place::Registration);
        let known = FIELDS.into_iter().chain(declared.iter().map(String::as_str)).collect::<Vec<_>>();
        let form = visit.accept(form?, &known, &[])?;
        let (id, secret) = match opened(&app, &visit, KIND, &link) {
            Opened::Page(id, secret) => (id, secret),
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Link(_) | Opened::Dead(_) => return Ok(dead(&visit)),
        };
        let preview = match app.flows().preview_registration.run(&secret).await {
            Ok(preview) => preview,
            Err(PreviewRegistrationError::DeadLink) => return Ok(dead(&visit)),
            Err(PreviewRegistrationError::AddressTaken) => return Ok(account_exists(&visit)),
            Err(PreviewRegistrationError::Unavailable(error)) => return Err(error.into()),
        };
        let visit = visit.clone().in_language(&preview.registration.language);
        let texts = visit.frame.texts();
        let (mut filled, fields) = declared::read(&app, Place::Registration, &form, Filled::again(&form, &SHOWN_AGAIN));
        let names = Names::read(&mut filled, &form, texts);
        let passwords = new_password::read(&mut filled, &form, texts);
        let accepted_terms = form.get("terms_version").parse().ok().filter(|_| form.is_ticked("accept_terms"));
        let (names, password, password_confirmation) = match (names, passwords) {
            (Some(names), Some((password, confirmation))) => (names, password, confirmation),
            (_, passwords) => {
                // What the flow would say of the rest is said now, and not only after this is mended.
                let mut refusal = Refusal {
                    terms: accepted_terms != Some(preview.terms.number),
                    fields: declared::judge(&app, Place::Registration, &fields),
                    ..Refusal::default()
                };
                if let Some((password, confirmation)) = passwords {
                    let company = CompanyName::parse(form.get("company_name")).ok();
                    let email = Some(&preview.registration.email);
                    refusal.password = new_password::broken_rules(&app, &password, &form, email, company.as_ref()).await?;
                    refusal.confirmation = !password.is_same(&confirmation);
                }
                return Ok(refused(&app, &visit, id, &preview, filled, &refusal));
            }
        };
        let command = CompleteCommand {
            secret,
            first_name: Some(names.first_name),
            last_name: Some(names.last_name),
            company_name: Some(names.company_name),
            country: Some(names.country),
            password,
            password_confirmation,
            accepted_terms,
            language: Some(texts.language().clone()),
            // As the browser says it; nobody typed it, so nothing is said where it is none.
            time_zone: TimeZone::parse(form.get("time_zone")).ok(),
            fields: Some(fields),
            client,
        };
        match app.flows().complete_registration.run(command).await {
            Ok(completed) => {
                let (status, key) = match completed {
                    Completed::Account(_) => (StatusCode::CREATED, "registered"),
                    Completed::AwaitingApproval => (StatusCode::ACCEPTED, "awaiting-approval"),
                };
                let to_login = Action::Link { to: "/login".to_owned(), label: visit.frame.t("log-in") };
                let action = (status == StatusCode::CREATED).then_some(to_login);
                let parts = MessageParts { key, kind: MessageKind::Good, action, links: Vec::new() };
                let mut response = used(&app, (KIND, id), visit.message(status, parts));
                // Where this browser signed up itself, that is over with it.
                let gone = Jar::Flow.forget(&app.settings().public_url);
                response.headers_mut().append(header::SET_COOKIE, gone);
                Ok(response)
            }
            Err(CompleteError::DeadLink) => Ok(dead(&visit)),
            Err(CompleteError::AddressTaken) => Ok(account_exists(&visit)),
            Err(CompleteError::Refused(refusal)) => Ok(refused(&app, &visit, id, &preview, filled, &refusal)),
            Err(CompleteError::Throttled { retry_after }) => Err(PageError::Throttled(retry_after)),
            Err(CompleteError::Busy { retry_after }) => Err(PageError::Busy(retry_after)),
            Err(CompleteError::Unavailable(error)) => Err(error.into()),
        }
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}

fn refused(
    app: &App,
    visit: &Visit,
    id: TokenId,
    preview: &RegistrationPreview,
    mut filled: Filled,
    refusal: &Refusal,
) -> Response {
    let texts = visit.frame.texts();
    declared::say_what_is_wrong(app, Place::Registration, texts, &refusal.fields, &mut filled);
    new_password::say_what_is_wrong(&mut filled, texts, &refusal.password, refusal.confirmation);
    if refusal.terms {
        filled.wrong("accept_terms", texts.get("accept-terms-form"));
    }
    page_of(app, visit, StatusCode::UNPROCESSABLE_ENTITY, id, preview, filled, Some(refusal))
}
