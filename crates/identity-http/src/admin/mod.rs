//! Pages for administrators.

mod accounts;
mod company_choice;
mod invitations;
mod page;
mod registrations;
mod state;
mod terms;

use axum::{Router, response::Redirect, routing::get};

use self::{
    page::{AdministratorPage, OperatorPage},
    state::StateView,
};
use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(async || Redirect::to("/admin/invitations")))
        .merge(invitations::routes())
        .merge(accounts::routes())
        .merge(registrations::routes())
        .merge(terms::routes())
}
