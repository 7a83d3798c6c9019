//! One invitation, and what can be done with it.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    change::Unavailable,
    flow::invitation::ManageError,
    model::invitation::InvitationState,
    port::InvitationSummary,
    value::{InvitationId, Timestamp},
};

use super::{super::AdministratorPage, row::Row};
use crate::{
    app::App,
    pages::{ConfirmPage, PageError, PathParam, Section},
    view::{Frame, Moment, RoleText},
    web::{
        feedback::Feedback,
        form::{Form, FormState},
    },
    wire::ChangeInvitation,
};

#[derive(Template)]
#[template(path = "invitation.html")]
struct DetailPage {
    frame: Frame,
    row: Row,
    form: FormState,
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
    form: FormState,
) -> Result<DetailPage, Unavailable> {
    let texts = page.context.frame.texts();
    let invitation = &summary.invitation;
    let (inviter, company) = app.flows().list_invitations.inviter_and_company(invitation).await?;
    let access = &app.flows().access;
    let roles = access.roles().await?.into_iter();
    let names = roles.map(|role| (role.key.clone(), RoleText::of(&role, texts).name)).collect::<BTreeMap<_, _>>();
    let plans = access.subscriptions().await?.into_iter().map(|one| (one.key, one.name.to_string())).collect::<BTreeMap<_, _>>();
    Ok(DetailPage {
        row: Row::of(&summary, now, texts),
        form,
        company: company.map(|company| company.name.to_string()).unwrap_or_default(),
        inviter: inviter.map(|account| account.full_name()).unwrap_or_default(),
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
        frame: page.context.frame.clone(),
    })
}

/// A time as `datetime-local` fields hold it, in UTC.
fn local_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M").to_string()
}

async fn found(app: &App, page: &AdministratorPage, id: &str) -> Result<(InvitationSummary, Timestamp), PageError> {
    let id = id.parse::<InvitationId>().map_err(|_| PageError::NotFound)?;
    app.flows().list_invitations.one(&page.by, id).await?.ok_or(PageError::NotFound)
}

pub(crate) async fn show(State(app): State<App>, page: AdministratorPage, PathParam(id): PathParam) -> Result<Response, PageError> {
    let found = found(&app, &page, &id).await?;
    Ok(page.context.page(StatusCode::OK, &detail_page(&app, &page, found, FormState::default()).await?))
}

impl From<ManageError> for PageError {
    fn from(error: ManageError) -> Self {
        match error {
            ManageError::NotFound => Self::NotFound,
            ManageError::NotPending(_) | ManageError::Conflict | ManageError::BadExpiry(_) => Self::Conflict,
            ManageError::CannotGrant => Self::Forbidden(None),
            ManageError::Fault(fault) => fault.into(),
        }
    }
}

/// The page of an invitation.
pub(super) fn page_path(id: InvitationId) -> String {
    format!("/admin/invitations/{id}")
}

fn done(app: &App, page: &AdministratorPage, id: InvitationId, done: &Feedback) -> Response {
    page.context.done(app, &page_path(id), done)
}

pub(crate) async fn resend(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    page.context.accept_only(form, &[])?;
    let id = id.parse::<InvitationId>().map_err(|_| PageError::NotFound)?;
    app.flows().resend.run(&page.by, id).await?;
    Ok(done(&app, &page, id, &Feedback::InvitationResent))
}

pub(crate) async fn ask_revoke(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
) -> Result<Response, PageError> {
    let (summary, now) = found(&app, &page, &id).await?;
    if summary.invitation.state != InvitationState::Pending {
        return Ok(Redirect::to(&page_path(summary.invitation.id)).into_response());
    }
    let here = page_path(summary.invitation.id);
    let address = Row::of(&summary, now, page.context.frame.texts()).email;
    let back = (here.clone(), address.clone());
    let act = ("revoke", ["text"].as_slice(), address.as_str());
    let view = ConfirmPage::new(&page.context.frame, Section::Invitations, back, act, format!("{here}/revoke"));
    Ok(page.context.page(StatusCode::OK, &view))
}

pub(crate) async fn revoke(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    page.context.accept_only(form, &[])?;
    let id = id.parse::<InvitationId>().map_err(|_| PageError::NotFound)?;
    app.flows().revoke.run(&page.by, id).await?;
    Ok(done(&app, &page, id, &Feedback::InvitationRevoked))
}

pub(crate) async fn change_expiry(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    let form = page.context.accept(form)?;
    let ChangeInvitation { expires_at } = form.input()?;
    let found = found(&app, &page, &id).await?;
    // The page of an invitation that is over has no such field.
    if found.0.invitation.state != InvitationState::Pending {
        return Err(PageError::Conflict);
    }
    let id = found.0.invitation.id;
    let texts = page.context.frame.texts();
    let mut filled = FormState::again(&form);
    // Browsers leave out the seconds.
    let input = ChangeInvitation { expires_at: format!("{expires_at}:00Z") };
    match input.read() {
        Ok(time) => match app.flows().change_expiry.run(&page.by, id, time).await {
            Ok(_) => return Ok(done(&app, &page, id, &Feedback::ExpiryChanged)),
            Err(ManageError::BadExpiry(_)) => filled.wrong("expires_at", texts.get("expiry-form")),
            Err(error) => return Err(error.into()),
        },
        Err(errors) => filled.say(errors, texts),
    }
    Ok(page.context.page(StatusCode::UNPROCESSABLE_ENTITY, &detail_page(&app, &page, found, filled).await?))
}
