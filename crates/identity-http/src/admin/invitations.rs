//! Inviting people, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    access::Administrator,
    change::Unavailable,
    invitation::{InvitationState, InviteCommand, InviteError, ManageError},
    port::InvitationSummary,
    value::{
        AccountId, CompanyId, EmailAddress, InvitationId, Language, Lifetime, Note, PersonName, RoleKey, SubscriptionKey, Timestamp,
    },
};
use serde::Deserialize;

use crate::{
    api::invitation_filter,
    app::App,
    pages::{Asked, PageError, Segment, SignedInPage, Visit},
    problem::Problem,
    text::Texts,
    view::{Frame, Moment},
    web::form::{Filled, Form},
};

/// A visit by somebody who administers a company, or all of them.
pub(crate) struct AdministratorPage {
    visit: Visit,
    by: Administrator,
}

impl FromRequestParts<App> for AdministratorPage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let SignedInPage { visit, signed_in } = SignedInPage::from_request_parts(parts, app).await?;
        match Administrator::of(&signed_in.account) {
            Some(by) => Ok(Self { visit, by }),
            None => {
                let detail = visit.frame.t("administrators-only");
                Err(PageError::Forbidden(detail).answer(app, visit.headers()))
            }
        }
    }
}

impl AdministratorPage {
    async fn answer(&self, app: &App, page: impl Future<Output = Result<Response, PageError>>) -> Result<Response, Response> {
        page.await.map_err(|error| error.answer(app, self.visit.headers()))
    }
}

/// A word and how it looks.
struct StateView {
    class: &'static str,
    word: String,
}

impl StateView {
    fn of(word: &'static str, texts: &Texts) -> Self {
        Self { class: word, word: texts.get(&format!("state-{word}")) }
    }
}

/// An invitation as a row of the list.
struct Row {
    id: InvitationId,
    name: Option<String>,
    email: String,
    state: StateView,
    mail: Option<StateView>,
    invited: Moment,
    opened: Option<Moment>,
}

impl Row {
    fn of(summary: &InvitationSummary, now: Timestamp, texts: &Texts) -> Self {
        let invitation = &summary.invitation;
        Self {
            id: invitation.id,
            name: name_of(invitation.first_name.as_ref(), invitation.last_name.as_ref()),
            email: invitation.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default(),
            state: StateView::of(invitation.visible_state(now), texts),
            mail: summary.delivery.as_ref().map(|delivery| StateView::of(delivery.state.as_str(), texts)),
            invited: Moment::of(invitation.created_at, texts),
            opened: invitation.opened_at.map(|at| Moment::of(at, texts)),
        }
    }
}

fn name_of(first: Option<&PersonName>, last: Option<&PersonName>) -> Option<String> {
    let parts = [first, last].into_iter().flatten().map(PersonName::as_str).collect::<Vec<_>>();
    (!parts.is_empty()).then(|| parts.join(" "))
}

#[derive(Template)]
#[template(path = "invitations.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    tabs: Vec<Tab>,
    q: String,
    state: String,
    is_first: bool,
    next: Option<InvitationId>,
}

struct Tab {
    state: &'static str,
    label: String,
    is_current: bool,
}

/// The state of the view.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    cursor: String,
}

const TABS: [&str; 7] = ["all", "pending", "accepted", "declined", "expired", "revoked", "superseded"];
const ROWS: u16 = 25;

pub(crate) async fn list(
    State(app): State<App>,
    page: AdministratorPage,
    Asked(query): Asked<ListQuery>,
) -> Result<Response, Response> {
    let answer = async {
        let filter = invitation_filter(&query.state).ok();
        let after = query.cursor.parse().ok();
        let (found, now) = app.flows().list_invitations.run(&page.by, filter, Some(&query.q), (after, ROWS)).await?;
        let texts = page.visit.frame.texts();
        let state = if filter.is_some() { query.state.as_str() } else { "all" };
        let tabs = TABS.map(|tab| Tab { state: tab, label: texts.get(&format!("state-{tab}")), is_current: tab == state });
        let view = ListPage {
            rows: found.items.iter().map(|summary| Row::of(summary, now, texts)).collect(),
            tabs: tabs.into(),
            q: query.q.clone(),
            state: state.to_owned(),
            is_first: after.is_none(),
            next: found.next,
            frame: page.visit.frame.clone(),
        };
        Ok(page.visit.page(StatusCode::OK, &view))
    };
    page.answer(&app, answer).await
}

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    frame: Frame,
    form: Filled,
    roles: Vec<Choice>,
    subscriptions: Vec<Choice>,
    companies: Vec<Choice>,
    languages: Vec<Choice>,
    lifetimes: Vec<Choice>,
}

