//! The people who are in.

mod detail;
mod list;
mod protect;
mod reset;
mod trust_company;

use axum::{
    Router,
    routing::{get, post},
};

use super::{AdministratorPage, StateView};
use crate::{app::App, pages::PageError};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/accounts", get(list::list))
        .route("/admin/accounts/{id}", get(detail::show))
        .route("/admin/accounts/{id}/reset", post(reset::reset))
        .route("/admin/accounts/{id}/require-password-change", post(protect::require_password_change))
        .route("/admin/accounts/{id}/unlock", post(protect::unlock))
        .route("/admin/accounts/{id}/end-sessions", get(protect::ask_end_sessions).post(protect::end_sessions))
        .route("/admin/accounts/{id}/disable", get(protect::ask_disable).post(protect::disable))
        .route("/admin/accounts/{id}/enable", post(protect::enable))
        .route("/admin/accounts/{id}/trust-company", post(trust_company::trust))
}

impl From<identity_core::flow::account::AdministrationError> for PageError {
    fn from(error: identity_core::flow::account::AdministrationError) -> Self {
        use identity_core::flow::account::AdministrationError as Error;
        match error {
            Error::NotFound => Self::NotFound,
            Error::OwnAccount | Error::NotAllowed => Self::Forbidden(None),
            Error::Conflict => Self::Conflict,
            Error::Fault(fault) => fault.into(),
        }
    }
}
