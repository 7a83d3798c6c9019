//! The security of one's own account: sessions, the password said again, events.

use axum::{Json, extract::State, http::StatusCode};
use identity_core::{
    flow::session::{ManageSessionsError, ReauthenticateError},
    value::SessionId,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page;
use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::{LoggedIn, UpToQuestions},
        client::From as ClientOf,
        json::Body,
        query::{Id, Query},
    },
    wire::{OwnEventPage, OwnSession, OwnSessions, PageQuery, Reauthenticate},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(reauthenticate))
        .routes(routes!(list, end_others))
        .routes(routes!(end))
        .routes(routes!(events))
}

/// Says the password again, for what asks for it with 403 `reauthentication-required`. The token of the session stays the same.
#[utoipa::path(post, path = "/sessions/current/reauthenticate", operation_id = "reauthenticate", tag = "sessions", request_body = Reauthenticate, security(("bearer" = [])),
    responses((status = 204, description = "Proved, for a while"), Fails<ReauthenticateError>))]
async fn reauthenticate(
    State(app): State<App>,
    user: UpToQuestions,
    ClientOf(client): ClientOf,
    Body(body): Body<Reauthenticate>,
) -> Result<StatusCode, Problem> {
    app.flows().reauthenticate.keep(&user.signed_in, &body.read()?, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One's own live sessions.
#[utoipa::path(get, path = "/me/sessions", operation_id = "list_own_sessions", tag = "sessions", security(("bearer" = [])),
    responses((status = 200, description = "The sessions", body = OwnSessions)))]
async fn list(State(app): State<App>, user: LoggedIn) -> Result<Json<OwnSessions>, Problem> {
    let sessions = app.flows().sessions.list(&user.signed_in).await?;
    let items = sessions.iter().map(|session| OwnSession::of(session, &user.signed_in.session)).collect();
    Ok(Json(OwnSessions { items }))
}

/// Ends all of one's sessions but the one that asks.
#[utoipa::path(delete, path = "/me/sessions", operation_id = "end_other_sessions", tag = "sessions", security(("bearer" = [])),
    responses((status = 204, description = "The others have ended"), Fails<ManageSessionsError>))]
async fn end_others(State(app): State<App>, user: LoggedIn, ClientOf(client): ClientOf) -> Result<StatusCode, Problem> {
    app.flows().sessions.end_others(&user.signed_in, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's sessions. The one that asks needs no password.
#[utoipa::path(delete, path = "/me/sessions/{id}", operation_id = "end_own_session", tag = "sessions", security(("bearer" = [])),
    params(("id" = crate::wire::schema::Id, Path, description = "The session's id")),
    responses((status = 204, description = "It has ended"), Fails<ManageSessionsError>))]
async fn end(
    State(app): State<App>,
    user: LoggedIn,
    ClientOf(client): ClientOf,
    Id(id): Id<SessionId>,
) -> Result<StatusCode, Problem> {
    app.flows().sessions.end(&user.signed_in, id, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The security events of one's own account, newest first.
#[utoipa::path(get, path = "/me/events", operation_id = "list_own_events", tag = "sessions", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A part of the list", body = OwnEventPage)))]
async fn events(State(app): State<App>, user: LoggedIn, Query(query): Query<PageQuery>) -> Result<Json<OwnEventPage>, Problem> {
    let (after, limit) = page(&query)?;
    let found = app.flows().own_events.run(&user.signed_in, after, limit).await?;
    let next_cursor = found.next.map(|next| next.to_string());
    Ok(Json(OwnEventPage { items: found.items.iter().map(Into::into).collect(), next_cursor }))
}
