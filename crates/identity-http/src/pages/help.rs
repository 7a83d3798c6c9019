//! Help for people who cannot get in.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::registration::RegistrationMode;

use super::common::Visit;
use crate::{app::App, view::Frame};

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    is_open: bool,
}

pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let is_open = app.settings().registration.mode != RegistrationMode::Closed;
    visit.page(StatusCode::OK, &HelpPage { frame: visit.frame.clone(), is_open })
}
