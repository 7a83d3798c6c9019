//! Help for people who cannot get in.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::model::registration::RegistrationMode;

use super::common::PageContext;
use crate::{app::App, view::Frame};

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    is_open: bool,
}

pub(crate) async fn show(State(app): State<App>, context: PageContext) -> Response {
    let is_open = app.settings().registration.mode != RegistrationMode::Closed;
    context.page(StatusCode::OK, &HelpPage { frame: context.frame.clone(), is_open })
}
