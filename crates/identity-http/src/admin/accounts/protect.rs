//! What keeps an account safe, or lets its person in again.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{model::account::AccountState, value::AccountId};

use super::{
    AdministratorPage,
    detail::{found, is_within_reach},
};
use crate::{
    app::App,
    pages::{ConfirmPage, PageError, PathParam, Section},
    web::{feedback::Feedback, form::Form},
};

fn accepted(page: &AdministratorPage, id: &str, form: Form) -> Result<AccountId, PageError> {
    page.context.accept_only(form, &[])?;
    id.parse().map_err(|_| PageError::NotFound)
}

fn page_path(id: AccountId) -> String {
    format!("/admin/accounts/{id}")
}

fn back(app: &App, page: &AdministratorPage, id: AccountId, done: &Feedback) -> Response {
    page.context.done(app, &page_path(id), done)
}

pub(crate) async fn require_password_change(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    let id = accepted(&page, &id, form)?;
    app.flows().account_security.require_password_change(&page.by, id).await?;
    Ok(back(&app, &page, id, &Feedback::PasswordChangeRequired))
}

pub(crate) async fn unlock(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    let id = accepted(&page, &id, form)?;
    app.flows().account_security.unlock(&page.by, id).await?;
    Ok(back(&app, &page, id, &Feedback::AccountUnlocked))
}

/// The page before an act on an account that is active.
async fn ask(app: App, page: AdministratorPage, id: String, path: &str, parts: &[&str]) -> Result<Response, PageError> {
    let account = found(&app, &page, &id).await?.account;
    if !is_within_reach(&page, &account) {
        return Err(PageError::Forbidden(None));
    }
    let here = page_path(account.id);
    if !account.is_active() {
        return Ok(Redirect::to(&here).into_response());
    }
    let name = account.full_name();
    let back = (here.clone(), name.clone());
    let view = ConfirmPage::new(&page.context.frame, Section::Accounts, back, (path, parts, &name), format!("{here}/{path}"));
    Ok(page.context.page(StatusCode::OK, &view))
}

pub(crate) async fn ask_end_sessions(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
) -> Result<Response, PageError> {
    ask(app, page, id, "end-sessions", &["devices", "password"]).await
}

pub(crate) async fn ask_disable(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
) -> Result<Response, PageError> {
    ask(app, page, id, "disable", &["login", "invitations", "data"]).await
}

pub(crate) async fn end_sessions(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    let id = accepted(&page, &id, form)?;
    app.flows().account_security.end_sessions(&page.by, id).await?;
    Ok(back(&app, &page, id, &Feedback::SessionsEnded))
}

async fn switch(app: App, page: AdministratorPage, id: String, form: Form, state: AccountState) -> Result<Response, PageError> {
    let id = accepted(&page, &id, form)?;
    app.flows().disable_account.run(&page.by, id, state).await?;
    let done = match state {
        AccountState::Active => Feedback::AccountEnabled,
        AccountState::Disabled => Feedback::account_disabled(id),
    };
    Ok(back(&app, &page, id, &done))
}

pub(crate) async fn disable(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    switch(app, page, id, form, AccountState::Disabled).await
}

pub(crate) async fn enable(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    switch(app, page, id, form, AccountState::Active).await
}
