//! Registering by invitation.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    invitation::{AcceptCommand, AcceptError, DeclineError, Preview, PreviewError, Refusal},
    password::{Candidate, PersonalWords, RuleId},
    port::WorkError,
    value::{CompanyName, EmailAddress, PersonName, TokenId, TokenKind, TokenSecret},
};

use super::common::{MessageParts, PageError, Segment, Visit};
use crate::{
    app::App,
    pages::legal::rendered,
    problem::Problem,
    view::{Action, Frame, MessageKind, Moment},
    web::{
        client::From as ClientOf,
        cookies::Jar,
        form::{Filled, Form},
    },
};

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    frame: Frame,
    form: Filled,
    link: TokenId,
    invited: Option<Invited>,
    terms: String,
    terms_version: u32,
    rules: Vec<RuleView>,
    password_rules: String,
    min_length: u32,
    personal_words: String,
    /// The set-up of an installation: the address and the company's name are asked for.
    is_set_up: bool,
}

/// Who invites, and until when.
struct Invited {
    inviter: String,
    company: String,
    until: Moment,
}

/// A rule as the list shows it.
struct RuleView {
    id: &'static str,
    text: String,
    broken: bool,
}

/// What a link's page is reached by.
enum Opened {
    /// The link itself: its secret goes into a cookie, and the address bar is cleaned.
    Link(Response),
    /// The clean address, with the secret from the cookie.
    Page(TokenId, TokenSecret),
    /// Nothing that works.
    Dead(Option<TokenId>),
    /// The clean address without its cookie.
    NoCookie,
}

fn opened(app: &App, visit: &Visit, text: &str) -> Opened {
    let url = &app.settings().public_url;
    if let Some(secret) = TokenSecret::parse(TokenKind::Invitation, text) {
        let mut response = Redirect::to(&format!("/register/{}", secret.id())).into_response();
        response.headers_mut().append(header::SET_COOKIE, Jar::keep_link(&secret, url));
        // The address of this answer holds the secret: it is named to nobody, not even to ourselves.
        response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        return Opened::Link(response);
    }
    let Ok(id) = text.parse::<TokenId>() else { return Opened::Dead(None) };
    match Jar::Link(id).read(visit.headers(), url).filter(|secret| secret.id() == id) {
        Some(secret) => Opened::Page(id, secret),
        None => Opened::NoCookie,
    }
}

fn dead(visit: &Visit, link: Option<TokenId>) -> Response {
    let frame = &visit.frame;
    let ask = link.map(|link| Action::Submit { to: format!("/register/{link}/renewal"), label: frame.t("ask-for-invitation") });
    let log_in = ("/login".to_owned(), frame.t("dead-link-log-in"));
    visit.message(StatusCode::GONE, MessageParts { key: "dead-link", kind: MessageKind::Warning, action: ask, links: vec![log_in] })
}

fn no_cookie(visit: &Visit) -> Response {
    let parts = MessageParts { key: "no-cookie", kind: MessageKind::Warning, action: None, links: Vec::new() };
    visit.message(StatusCode::BAD_REQUEST, parts)
}

fn account_exists(visit: &Visit) -> Response {
    let action = Some(Action::Link { to: "/login".to_owned(), label: visit.frame.t("log-in") });
    visit.message(
        StatusCode::CONFLICT,
        MessageParts { key: "account-exists", kind: MessageKind::Warning, action, links: Vec::new() },
    )
}

