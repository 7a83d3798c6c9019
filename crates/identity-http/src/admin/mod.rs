//! Pages for administrators.

mod invitations;

use axum::{
    Router,
    response::Redirect,
    routing::{get, post},
};

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/admin", get(async || Redirect::to("/admin/invitations")))
        .route("/admin/invitations", get(invitations::list))
        .route("/admin/invitations/new", get(invitations::ask).post(invitations::invite))
        .route("/admin/invitations/{id}", get(invitations::show))
        .route("/admin/invitations/{id}/resend", post(invitations::resend))
        .route("/admin/invitations/{id}/revoke", get(invitations::ask_revoke).post(invitations::revoke))
        .route("/admin/invitations/{id}/expiry", post(invitations::change_expiry))
}
