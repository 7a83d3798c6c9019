//! The list of invitations.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::value::InvitationId;
use serde::Deserialize;

use super::{super::AdministratorPage, row::Row};
use crate::{
    app::App,
    pages::{PageError, QueryOrDefault},
    view::Frame,
    wire::invitation_filter,
};

#[derive(Template)]
#[template(path = "invitations.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    tabs: Vec<Tab>,
    q: String,
    state: String,
    is_first: bool,
    next: Option<InvitationId>,
}

struct Tab {
    state: &'static str,
    label: String,
    is_current: bool,
}

/// The state of the view.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    cursor: String,
}

const TABS: [&str; 7] = ["all", "pending", "accepted", "declined", "expired", "revoked", "superseded"];
const ROWS: u16 = 25;

pub(crate) async fn list(
    State(app): State<App>,
    page: AdministratorPage,
    QueryOrDefault(query): QueryOrDefault<ListQuery>,
) -> Result<Response, PageError> {
    let filter = invitation_filter(&query.state).ok();
    let after = query.cursor.parse().ok();
    let (found, now) = app.flows().list_invitations.run(&page.by, filter, Some(&query.q), (after, ROWS)).await?;
    let texts = page.context.frame.texts();
    let state = if filter.is_some() { query.state.as_str() } else { "all" };
    let tabs = TABS.map(|tab| Tab { state: tab, label: texts.get(&format!("state-{tab}")), is_current: tab == state });
    let view = ListPage {
        rows: found.items.iter().map(|summary| Row::of(summary, now, texts)).collect(),
        tabs: tabs.into(),
        q: query.q.clone(),
        state: state.to_owned(),
        is_first: after.is_none(),
        next: found.next,
        frame: page.context.frame.clone(),
    };
    Ok(page.context.page(StatusCode::OK, &view))
}