pub(crate) async fn show(
    State(app): State<App>,
    method: Method,
    visit: Visit,
    Segment(link): Segment,
) -> Result<Response, Response> {
    let answer = async {
        let (id, secret) = match opened(&app, &visit, &link) {
            Opened::Link(response) => return Ok(response),
            Opened::Dead(id) => return Ok(dead(&visit, id)),
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Page(id, secret) => (id, secret),
        };
        let found =
            if method == Method::HEAD { app.flows().preview.run(&secret).await } else { app.flows().preview.open(&secret).await };
        match found {
            Ok(preview) => {
                let visit = visit.clone().in_language(&preview.language);
                let form = Filled::default()
                    .with("first_name", preview.first_name.as_ref())
                    .with("last_name", preview.last_name.as_ref())
                    .with("email", preview.email.as_ref().map(EmailAddress::as_str));
                Ok(page_of(&app, &visit, StatusCode::OK, id, &preview, form, &[]))
            }
            Err(PreviewError::DeadLink) => Ok(dead(&visit, Some(id))),
            Err(PreviewError::Unavailable(error)) => Err(PageError::from(error)),
        }
    };
    answer.await.map_err(|error: PageError| error.answer(&app, visit.headers()))
}

/// The registration page, filled in.
fn page_of(
    app: &App,
    visit: &Visit,
    status: StatusCode,
    link: TokenId,
    preview: &Preview,
    form: Filled,
    broken: &[RuleId],
) -> Response {
    let texts = visit.frame.texts();
    let policy = &app.settings().password_policy;
    let rules = policy.rules().into_iter().filter(|rule| !matches!(rule.id, RuleId::MaxLength | RuleId::NotReused));
    let rules = rules.map(|rule| RuleView {
        id: rule.id.as_str(),
        text: texts.rule(rule.id, rule.number),
        broken: broken.contains(&rule.id),
    });
    let mut words = PersonalWords::default();
    words.add(&app.settings().product_name);
    if let Some(company) = &preview.company {
        words.add(company.as_str());
    }
    let (_, markdown) = preview.terms.text_for(texts.language()).unwrap_or((texts.language(), ""));
    let invited = preview.inviter.as_ref().zip(preview.company.as_ref()).map(|(inviter, company)| Invited {
        inviter: inviter.clone(),
        company: company.to_string(),
        until: Moment::of(preview.expires_at, texts),
    });
    let page = RegisterPage {
        frame: visit.frame.clone(),
        form,
        link,
        invited,
        terms: rendered(markdown),
        terms_version: preview.terms.number,
        rules: rules.collect(),
        password_rules: policy.password_rules_attribute(),
        min_length: policy.min_length,
        personal_words: serde_json::to_string(words.as_slice()).unwrap_or_default(),
        is_set_up: preview.email.is_none(),
    };
    visit.page(status, &page)
}

const FIELDS: [&str; 8] =
    ["first_name", "last_name", "email", "company_name", "password", "password_confirmation", "accept_terms", "terms_version"];
const SHOWN_AGAIN: [&str; 5] = ["first_name", "last_name", "email", "company_name", "accept_terms"];

