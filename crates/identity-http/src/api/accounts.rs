use axum::{Json, extract::State, http::StatusCode};
use identity_core::{
    flow::{account::AdministrationError, recovery::AssistedResetError},
    model::{
        access::{Administrator, Scope},
        account::AccountState,
    },
    port::AccountQuery,
    value::{AccountId, CompanyId, RoleKey},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::ByAdministrator,
        json::Body,
        query::{Id, Query},
    },
    wire::{
        Account, AccountDetails, AccountPage, AssistedReset, AssistedResetDone, AssistedResetWithAnswer, PageQuery, Reader,
        ResetMethod,
    },
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(disable))
        .routes(routes!(enable))
        .routes(routes!(unlock))
        .routes(routes!(end_sessions))
        .routes(routes!(require_password_change))
}

/// Where no security question can be asked.
pub(crate) fn reset_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(reset))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AccountsQuery {
    /// `active` or `disabled`.
    state: Option<String>,
    /// What the address starts with.
    q: Option<String>,
    /// The key of a role that they hold.
    role: Option<String>,
    /// The company that they belong to. Of one that the logged-in user does not administer there is nothing.
    company_id: Option<String>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
    /// The most rows, from 1 to 200; 50 where nothing is said.
    limit: Option<u16>,
}

/// The accounts of the companies that the logged-in user administers: newest first, or by address where the beginning of one is asked for.
#[utoipa::path(get, path = "/accounts", operation_id = "list_accounts", tag = "accounts", params(AccountsQuery), security(("bearer" = [])),
    responses((status = 200, description = "A part of the list", body = AccountPage)))]
async fn list(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Query(query): Query<AccountsQuery>,
) -> Result<Json<AccountPage>, Problem> {
    let mut reader = Reader::default();
    let read = |word: &str| AccountState::parse(word).ok_or("use active or disabled");
    let state = reader.optional("state", query.state.as_deref(), read);
    let role = reader.optional("role", query.role.as_deref(), RoleKey::parse);
    let company = reader.optional("company_id", query.company_id.as_deref(), str::parse::<CompanyId>);
    reader.finish(Some(()))?;
    let (after, limit) = super::page::<AccountId>(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let address_prefix = query.q.map(|text| text.trim().to_ascii_lowercase()).filter(|text| !text.is_empty());
    let scope = company.map_or(Scope::Everywhere, Scope::Company);
    let asked = AccountQuery { scope, state, role, address_prefix, after, limit };
    let page = app.flows().list_accounts.run(&by, asked).await?;
    Ok(Json(AccountPage {
        items: page.items.iter().map(Account::from).collect(),
        next_cursor: page.next.map(|next| next.to_string()),
    }))
}

/// One account.
#[utoipa::path(get, path = "/accounts/{id}", operation_id = "account", tag = "accounts",
    params(("id" = crate::wire::schema::Id, Path, description = "The account's id")), security(("bearer" = [])),
    responses((status = 200, description = "The account", body = AccountDetails), Fails<AdministrationError>))]
async fn one(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
) -> Result<Json<AccountDetails>, Problem> {
    Ok(Json(AccountDetails::of(&app.flows().list_accounts.find(&by, id).await?, app.settings())))
}

/// Disables an account: its sessions and invitations stop working with the answer.
#[utoipa::path(post, path = "/accounts/{id}/disable", tag = "accounts", params(("id" = crate::wire::schema::Id, Path, description = "The account's id")),
    security(("bearer" = [])),
    responses((status = 204, description = "Disabled"), Fails<AdministrationError>))]
async fn disable(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
) -> Result<StatusCode, Problem> {
    app.flows().disable_account.run(&by, id, AccountState::Disabled).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enables an account again.
#[utoipa::path(post, path = "/accounts/{id}/enable", tag = "accounts", params(("id" = crate::wire::schema::Id, Path, description = "The account's id")),
    security(("bearer" = [])),
    responses((status = 204, description = "Enabled"), Fails<AdministrationError>))]
async fn enable(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
) -> Result<StatusCode, Problem> {
    app.flows().disable_account.run(&by, id, AccountState::Active).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets the failed logins of an account's address, so that it may be tried again.
#[utoipa::path(post, path = "/accounts/{id}/unlock", tag = "accounts", params(("id" = crate::wire::schema::Id, Path, description = "The account's id")),
    security(("bearer" = [])),
    responses((status = 204, description = "Unlocked"), Fails<AdministrationError>))]
async fn unlock(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
) -> Result<StatusCode, Problem> {
    app.flows().account_security.unlock(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every session of an account.
#[utoipa::path(post, path = "/accounts/{id}/end-sessions", tag = "accounts",
    params(("id" = crate::wire::schema::Id, Path, description = "The account's id")), security(("bearer" = [])),
    responses((status = 204, description = "Ended"), Fails<AdministrationError>))]
async fn end_sessions(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
) -> Result<StatusCode, Problem> {
    app.flows().account_security.end_sessions(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a new password a condition of everything else. The person is told by mail.
#[utoipa::path(post, path = "/accounts/{id}/require-password-change", tag = "accounts",
    params(("id" = crate::wire::schema::Id, Path, description = "The account's id")), security(("bearer" = [])),
    responses((status = 204, description = "Required"), Fails<AdministrationError>))]
async fn require_password_change(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
) -> Result<StatusCode, Problem> {
    app.flows().account_security.require_password_change(&by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resets somebody's password after making sure of who is asking, which is recorded.
#[utoipa::path(post, path = "/accounts/{id}/password-reset", operation_id = "reset_for_somebody", tag = "accounts", request_body = AssistedReset,
    params(("id" = crate::wire::schema::Id, Path, description = "The account's id")), security(("bearer" = [])),
    responses((status = 202, description = "The mail is on its way; a temporary password is answered this once", body = AssistedResetDone), Fails<AssistedResetError>))]
async fn reset(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
    Body(body): Body<AssistedReset>,
) -> Result<(StatusCode, Json<AssistedResetDone>), Problem> {
    reset_as_asked(&app, &by, id, &body.into()).await
}

pub(super) async fn reset_as_asked(
    app: &App,
    by: &Administrator,
    id: AccountId,
    body: &AssistedResetWithAnswer,
) -> Result<(StatusCode, Json<AssistedResetDone>), Problem> {
    let (method, check) = body.read(app.settings().security_questions.is_some())?;
    let flow = &app.flows().reset_for_somebody;
    let done = match method {
        ResetMethod::Link => {
            flow.by_link(by, id, &check).await?;
            AssistedResetDone { temporary_password: None, expires_at: None }
        }
        ResetMethod::TemporaryPassword => {
            let (password, ends_at) = flow.by_temporary_password(by, id, &check).await?;
            AssistedResetDone { temporary_password: Some(password.expose().to_owned()), expires_at: Some(ends_at.to_string()) }
        }
    };
    Ok((StatusCode::ACCEPTED, Json(done)))
}