/// Something to choose.
struct Choice {
    value: String,
    label: String,
    hint: Option<String>,
}

impl Choice {
    fn new(value: &impl ToString, label: &impl ToString, hint: Option<&impl ToString>) -> Self {
        Self { value: value.to_string(), label: label.to_string(), hint: hint.map(ToString::to_string) }
    }
}

/// What the form offers: only what this administrator may grant.
async fn invite_page(app: &App, page: &AdministratorPage, form: Filled) -> Result<InvitePage, PageError> {
    let flows = app.flows();
    let texts = page.visit.frame.texts();
    let roles = flows.catalogue.roles().await?.into_iter().filter(|role| page.by.may_grant_role(role));
    let subscriptions = flows.catalogue.subscriptions().await?.into_iter().filter(|entry| page.by.may_grant_subscription(entry));
    let companies = flows.companies.list(&page.by, None, 200).await?.items;
    let languages = app
        .settings()
        .languages
        .iter()
        .map(|language| Choice::new(language, &texts.get(&format!("language-{language}")), None::<&String>));
    let offered = ["P1D", "P3D", "P7D", "P14D", "P30D"];
    let longest = app.settings().max_invitation_lifetime;
    let default = app.settings().invitation_lifetime;
    let mut lifetimes =
        offered.iter().filter_map(|text| Lifetime::parse(text).ok()).filter(|one| *one <= longest).collect::<BTreeSet<_>>();
    lifetimes.insert(default);
    let days = |lifetime: &Lifetime| u32::try_from(lifetime.as_seconds() / 86_400).unwrap_or(0);
    let lifetimes = lifetimes.iter().map(|lifetime| {
        let label = if days(lifetime) > 0 { texts.counted("days", days(lifetime)) } else { lifetime.to_string() };
        Choice::new(lifetime, &label, None::<&String>)
    });
    Ok(InvitePage {
        roles: roles.map(|role| Choice::new(&role.key, &role.name, role.description.as_ref())).collect(),
        subscriptions: subscriptions.map(|entry| Choice::new(&entry.key, &entry.name, entry.description.as_ref())).collect(),
        companies: companies.iter().map(|company| Choice::new(&company.id, &company.name, None::<&String>)).collect(),
        languages: languages.collect(),
        lifetimes: lifetimes.collect(),
        frame: page.visit.frame.clone(),
        form,
    })
}

/// The form of `/admin/invitations/new`, prefilled where a link says so.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct AskQuery {
    #[serde(default)]
    email: String,
}

pub(crate) async fn ask(
    State(app): State<App>,
    page: AdministratorPage,
    Asked(query): Asked<AskQuery>,
) -> Result<Response, Response> {
    let answer = async {
        let form = Filled::default()
            .with("email", Some(query.email.as_str()))
            .with("language", Some(app.settings().default_language()))
            .with("company_id", Some(page.by.account().company))
            .with("expires_in", Some(app.settings().invitation_lifetime));
        Ok(page.visit.page(StatusCode::OK, &invite_page(&app, &page, form).await?))
    };
    page.answer(&app, answer).await
}

const SINGLE: [&str; 7] = ["email", "first_name", "last_name", "language", "company_id", "expires_in", "note"];
const MANY: [&str; 2] = ["roles", "subscriptions"];
const SHOWN_AGAIN: [&str; 9] =
    ["email", "first_name", "last_name", "language", "company_id", "expires_in", "note", "roles", "subscriptions"];

pub(crate) async fn invite(
    State(app): State<App>,
    page: AdministratorPage,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let form = page.visit.accept(form?, &SINGLE, &MANY)?;
        let mut filled = Filled::again(&form, &SHOWN_AGAIN);
        let refused = match command(&form, &mut filled, page.visit.frame.texts()) {
            None => StatusCode::UNPROCESSABLE_ENTITY,
            Some(command) => match app.flows().invite.run(&page.by, &command).await {
                Ok(invitation) => return Ok(Redirect::to(&format!("/admin/invitations/{}", invitation.id)).into_response()),
                Err(error) => say_what_is_wrong(&mut filled, error, page.visit.frame.texts())?,
            },
        };
        Ok(page.visit.page(refused, &invite_page(&app, &page, filled).await?))
    };
    page.answer(&app, answer).await
}

