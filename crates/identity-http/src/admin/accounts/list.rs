//! The list of accounts.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    access::Scope,
    account::{Account, AccountState},
    port::AccountQuery,
    value::AccountId,
};
use serde::Deserialize;

use super::{AdministratorPage, StateView};
use crate::{
    app::App,
    pages::Asked,
    text::Texts,
    view::{Frame, Moment},
};

#[derive(Template)]
#[template(path = "accounts.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    tabs: Vec<Tab>,
    q: String,
    state: &'static str,
    is_first: bool,
    next: Option<AccountId>,
}

struct Tab {
    state: &'static str,
    label: String,
    is_current: bool,
}

struct Row {
    id: AccountId,
    name: String,
    email: String,
    state: StateView,
    since: Moment,
}

impl Row {
    fn of(account: &Account, texts: &Texts) -> Self {
        Self {
            id: account.id,
            name: account.full_name(),
            email: account.email.as_str().to_owned(),
            state: StateView::of(account.state.as_str(), texts),
            since: Moment::of(account.created_at, texts),
        }
    }
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

const ROWS: u16 = 25;

pub(crate) async fn list(
    State(app): State<App>,
    page: AdministratorPage,
    Asked(query): Asked<ListQuery>,
) -> Result<Response, Response> {
    let answer = async {
        let filter = AccountState::parse(&query.state);
        let after = query.cursor.parse::<AccountId>().ok();
        let q = query.q.trim().to_ascii_lowercase();
        let asked = AccountQuery {
            scope: Scope::Company(page.by.account().company),
            state: filter,
            address_prefix: Some(q).filter(|q| !q.is_empty()),
            after,
            limit: ROWS,
        };
        let found = app.flows().list_accounts.run(&page.by, asked).await?;
        let texts = page.visit.frame.texts();
        let state = filter.map_or("all", AccountState::as_str);
        let tabs = ["all", "active", "disabled"];
        let tabs = tabs.map(|tab| Tab { state: tab, label: texts.get(&format!("state-{tab}")), is_current: tab == state });
        let view = ListPage {
            rows: found.items.iter().map(|account| Row::of(account, texts)).collect(),
            tabs: tabs.into(),
            q: query.q.clone(),
            state,
            is_first: after.is_none(),
            next: found.next,
            frame: page.visit.frame.clone(),
        };
        Ok(page.visit.page(StatusCode::OK, &view))
    };
    page.answer(&app, answer).await
}
