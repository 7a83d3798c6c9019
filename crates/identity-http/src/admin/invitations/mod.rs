//! Inviting people, and what became of it.

mod invite;
mod list;
mod manage;
mod row;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/invitations", get(list::list))
        .route("/admin/invitations/new", get(invite::ask).post(invite::invite))
        .route("/admin/invitations/{id}", get(manage::show))
        .route("/admin/invitations/{id}/resend", post(manage::resend))
        .route("/admin/invitations/{id}/revoke", get(manage::ask_revoke).post(manage::revoke))
        .route("/admin/invitations/{id}/expiry", post(manage::change_expiry))
}
