//! A page for administrators.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse as _, Response},
};
use identity_core::model::access::{Administrator, Operator};

use crate::{
    app::App,
    pages::{PageContext, PageError, SignedInPage},
};

/// The context of a page for somebody who administers a company, or all of them.
pub(crate) struct AdministratorPage {
    pub(super) context: PageContext,
    pub(super) by: Administrator,
}

impl FromRequestParts<App> for AdministratorPage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let SignedInPage { context, signed_in } = SignedInPage::from_request_parts(parts, app).await?;
        match Administrator::of(&signed_in) {
            Some(by) => Ok(Self { context, by }),
            None => {
                let detail = context.frame.t("administrators-only");
                Err(PageError::Forbidden(Some(detail)).into_response())
            }
        }
    }
}

/// The context of a page for somebody who runs the installation.
pub(crate) struct OperatorPage {
    pub(super) context: PageContext,
    pub(super) by: Operator,
}

impl FromRequestParts<App> for OperatorPage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let SignedInPage { context, signed_in } = SignedInPage::from_request_parts(parts, app).await?;
        match Operator::of(&signed_in) {
            Some(by) => Ok(Self { context, by }),
            None => {
                let detail = context.frame.t("operators-only");
                Err(PageError::Forbidden(Some(detail)).into_response())
            }
        }
    }
}