fn command(form: &Form, filled: &mut Filled, texts: &Texts) -> Option<InviteCommand> {
    let email = filled.read("email", EmailAddress::parse(form.get("email").trim()), |_| texts.get("email-form"));
    let optional = |name, message| (form.optional(name).map(PersonName::parse).transpose(), message);
    let (first_name, message) = optional("first_name", "first-name-form");
    let first_name = filled.read("first_name", first_name, |_| texts.get(message));
    let (last_name, message) = optional("last_name", "last-name-form");
    let last_name = filled.read("last_name", last_name, |_| texts.get(message));
    let note = form.optional("note").map(Note::parse).transpose();
    let note = filled.read("note", note, |_| texts.get("note-form"));
    let unknown = texts.get("choose-from-list");
    let language = form.optional("language").map(Language::parse).transpose();
    let language = filled.read("language", language, |_| unknown.clone());
    let company = form.optional("company_id").map(str::parse::<CompanyId>).transpose();
    let company = filled.read("company_id", company, |_| unknown.clone());
    let lifetime = form.optional("expires_in").map(Lifetime::parse).transpose();
    let lifetime = filled.read("expires_in", lifetime, |_| unknown.clone());
    let roles = form.all("roles").into_iter().map(RoleKey::parse).collect::<Result<BTreeSet<_>, _>>();
    let roles = filled.read("roles", roles, |_| unknown.clone());
    let subscriptions = form.all("subscriptions").into_iter().map(SubscriptionKey::parse).collect::<Result<BTreeSet<_>, _>>();
    let subscriptions = filled.read("subscriptions", subscriptions, |_| unknown.clone());
    if filled.is_wrong() {
        return None;
    }
    Some(InviteCommand {
        email: email?,
        first_name: first_name.flatten(),
        last_name: last_name.flatten(),
        roles: roles?,
        subscriptions: subscriptions?,
        language: language.flatten(),
        company: company.flatten(),
        lifetime: lifetime.flatten(),
        note: note.flatten(),
    })
}

fn say_what_is_wrong(filled: &mut Filled, error: InviteError, texts: &Texts) -> Result<StatusCode, PageError> {
    let field = match error {
        InviteError::Unavailable(error) => return Err(error.into()),
        InviteError::AccountExists => {
            filled.wrong("email", texts.get("invite-account-exists"));
            return Ok(StatusCode::CONFLICT);
        }
        InviteError::Conflict => {
            filled.wrong("email", texts.get("invite-conflict"));
            return Ok(StatusCode::CONFLICT);
        }
        InviteError::UnknownCompany => "company_id",
        InviteError::Roles(_) => "roles",
        InviteError::Subscriptions(_) => "subscriptions",
        InviteError::Language => "language",
        InviteError::Lifetime(_) => "expires_in",
    };
    filled.wrong(field, texts.get("choose-from-list"));
    Ok(StatusCode::UNPROCESSABLE_ENTITY)
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct DetailPage {
    frame: Frame,
    row: Row,
    form: Filled,
    company: String,
    inviter: String,
    roles: Vec<String>,
    subscriptions: Vec<String>,
    language: String,
    note: Option<String>,
    expires: Moment,
    expires_field: String,
    is_pending: bool,
    delivery: Option<DeliveryView>,
}

struct DeliveryView {
    attempts: String,
    last_error: Option<String>,
    settled: Option<Moment>,
}

async fn detail_page(
    app: &App,
    page: &AdministratorPage,
    (summary, now): (InvitationSummary, Timestamp),
    form: Filled,
) -> Result<DetailPage, Unavailable> {
    let store = &app.ports().store;
    let texts = page.visit.frame.texts();
    let invitation = &summary.invitation;
    let company = match invitation.company {
        Some(id) => store.company(id).await?.map(|company| company.name.to_string()),
        None => None,
    };
    let names = store.roles().await?.into_iter().map(|role| (role.key, role.name.to_string())).collect::<BTreeMap<_, _>>();
    let plans = store.subscriptions().await?.into_iter().map(|one| (one.key, one.name.to_string())).collect::<BTreeMap<_, _>>();
    Ok(DetailPage {
        row: Row::of(&summary, now, texts),
        form,
        company: company.unwrap_or_default(),
        inviter: inviter_name(app, invitation.inviter).await?,
        roles: invitation.roles.iter().map(|key| names.get(key).cloned().unwrap_or_else(|| key.to_string())).collect(),
        subscriptions: invitation
            .subscriptions
            .iter()
            .map(|key| plans.get(key).cloned().unwrap_or_else(|| key.to_string()))
            .collect(),
        language: texts.get(&format!("language-{}", invitation.language)),
        note: invitation.note.as_ref().map(ToString::to_string),
        expires: Moment::of(invitation.expires_at, texts),
        expires_field: local_time(invitation.expires_at),
        is_pending: invitation.state == InvitationState::Pending,
        delivery: summary.delivery.as_ref().map(|delivery| DeliveryView {
            attempts: texts.counted("attempts", delivery.attempts),
            last_error: delivery.last_error.clone(),
            settled: delivery.settled_at.map(|at| Moment::of(at, texts)),
        }),
        frame: page.visit.frame.clone(),
    })
}

async fn inviter_name(app: &App, inviter: Option<AccountId>) -> Result<String, Unavailable> {
    let account = match inviter {
        Some(id) => app.ports().store.account(id).await?,
        None => None,
    };
    Ok(account.map(|account| account.full_name()).unwrap_or_default())
}

/// A time as `datetime-local` fields hold it, in UTC.
fn local_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M").to_string()
}

