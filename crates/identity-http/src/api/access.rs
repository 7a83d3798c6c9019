use axum::{Json, extract::State, http::StatusCode};
use identity_core::{
    flow::access::{self, AccessCommand, AccessError, Entry},
    model::access::GrantableBy,
    value::{AccessText, RoleKey, SubscriptionKey},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::{ByAdministrator, ByOperator},
        json::Body,
        query::{Id, Query},
    },
    wire::{AccessEntry, AccessList, DefineEntry, PageQuery, Reader, ReviseEntry},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(roles, define_role))
        .routes(routes!(revise_role))
        .routes(routes!(subscriptions, define_subscription))
        .routes(routes!(revise_subscription))
}

fn entry(entry: &Entry) -> AccessEntry {
    match entry {
        Entry::Role(role) => role.into(),
        Entry::Subscription(subscription) => subscription.into(),
    }
}

fn command(key: Result<access::DefineEntry, identity_core::value::KeyError>, body: &ReviseEntry) -> Result<AccessCommand, Problem> {
    let mut reader = Reader::default();
    let key = reader.read("key", key);
    let name = reader.read("name", AccessText::parse(&body.name));
    let description = reader.optional("description", body.description.as_deref(), AccessText::parse);
    let level = reader.read("grantable_by", GrantableBy::parse(&body.grantable_by).ok_or("use operator or administrator"));
    let read = key.zip(name).zip(level);
    Ok(reader.finish(read.map(|((entry, name), grantable_by)| AccessCommand { entry, name, description, grantable_by }))?)
}

fn parts(body: DefineEntry) -> (String, ReviseEntry) {
    let DefineEntry { key, name, description, grantable_by } = body;
    (key, ReviseEntry { name, description, grantable_by })
}

/// The roles.
#[utoipa::path(get, path = "/roles", tag = "access", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A part of the list of roles, by key", body = AccessList)))]
async fn roles(State(app): State<App>, _by: ByAdministrator, Query(query): Query<PageQuery>) -> Result<Json<AccessList>, Problem> {
    let (after, limit) = super::page::<RoleKey>(&query)?;
    let roles = app.flows().access.roles().await?;
    Ok(Json(AccessList::part(roles.iter().map(AccessEntry::from), after.as_ref().map(RoleKey::as_str), limit)))
}

/// Defines a role.
#[utoipa::path(post, path = "/roles", tag = "access", request_body = DefineEntry, security(("bearer" = [])),
    responses((status = 201, description = "Defined", body = AccessEntry), Fails<AccessError>))]
async fn define_role(
    State(app): State<App>,
    ByOperator(by): ByOperator,
    Body(body): Body<DefineEntry>,
) -> Result<(StatusCode, Json<AccessEntry>), Problem> {
    let (key, body) = parts(body);
    let command = command(RoleKey::parse(&key).map(access::DefineEntry::Role), &body)?;
    Ok((StatusCode::CREATED, Json(entry(&app.flows().access.define(&by, command).await?))))
}

/// Gives a role another name, description or level.
#[utoipa::path(patch, path = "/roles/{key}", tag = "access", request_body = ReviseEntry,
    params(("key" = crate::wire::schema::Key, Path, description = "The role's key")), security(("bearer" = [])),
    responses((status = 200, description = "Revised", body = AccessEntry), Fails<AccessError>))]
async fn revise_role(
    State(app): State<App>,
    ByOperator(by): ByOperator,
    Id(key): Id<RoleKey>,
    Body(body): Body<ReviseEntry>,
) -> Result<Json<AccessEntry>, Problem> {
    let command = command(Ok(access::DefineEntry::Role(key)), &body)?;
    Ok(Json(entry(&app.flows().access.revise(&by, command).await?)))
}

/// The subscriptions.
#[utoipa::path(get, path = "/subscriptions", tag = "access", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A part of the list of subscriptions, by key", body = AccessList)))]
async fn subscriptions(
    State(app): State<App>,
    _by: ByAdministrator,
    Query(query): Query<PageQuery>,
) -> Result<Json<AccessList>, Problem> {
    let (after, limit) = super::page::<SubscriptionKey>(&query)?;
    let all = app.flows().access.subscriptions().await?;
    Ok(Json(AccessList::part(all.iter().map(AccessEntry::from), after.as_ref().map(SubscriptionKey::as_str), limit)))
}

/// Defines a subscription.
#[utoipa::path(post, path = "/subscriptions", tag = "access", request_body = DefineEntry, security(("bearer" = [])),
    responses((status = 201, description = "Defined", body = AccessEntry), Fails<AccessError>))]
async fn define_subscription(
    State(app): State<App>,
    ByOperator(by): ByOperator,
    Body(body): Body<DefineEntry>,
) -> Result<(StatusCode, Json<AccessEntry>), Problem> {
    let (key, body) = parts(body);
    let command = command(SubscriptionKey::parse(&key).map(access::DefineEntry::Subscription), &body)?;
    Ok((StatusCode::CREATED, Json(entry(&app.flows().access.define(&by, command).await?))))
}

/// Gives a subscription another name, description or level.
#[utoipa::path(patch, path = "/subscriptions/{key}", tag = "access", request_body = ReviseEntry,
    params(("key" = crate::wire::schema::Key, Path, description = "The subscription's key")), security(("bearer" = [])),
    responses((status = 200, description = "Revised", body = AccessEntry), Fails<AccessError>))]
async fn revise_subscription(
    State(app): State<App>,
    ByOperator(by): ByOperator,
    Id(key): Id<SubscriptionKey>,
    Body(body): Body<ReviseEntry>,
) -> Result<Json<AccessEntry>, Problem> {
    let command = command(Ok(access::DefineEntry::Subscription(key)), &body)?;
    Ok(Json(entry(&app.flows().access.revise(&by, command).await?)))
}
