//! One's own account.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use super::common::{PageError, SignedInPage, Visit};
use crate::{
    app::App,
    view::{Frame, Moment, RoleText},
};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    email: String,
    company: String,
    roles: Vec<String>,
    subscriptions: Vec<String>,
    since: Moment,
    session_started: Moment,
    session_ends: Moment,
    device: Option<String>,
}

/// The start leads to one's account, or to the login.
pub(crate) async fn start(visit: Visit) -> Response {
    Redirect::to(if visit.signed_in.is_some() { "/account" } else { "/login" }).into_response()
}

pub(crate) async fn show(State(app): State<App>, page: SignedInPage) -> Result<Response, Response> {
    let SignedInPage { visit, signed_in } = page;
    let answer = async {
        let account = &signed_in.account;
        let store = &app.ports().store;
        let company = store.company(account.company).await?.map(|company| company.name.to_string()).unwrap_or_default();
        let roles = store.roles().await?.into_iter().filter(|role| account.roles.contains(&role.key));
        let subscriptions = store.subscriptions().await?.into_iter().filter(|entry| account.subscriptions.contains(&entry.key));
        let texts = visit.frame.texts();
        let page = AccountPage {
            name: account.full_name(),
            email: account.email.as_str().to_owned(),
            company,
            roles: roles.map(|role| RoleText::of(&role, texts).name).collect(),
            subscriptions: subscriptions.map(|entry| entry.name.to_string()).collect(),
            since: Moment::of(account.created_at, texts),
            session_started: Moment::of(signed_in.session.started_at, texts),
            session_ends: Moment::of(signed_in.session.expires_at, texts),
            device: signed_in.session.client.device.clone(),
            frame: visit.frame.clone(),
        };
        Ok(visit.page(StatusCode::OK, &page))
    };
    answer.await.map_err(|error: PageError| error.answer(&app, visit.headers()))
}
