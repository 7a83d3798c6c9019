//! What keeps an account safe, or lets its person in again.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{account::AccountState, value::AccountId};

use super::AdministratorPage;
use crate::{
    app::App,
    pages::{PageError, Segment},
    problem::Problem,
    web::form::Form,
};

fn accepted(page: &AdministratorPage, id: &str, form: Result<Form, Problem>) -> Result<AccountId, PageError> {
    page.visit.accept(form?, &[], &[])?;
    id.parse().map_err(|_| PageError::NotFound)
}

fn back(id: AccountId) -> Response {
    Redirect::to(&format!("/admin/accounts/{id}")).into_response()
}

pub(crate) async fn require_password_change(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let id = accepted(&page, &id, form)?;
        app.flows().protect_account.require_password_change(&page.by, id).await?;
        Ok(back(id))
    };
    page.answer(&app, answer).await
}

pub(crate) async fn unlock(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let id = accepted(&page, &id, form)?;
        app.flows().protect_account.unlock(&page.by, id).await?;
        Ok(back(id))
    };
    page.answer(&app, answer).await
}

pub(crate) async fn end_sessions(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let answer = async {
        let id = accepted(&page, &id, form)?;
        app.flows().protect_account.end_sessions(&page.by, id).await?;
        Ok(back(id))
    };
    page.answer(&app, answer).await
}

async fn switch(
    app: App,
    page: AdministratorPage,
    id: String,
    form: Result<Form, Problem>,
    state: AccountState,
) -> Result<Response, Response> {
    let answer = async {
        let id = accepted(&page, &id, form)?;
        app.flows().switch_account.run(&page.by, id, state).await?;
        Ok(back(id))
    };
    page.answer(&app, answer).await
}

pub(crate) async fn disable(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    switch(app, page, id, form, AccountState::Disabled).await
}

pub(crate) async fn enable(
    State(app): State<App>,
    page: AdministratorPage,
    Segment(id): Segment,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    switch(app, page, id, form, AccountState::Active).await
}
