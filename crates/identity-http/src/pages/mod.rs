//! Pages for everyone.

mod accept_terms;
mod access;
mod account;
mod activate;
mod again;
mod change_email;
mod change_password;
mod common;
mod confirm;
mod dead_invitation;
mod declared;
mod error;
mod help;
mod legal;
mod link;
mod login;
mod mailbox;
mod new_password;
mod onboarding;
mod picture;
mod privacy;
mod reauthenticate;
mod recovery;
mod register;
mod report;
mod security;
mod security_questions;
mod settings;
mod signup;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::Redirect,
    routing::{get, post},
};

pub(crate) use self::again::offer_again;
use self::change_email::{Confirm, Undo};
pub(crate) use self::common::{PageContext, PathParam, QueryOrDefault, SignedInPage};
pub(crate) use self::confirm::{ConfirmPage, Section};
pub(crate) use self::declared::told;
pub(crate) use self::error::{PageError, answer_errors, for_readers, not_found, reader};
pub(crate) use self::legal::rendered;
pub(crate) use self::security_questions::routes as security_question_routes;
use crate::{app::App, web::upload::FORM_LIMIT};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(account::start))
        .route("/login", get(login::show).post(login::submit))
        .route("/logout", get(login::ask_log_out).post(login::log_out))
        .route("/register/{link}", get(register::show).post(register::submit))
        .route("/register/{link}/decline", get(register::ask_decline).post(register::decline))
        .route("/register/{link}/renewal", post(register::request_renewal))
        .route("/signup", get(signup::show).post(signup::submit))
        .route("/signup/sent", get(signup::show_sent))
        .route("/signup/code", post(signup::verify_code))
        .route("/signup/resend", post(signup::resend))
        .route("/activate/{link}", get(activate::show).post(activate::submit))
        .route("/forgot-password", get(recovery::show_forgot).post(recovery::ask))
        .route("/reset-password/{link}", get(recovery::show_reset).post(recovery::reset))
        .route("/change-password", get(change_password::show).post(change_password::submit))
        .route("/.well-known/change-password", get(async || Redirect::to("/change-password")))
        .route("/not-me/{link}", get(report::show).post(report::submit))
        .route("/help", get(help::show))
        .route("/terms", get(legal::terms))
        .route("/account", get(account::show).post(account::submit))
        .route("/account/settings", get(settings::show).post(settings::submit))
        .route("/register/{link}/access", post(access::accept))
        .route("/terms/accept", get(accept_terms::show).post(accept_terms::submit))
        .route("/account/security", get(security::show))
        .route("/account/security/sessions/{id}/end", post(security::end))
        .route("/account/security/sessions/end-others", get(security::ask_end_others).post(security::end_others))
        .route("/account/security/email", get(change_email::show).post(change_email::submit))
        .route("/account/security/email/cancel", post(change_email::cancel))
        .route("/reauthenticate", get(reauthenticate::show).post(reauthenticate::submit))
        .route("/confirm-email/{link}", get(change_email::show_link::<Confirm>).post(change_email::use_link::<Confirm>))
        .route("/undo-email/{link}", get(change_email::show_link::<Undo>).post(change_email::use_link::<Undo>))
        .route("/account/picture/delete", get(picture::ask_remove).post(picture::remove))
        .route("/welcome", get(onboarding::start))
        .route("/welcome/profile", get(onboarding::profile::show).post(onboarding::profile::submit))
        .route("/welcome/settings", get(onboarding::settings::show).post(onboarding::settings::submit))
        .route("/welcome/tutorial", get(onboarding::tutorial::show).post(onboarding::tutorial::submit))
        .route("/welcome/{step}", get(onboarding::declared::show))
        .route("/welcome/{step}/skip", post(onboarding::skip))
        .route("/account/data", get(privacy::show))
        .route("/account/data/export", post(privacy::export))
        .route("/account/data/delete", post(privacy::delete))
        .route("/account/data/undo", post(privacy::undo))
        .merge(upload_routes())
}

/// What takes more than a form of text.
fn upload_routes() -> Router<App> {
    Router::new()
        .route("/account/picture", get(picture::show).post(picture::submit))
        .route("/welcome/picture", get(onboarding::picture::show).post(onboarding::picture::submit))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
}

/// What pages show, and is no page itself.
pub(crate) fn file_routes() -> Router<App> {
    Router::new().route("/pictures/{name}", get(picture::serve))
}

/// Only where mail goes into the development mailbox.
pub(crate) fn development_routes() -> Router<App> {
    Router::new()
        .route("/dev/mailbox", get(mailbox::list))
        .route("/dev/mailbox/{id}", get(mailbox::show))
        .route("/dev/mailbox/{id}/html", get(mailbox::html))
}
