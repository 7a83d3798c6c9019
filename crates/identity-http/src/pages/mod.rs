//! Pages for everyone.

mod account;
mod common;
mod legal;
mod login;
mod mailbox;
mod register;

use axum::{
    Router,
    routing::{get, post},
};

pub(crate) use self::common::{Asked, PageError, Segment, SignedInPage, Visit, not_found};
use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(account::start))
        .route("/login", get(login::show).post(login::submit))
        .route("/logout", get(login::ask_log_out).post(login::log_out))
        .route("/register/{link}", get(register::show).post(register::submit))
        .route("/register/{link}/decline", get(register::ask_decline).post(register::decline))
        .route("/register/{link}/renewal", post(register::request_renewal))
        .route("/terms", get(legal::terms))
        .route("/account", get(account::show))
}

/// Only where mail goes into the development mailbox.
pub(crate) fn development_routes() -> Router<App> {
    Router::new()
        .route("/dev/mailbox", get(mailbox::list))
        .route("/dev/mailbox/{id}", get(mailbox::show))
        .route("/dev/mailbox/{id}/html", get(mailbox::html))
}