async fn found(app: &App, page: &AdministratorPage, id: &str) -> Result<(InvitationSummary, Timestamp), PageError> {
    let id = id.parse::<InvitationId>().map_err(|_| PageError::NotFound)?;
    app.flows().list_invitations.one(&page.by, id).await?.ok_or(PageError::NotFound)
}

pub(crate) async fn show(State(app): State<App>, page: AdministratorPage, Segment(id): Segment) -> Result<Response, Response> {
    let answer = async {
        let found = found(&app, &page, &id).await?;
        Ok(page.visit.page(StatusCode::OK, &detail_page(&app, &page, found, Filled::default()).await?))
    };
    page.answer(&app, answer).await
}

impl From<ManageError> for PageError {
    fn from(error: ManageError) -> Self {
        let text = error.to_string();
        match error {
            ManageError::NotFound => Self::NotFound,
            ManageError::NotPending(_) | ManageError::Conflict | ManageError::BadExpiry(_) => Self::Conflict(text),
            ManageError::CannotGrant => Self::Forbidden(text),
            ManageError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

fn back(id: InvitationId) -> Response {
    Redirect::to(&format!("/admin/invitations/{id}")).into_response()
}

pub(crate) async fn resend(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        page.visit.accept(form?, &[], &[])?;
        let id = id.parse::<InvitationId>().map_err(|_| PageError::NotFound)?;
        app.flows().resend.run(&page.by, id).await?;
        Ok(back(id))
    };
    page.answer(&app, answer).await
}

#[derive(Template)]
#[template(path = "revoke.html")]
struct RevokePage {
    frame: Frame,
    row: Row,
}

pub(crate) async fn ask_revoke(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
) -> Result<Response, Response> {
    let answer = async {
        let (summary, now) = found(&app, &page, &id).await?;
        if summary.invitation.state != InvitationState::Pending {
            return Ok(back(summary.invitation.id));
        }
        let view = RevokePage { row: Row::of(&summary, now, page.visit.frame.texts()), frame: page.visit.frame.clone() };
        Ok(page.visit.page(StatusCode::OK, &view))
    };
    page.answer(&app, answer).await
}

pub(crate) async fn revoke(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        page.visit.accept(form?, &[], &[])?;
        let id = id.parse::<InvitationId>().map_err(|_| PageError::NotFound)?;
        app.flows().revoke.run(&page.by, id).await?;
        Ok(back(id))
    };
    page.answer(&app, answer).await
}

pub(crate) async fn change_expiry(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let form = page.visit.accept(form?, &["expires_at"], &[])?;
        let found = found(&app, &page, &id).await?;
        let id = found.0.invitation.id;
        let texts = page.visit.frame.texts();
        let mut filled = Filled::again(&form, &["expires_at"]);
        let time = format!("{}:00Z", form.get("expires_at")).parse::<Timestamp>();
        if let Some(time) = filled.read("expires_at", time, |_| texts.get("expiry-form")) {
            match app.flows().change_expiry.run(&page.by, id, time).await {
                Ok(_) => return Ok(back(id)),
                Err(ManageError::BadExpiry(_)) => filled.wrong("expires_at", texts.get("expiry-form")),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(page.visit.page(StatusCode::UNPROCESSABLE_ENTITY, &detail_page(&app, &page, found, filled).await?))
    };
    page.answer(&app, answer).await
}
