//! Registrations that wait for approval.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use identity_core::{
    flow::registration::DecisionError,
    model::{
        custom_field::Fields,
        registration::{Registration, RegistrationState},
    },
    port::RegistrationQuery,
    value::{CountryCode, RegistrationId},
};
use serde::Deserialize;

use super::OperatorPage;
use crate::{
    app::App,
    pages::{ConfirmPage, PageError, PathParam, QueryOrDefault, Section, told},
    text::{Texts, countries},
    view::{Frame, Moment},
    web::{feedback::Feedback, form::Form},
};

/// This page.
const HERE: &str = "/admin/registrations";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/registrations", get(list))
        .route("/admin/registrations/{id}/approve", post(approve))
        .route("/admin/registrations/{id}/reject", get(ask_reject).post(reject))
}

#[derive(Template)]
#[template(path = "registrations.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    is_first: bool,
    next: Option<RegistrationId>,
}

struct Row {
    id: RegistrationId,
    name: String,
    email: String,
    company: String,
    country: String,
    /// What was answered to the operator's fields, beside what they are called.
    answers: Vec<(String, String)>,
    since: Moment,
}

fn country(code: CountryCode, texts: &Texts) -> String {
    let all = countries::names(texts.language());
    all.iter().find(|(one, _)| *one == code).map_or_else(|| code.to_string(), |(_, name)| name.clone())
}

impl Row {
    fn of(registration: &Registration, fields: &Fields, texts: &Texts) -> Self {
        Self {
            id: registration.id,
            name: registration.full_name(),
            email: registration.email.as_str().to_owned(),
            company: registration.company_name.to_string(),
            country: country(registration.country, texts),
            answers: told(fields, &registration.answers, texts),
            since: Moment::of(registration.requested_at, texts),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    #[serde(default)]
    cursor: String,
}

const ROWS: u16 = 25;

async fn list(
    State(app): State<App>,
    page: OperatorPage,
    QueryOrDefault(query): QueryOrDefault<ListQuery>,
) -> Result<Response, PageError> {
    let after = query.cursor.parse().ok();
    let query = RegistrationQuery { state: RegistrationState::AwaitingApproval, after, limit: ROWS };
    let found = app.flows().decide_registration.list(&page.by, &query).await?;
    let texts = page.context.frame.texts();
    let view = ListPage {
        rows: found.items.iter().map(|registration| Row::of(registration, &app.settings().fields, texts)).collect(),
        is_first: after.is_none(),
        next: found.next,
        frame: page.context.frame.clone(),
    };
    Ok(page.context.page(StatusCode::OK, &view))
}

impl From<DecisionError> for PageError {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::NotFound => Self::NotFound,
            DecisionError::Over(_) | DecisionError::AddressTaken | DecisionError::Conflict => Self::Conflict,
            DecisionError::Fault(fault) => fault.into(),
        }
    }
}

fn accepted(page: &OperatorPage, id: &str, form: Form) -> Result<RegistrationId, PageError> {
    page.context.accept_only(form, &[])?;
    id.parse().map_err(|_| PageError::NotFound)
}

async fn approve(State(app): State<App>, page: OperatorPage, PathParam(id): PathParam, form: Form) -> Result<Response, PageError> {
    let id = accepted(&page, &id, form)?;
    let approved = app.flows().decide_registration.approve(&page.by, id).await?;
    Ok(page.context.done(&app, HERE, &Feedback::RegistrationApproved { name: approved.full_name() }))
}

/// Says what rejecting does.
async fn ask_reject(State(app): State<App>, page: OperatorPage, PathParam(id): PathParam) -> Result<Response, PageError> {
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    let registration = app.flows().decide_registration.find(&page.by, id).await?;
    if registration.state != RegistrationState::AwaitingApproval {
        return Ok(Redirect::to(HERE).into_response());
    }
    let back = (HERE.to_owned(), page.context.frame.t("registrations"));
    let name = registration.full_name();
    let act = ("reject", ["mail", "again"].as_slice(), name.as_str());
    let view = ConfirmPage::new(&page.context.frame, Section::Registrations, back, act, format!("{HERE}/{id}/reject"));
    Ok(page.context.page(StatusCode::OK, &view))
}

async fn reject(State(app): State<App>, page: OperatorPage, PathParam(id): PathParam, form: Form) -> Result<Response, PageError> {
    let id = accepted(&page, &id, form)?;
    let rejected = app.flows().decide_registration.reject(&page.by, id).await?;
    Ok(page.context.done(&app, HERE, &Feedback::RegistrationRejected { name: rejected.full_name() }))
}