pub(crate) async fn submit(
    State(app): State<App>,
    visit: Visit,
    ClientOf(client): ClientOf,
    Segment(link): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let form = visit.accept(form?, &FIELDS, &[])?;
        let (id, secret) = match opened(&app, &visit, &link) {
            Opened::Page(id, secret) => (id, secret),
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Link(_) | Opened::Dead(_) => return Ok(dead(&visit, None)),
        };
        let preview = match app.flows().preview.run(&secret).await {
            Ok(preview) => preview,
            Err(PreviewError::DeadLink) => return Ok(dead(&visit, Some(id))),
            Err(PreviewError::Unavailable(error)) => return Err(error.into()),
        };
        let visit = visit.clone().in_language(&preview.language);
        let texts = visit.frame.texts();
        let mut filled = Filled::again(&form, &SHOWN_AGAIN);
        if let Some(email) = &preview.email {
            filled = filled.with("email", Some(email.as_str()));
        }
        let first_name =
            filled.read("first_name", PersonName::parse(form.get("first_name")), |error| texts.name("first-name", error));
        let last_name = filled.read("last_name", PersonName::parse(form.get("last_name")), |error| texts.name("last-name", error));
        let email = if preview.email.is_none() {
            filled.read("email", EmailAddress::parse(form.get("email").trim()), |_| texts.get("email-form"))
        } else {
            None
        };
        let company_name = form.optional("company_name").map(CompanyName::parse).transpose();
        let company_name = filled.read("company_name", company_name, |_| texts.get("company-form")).flatten();
        let too_long = |_| texts.rule(RuleId::MaxLength, u32::try_from(Candidate::MAX_BYTES).ok());
        let password = filled.read("password", Candidate::new(form.get("password")), too_long);
        let confirmation = filled.read("password_confirmation", Candidate::new(form.get("password_confirmation")), too_long);
        let accepted_terms = form.get("terms_version").parse().ok().filter(|_| form.is_ticked("accept_terms"));
        let (first_name, last_name, password, password_confirmation) = match (first_name.zip(last_name), password.zip(confirmation))
        {
            (Some((first_name, last_name)), Some((password, confirmation))) if !filled.is_wrong() => {
                (first_name, last_name, password, confirmation)
            }
            (_, passwords) => {
                // What the flow would say of the rest is said now, and not only after this is mended.
                let mut refusal = Refusal { terms: accepted_terms != Some(preview.terms.number), ..Refusal::default() };
                if let Some((password, confirmation)) = passwords {
                    let email = preview.email.as_ref().or(email.as_ref());
                    let company = preview.company.as_ref().or(company_name.as_ref());
                    refusal.password = broken_rules(&app, &password, &form, email, company).await?;
                    refusal.confirmation = !password.is_same(&confirmation);
                }
                say_what_is_wrong(&mut filled, &refusal, &visit);
                return Ok(page_of(&app, &visit, StatusCode::UNPROCESSABLE_ENTITY, id, &preview, filled, &refusal.password));
            }
        };
        let command = AcceptCommand {
            secret,
            email,
            company_name,
            first_name,
            last_name,
            password,
            password_confirmation,
            accepted_terms,
            language: Some(texts.language().clone()),
            client,
        };
        match app.flows().accept.run(command).await {
            Ok(_) => Ok(registered(&app, &visit, id)),
            Err(AcceptError::DeadLink) => Ok(dead(&visit, Some(id))),
            Err(AcceptError::AddressTaken) => Ok(account_exists(&visit)),
            Err(AcceptError::Refused(refusal)) => {
                say_what_is_wrong(&mut filled, &refusal, &visit);
                Ok(page_of(&app, &visit, StatusCode::UNPROCESSABLE_ENTITY, id, &preview, filled, &refusal.password))
            }
            Err(AcceptError::Busy { retry_after }) => Err(PageError::Busy(retry_after)),
            Err(AcceptError::Unavailable(error)) => Err(error.into()),
        }
    };
    answer.await.map_err(|error: PageError| error.answer(&app, visit.headers()))
}

/// The rules that a password breaks, whatever the names are that were typed with it.
async fn broken_rules(
    app: &App,
    password: &Candidate,
    form: &Form,
    email: Option<&EmailAddress>,
    company: Option<&CompanyName>,
) -> Result<Vec<RuleId>, WorkError> {
    let mut words = PersonalWords::default();
    let local_part = email.and_then(|email| email.as_str().split('@').next());
    let own = [local_part, Some(form.get("first_name")), Some(form.get("last_name")), company.map(CompanyName::as_str)];
    own.into_iter().flatten().for_each(|text| words.add(text));
    words.add(&app.settings().product_name);
    Ok(app.flows().assess_password.run(password, &words).await?.broken)
}

