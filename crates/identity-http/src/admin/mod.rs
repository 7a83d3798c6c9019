//! Pages for administrators.

mod invitations;
mod page;

use axum::{Router, response::Redirect, routing::get};

use self::page::AdministratorPage;
use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/admin", get(async || Redirect::to("/admin/invitations"))).merge(invitations::routes())
}
