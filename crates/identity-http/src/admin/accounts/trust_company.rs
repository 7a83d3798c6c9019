//! Trusting the company of an account that signed up.

use axum::{extract::State, response::Response};
use identity_core::flow::company::{CompanyCommand, CompanyError};

use super::{AdministratorPage, detail::found};
use crate::{
    app::App,
    pages::{PageError, PathParam},
    web::{feedback::Feedback, form::Form},
};

impl From<CompanyError> for PageError {
    fn from(error: CompanyError) -> Self {
        match error {
            CompanyError::NotAllowed => Self::Forbidden(None),
            CompanyError::NotFound => Self::NotFound,
            CompanyError::Conflict => Self::Conflict,
            CompanyError::Fault(fault) => fault.into(),
        }
    }
}

pub(crate) async fn trust(
    State(app): State<App>,
    page: AdministratorPage,
    PathParam(id): PathParam,
    form: Form,
) -> Result<Response, PageError> {
    page.context.accept_only(form, &[])?;
    let account = found(&app, &page, &id).await?.account;
    app.flows().companies.run(&page.by, CompanyCommand::Trust(account.company)).await?;
    Ok(page.context.done(&app, &format!("/admin/accounts/{}", account.id), &Feedback::CompanyTrusted))
}