fn say_what_is_wrong(filled: &mut Filled, refusal: &Refusal, visit: &Visit) {
    let texts = visit.frame.texts();
    if refusal.email && filled.error("email").is_none() {
        filled.wrong("email", texts.get("email-form"));
    }
    if !refusal.password.is_empty() {
        let broken = refusal.password.iter().map(|rule| texts.get(&format!("wrong-{}", rule.as_str())));
        filled.wrong("password", broken.collect::<Vec<_>>().join(" "));
    }
    if refusal.confirmation {
        filled.wrong("password_confirmation", texts.get("password-confirmation-form"));
    }
    if refusal.terms {
        filled.wrong("accept_terms", texts.get("accept-terms-form"));
    }
}

fn registered(app: &App, visit: &Visit, link: TokenId) -> Response {
    let action = Some(Action::Link { to: "/login".to_owned(), label: visit.frame.t("log-in") });
    let parts = MessageParts { key: "registered", kind: MessageKind::Good, action, links: Vec::new() };
    let mut response = visit.message(StatusCode::CREATED, parts);
    response.headers_mut().append(header::SET_COOKIE, Jar::Link(link).forget(&app.settings().public_url));
    response
}

pub(crate) async fn ask_decline(State(app): State<App>, visit: Visit, Segment(link): Segment) -> Result<Response, Response> {
    let answer = async {
        let (id, secret) = match opened(&app, &visit, &link) {
            Opened::Page(id, secret) => (id, secret),
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Link(_) | Opened::Dead(_) => return Ok(dead(&visit, None)),
        };
        match app.flows().preview.run(&secret).await {
            Ok(preview) => {
                let visit = visit.clone().in_language(&preview.language);
                let frame = &visit.frame;
                let action = Some(Action::Submit { to: format!("/register/{id}/decline"), label: frame.t("decline") });
                let links = vec![(format!("/register/{id}"), frame.t("decline-back"))];
                Ok(visit.message(StatusCode::OK, MessageParts { key: "ask-decline", kind: MessageKind::Warning, action, links }))
            }
            Err(PreviewError::DeadLink) => Ok(dead(&visit, Some(id))),
            Err(PreviewError::Unavailable(error)) => Err(PageError::from(error)),
        }
    };
    answer.await.map_err(|error: PageError| error.answer(&app, visit.headers()))
}

pub(crate) async fn decline(
    State(app): State<App>,
    visit: Visit,
    ClientOf(client): ClientOf,
    Segment(link): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        visit.accept(form?, &[], &[])?;
        let (id, secret) = match opened(&app, &visit, &link) {
            Opened::Page(id, secret) => (id, secret),
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Link(_) | Opened::Dead(_) => return Ok(dead(&visit, None)),
        };
        match app.flows().decline.run(&secret, &client).await {
            Ok(()) => {
                let parts = MessageParts { key: "declined", kind: MessageKind::Good, action: None, links: Vec::new() };
                let mut response = visit.message(StatusCode::OK, parts);
                response.headers_mut().append(header::SET_COOKIE, Jar::Link(id).forget(&app.settings().public_url));
                Ok(response)
            }
            Err(DeclineError::DeadLink) => Ok(dead(&visit, Some(id))),
            Err(DeclineError::Unavailable(error)) => Err(PageError::from(error)),
        }
    };
    answer.await.map_err(|error: PageError| error.answer(&app, visit.headers()))
}

pub(crate) async fn request_renewal(
    State(app): State<App>,
    visit: Visit,
    ClientOf(client): ClientOf,
    Segment(link): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        visit.accept(form?, &[], &[])?;
        // The same page whatever the link was; a browser that did not keep it cannot ask.
        match opened(&app, &visit, &link) {
            Opened::Page(_, secret) => app.flows().request_renewal.run(&secret, &client).await?,
            Opened::NoCookie => return Ok(no_cookie(&visit)),
            Opened::Link(_) | Opened::Dead(_) => {}
        }
        let parts = MessageParts { key: "renewal-asked", kind: MessageKind::Good, action: None, links: Vec::new() };
        Ok(visit.message(StatusCode::ACCEPTED, parts))
    };
    answer.await.map_err(|error: PageError| error.answer(&app, visit.headers()))
}
