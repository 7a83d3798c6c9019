//! The list of accounts.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    model::{
        access::Scope,
        account::{Account, AccountState},
    },
    port::AccountQuery,
    value::{AccountId, CompanyId, RoleKey},
};
use serde::Deserialize;

use super::{super::company_choice::CompanyChoice, AdministratorPage, StateView};
use crate::{
    app::App,
    pages::{PageError, QueryOrDefault},
    text::Texts,
    view::{Choice, Frame, Moment, RoleText},
};

#[derive(Template)]
#[template(path = "accounts.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    tabs: Vec<Tab>,
    q: String,
    state: &'static str,
    role: String,
    roles: Vec<Choice>,
    company_id: String,
    companies: CompanyChoice,
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
    role: String,
    #[serde(default)]
    company_id: String,
    #[serde(default)]
    company_q: String,
    #[serde(default)]
    cursor: String,
}

const ROWS: u16 = 25;

/// The roles that people may hold.
async fn roles(app: &App, texts: &Texts) -> Result<Vec<Choice>, PageError> {
    let roles = app.flows().access.roles().await?;
    Ok(roles.iter().map(|role| Choice::new(&role.key, &RoleText::of(role, texts).name, None::<&String>)).collect())
}

pub(crate) async fn list(
    State(app): State<App>,
    page: AdministratorPage,
    QueryOrDefault(query): QueryOrDefault<ListQuery>,
) -> Result<Response, PageError> {
    let filter = AccountState::parse(&query.state);
    let after = query.cursor.parse::<AccountId>().ok();
    let q = query.q.trim().to_ascii_lowercase();
    let role = RoleKey::parse(&query.role).ok();
    let company = query.company_id.parse::<CompanyId>().ok();
    let asked = AccountQuery {
        scope: company.map_or(Scope::Everywhere, Scope::Company),
        state: filter,
        role: role.clone(),
        address_prefix: Some(q).filter(|q| !q.is_empty()),
        after,
        limit: ROWS,
    };
    let found = app.flows().list_accounts.run(&page.by, asked).await?;
    let texts = page.context.frame.texts();
    let state = filter.map_or("all", AccountState::as_str);
    let tabs = ["all", "active", "disabled"];
    let tabs = tabs.map(|tab| Tab { state: tab, label: texts.get(&format!("state-{tab}")), is_current: tab == state });
    let view = ListPage {
        rows: found.items.iter().map(|account| Row::of(account, texts)).collect(),
        tabs: tabs.into(),
        q: query.q.clone(),
        state,
        role: role.map(|role| role.to_string()).unwrap_or_default(),
        roles: roles(&app, texts).await?,
        company_id: company.map(|company| company.to_string()).unwrap_or_default(),
        companies: CompanyChoice::of(&app, &page.by, texts, company, &query.company_q).await?,
        is_first: after.is_none(),
        next: found.next,
        frame: page.context.frame.clone(),
    };
    Ok(page.context.page(StatusCode::OK, &view))
}
