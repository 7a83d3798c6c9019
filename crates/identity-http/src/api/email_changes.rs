use axum::{Json, extract::State, http::StatusCode};
use identity_core::{
    flow::email_change::{EmailChangeError, EmailChangeLinkError},
    value::{TokenKind, TokenSecret},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, LookUp, Problem},
    web::{auth::LoggedIn, client::From as ClientOf, json::Body},
    wire::{EmailChange, LinkToken, RequestEmailChange},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(request, pending, cancel)).routes(routes!(confirm)).routes(routes!(undo))
}

/// Asks for another address. The answer is the same for a free address and a taken one; what is mailed there is not. It counts once it is
/// confirmed.
#[utoipa::path(post, path = "/me/email-change", operation_id = "request_email_change", tag = "accounts", request_body = RequestEmailChange, security(("bearer" = [])),
    responses((status = 202, description = "If the address can be used, a link is on its way there; the old one is told"), Fails<EmailChangeError>))]
async fn request(
    State(app): State<App>,
    user: LoggedIn,
    ClientOf(client): ClientOf,
    Body(body): Body<RequestEmailChange>,
) -> Result<StatusCode, Problem> {
    app.flows().request_email_change.run(&user.signed_in, body.read(client)?).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The change of one's address that waits to be confirmed.
#[utoipa::path(get, path = "/me/email-change", operation_id = "pending_email_change", tag = "accounts", security(("bearer" = [])),
    responses((status = 200, description = "It waits", body = EmailChange), Fails<LookUp>))]
async fn pending(State(app): State<App>, user: LoggedIn) -> Result<Json<EmailChange>, Problem> {
    let found = app.flows().pending_email_change.find(&user.signed_in).await?;
    found.as_ref().map(|found| Json(found.into())).ok_or_else(Problem::not_found)
}

/// Takes the change of one's address back that waits to be confirmed.
#[utoipa::path(delete, path = "/me/email-change", operation_id = "cancel_email_change", tag = "accounts", security(("bearer" = [])),
    responses((status = 204, description = "None waits any more")))]
async fn cancel(State(app): State<App>, user: LoggedIn, ClientOf(client): ClientOf) -> Result<StatusCode, Problem> {
    app.flows().pending_email_change.cancel(&user.signed_in, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Confirms a change of address by the link that was mailed to the new one.
#[utoipa::path(post, path = "/email-changes/confirm", operation_id = "confirm_email_change", tag = "accounts", request_body = LinkToken,
    responses((status = 204, description = "The account has its new address"), Fails<EmailChangeLinkError>))]
async fn confirm(State(app): State<App>, ClientOf(client): ClientOf, Body(body): Body<LinkToken>) -> Result<StatusCode, Problem> {
    let secret = TokenSecret::parse(TokenKind::EmailConfirmation, body.token.expose()).ok_or_else(Problem::dead_link)?;
    app.flows().confirm_email_change.run(&secret, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Undoes a change of address by the link that was mailed to the old one: the password lets nobody in any more, every session ends,
/// a link to a new password is mailed there, and administrators are told.
#[utoipa::path(post, path = "/email-changes/undo", operation_id = "undo_email_change", tag = "accounts", request_body = LinkToken,
    responses((status = 204, description = "The account has its old address"), Fails<EmailChangeLinkError>))]
async fn undo(State(app): State<App>, ClientOf(client): ClientOf, Body(body): Body<LinkToken>) -> Result<StatusCode, Problem> {
    let secret = TokenSecret::parse(TokenKind::EmailUndo, body.token.expose()).ok_or_else(Problem::dead_link)?;
    app.flows().undo_email_change.run(&secret, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
