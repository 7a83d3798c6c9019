use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use identity_core::{
    change::Unavailable,
    flow::{
        Fault,
        invitation::{AcceptAccessCommand, AcceptAccessError, AcceptError, DeclineError, InviteError, ManageError, PreviewError},
    },
    value::{InvitationId, TokenKind, TokenSecret},
};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::{ByAdministrator, Carrier, LoggedIn},
        client::From as ClientOf,
        forgery,
        json::Body,
        query::{Id, Query},
    },
    wire::{
        AcceptAccess, AcceptInvitation, AcceptedAccess, AcceptedInvitation, ChangeInvitation, Invitation, InvitationPage, Invite,
        LinkToken, PageQuery, Preview, Reader, Secret, invitation_filter,
    },
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, invite))
        .routes(routes!(preview))
        .routes(routes!(accept))
        .routes(routes!(decline))
        .routes(routes!(request_renewal))
        .routes(routes!(one, change))
        .routes(routes!(resend))
        .routes(routes!(revoke))
        .routes(routes!(accept_access))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct InvitationsQuery {
    /// `pending`, `accepted`, `declined`, `expired`, `revoked` or `superseded`.
    state: Option<String>,
    /// What the address starts with.
    q: Option<String>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
    /// The most rows, from 1 to 200; 50 where nothing is said.
    limit: Option<u16>,
}

/// The secret in a request; anything else is a dead link like any other.
fn secret(token: &Secret) -> Result<TokenSecret, Problem> {
    TokenSecret::parse(TokenKind::Invitation, token.expose()).ok_or_else(Problem::dead_link)
}

/// The invitations of the companies that the logged-in user administers, newest first.
#[utoipa::path(get, path = "/invitations", operation_id = "list_invitations", tag = "invitations", params(InvitationsQuery), security(("bearer" = [])),
    responses((status = 200, description = "A part of the list", body = InvitationPage)))]
async fn list(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Query(query): Query<InvitationsQuery>,
) -> Result<Json<InvitationPage>, Problem> {
    let mut reader = Reader::default();
    let wanted = reader.optional("state", query.state.as_deref(), invitation_filter);
    reader.finish(Some(()))?;
    let (after, limit) = super::page(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let (page, now) = app.flows().list_invitations.run(&by, wanted, query.q.as_deref(), (after, limit)).await?;
    Ok(Json(InvitationPage::of(&page, now)))
}

/// Invites a person. A pending invitation of the same company for the same address is superseded.
#[utoipa::path(post, path = "/invitations", tag = "invitations", request_body = Invite, security(("bearer" = [])),
    responses((status = 201, description = "Invited; the mail is queued", body = Invitation), Fails<InviteError>))]
async fn invite(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Body(body): Body<Invite>,
) -> Result<(StatusCode, Json<Invitation>), Problem> {
    let invitation = app.flows().invite.run(&by, &body.read()?).await?;
    Ok((StatusCode::CREATED, Json(Invitation::alone(&invitation, invitation.created_at))))
}

/// One invitation.
#[utoipa::path(get, path = "/invitations/{id}", operation_id = "invitation", tag = "invitations",
    params(("id" = crate::wire::schema::Id, Path, description = "The invitation's id")), security(("bearer" = [])),
    responses((status = 200, description = "The invitation", body = Invitation)))]
async fn one(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<InvitationId>,
) -> Result<Json<Invitation>, Problem> {
    let found = app.flows().list_invitations.one(&by, id).await?;
    found.map(|(summary, now)| Json(Invitation::of(&summary, now))).ok_or_else(Problem::not_found)
}

/// Moves the end of a pending invitation. Links that were sent last as long.
#[utoipa::path(patch, path = "/invitations/{id}", tag = "invitations", request_body = ChangeInvitation,
    params(("id" = crate::wire::schema::Id, Path, description = "The invitation's id")), security(("bearer" = [])),
    responses((status = 200, description = "Changed", body = Invitation), Fails<ManageError>))]
async fn change(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<InvitationId>,
    Body(body): Body<ChangeInvitation>,
) -> Result<Json<Invitation>, Problem> {
    let invitation = app.flows().change_expiry.run(&by, id, body.read()?).await?;
    Ok(Json(Invitation::alone(&invitation, app.now())))
}

/// Sends a pending invitation again: older links die, its lifetime starts again, and the logged-in user answers for it.
#[utoipa::path(post, path = "/invitations/{id}/resend", tag = "invitations",
    params(("id" = crate::wire::schema::Id, Path, description = "The invitation's id")), security(("bearer" = [])),
    responses((status = 202, description = "The mail is queued", body = Invitation), Fails<ManageError>))]
async fn resend(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<InvitationId>,
) -> Result<(StatusCode, Json<Invitation>), Problem> {
    let invitation = app.flows().resend.run(&by, id).await?;
    Ok((StatusCode::ACCEPTED, Json(Invitation::alone(&invitation, app.now()))))
}

/// Takes a pending invitation back: its links die.
#[utoipa::path(post, path = "/invitations/{id}/revoke", tag = "invitations",
    params(("id" = crate::wire::schema::Id, Path, description = "The invitation's id")), security(("bearer" = [])),
    responses((status = 200, description = "Revoked", body = Invitation), Fails<ManageError>))]
async fn revoke(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<InvitationId>,
) -> Result<Json<Invitation>, Problem> {
    let invitation = app.flows().revoke.run(&by, id).await?;
    Ok(Json(Invitation::alone(&invitation, app.now())))
}

/// What a link offers. Changes nothing.
#[utoipa::path(post, path = "/invitations/preview", tag = "invitations", request_body = LinkToken,
    responses((status = 200, description = "What it offers", body = Preview), Fails<PreviewError>))]
async fn preview(State(app): State<App>, Body(body): Body<LinkToken>) -> Result<Json<Preview>, Problem> {
    let secret = secret(&body.token)?;
    Ok(Json((&app.flows().preview.run(&secret).await?).into()))
}

/// Registers by a link: opens the account with exactly the invitation's roles and subscriptions.
#[utoipa::path(post, path = "/invitations/accept", tag = "invitations", request_body = AcceptInvitation,
    responses((status = 201, description = "Registered", body = AcceptedInvitation), Fails<AcceptError>))]
async fn accept(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<AcceptInvitation>,
) -> Result<(StatusCode, Json<AcceptedInvitation>), Problem> {
    let secret = secret(&body.token)?;
    let accept = &app.flows().accept;
    let done = match body.read(secret.clone(), client.clone()) {
        Ok(command) => accept.run(command).await?,
        Err(unread) => return Err(unread.errors.and(accept.check(&secret, *unread.rest, &client).await?)),
    };
    let device = done.device.to_text().expose_secret().to_owned();
    Ok((StatusCode::CREATED, Json(AcceptedInvitation { account: (&done.account).into(), device })))
}

/// Declines an invitation.
#[utoipa::path(post, path = "/invitations/decline", tag = "invitations", request_body = LinkToken,
    responses((status = 204, description = "Declined"), Fails<DeclineError>))]
async fn decline(State(app): State<App>, ClientOf(client): ClientOf, Body(body): Body<LinkToken>) -> Result<StatusCode, Problem> {
    app.flows().decline.run(&secret(&body.token)?, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks for a new invitation where a link does not work any more. The answer is always the same.
#[utoipa::path(post, path = "/invitations/request-renewal", tag = "invitations", request_body = LinkToken,
    responses((status = 202, description = "If the link was of an invitation, the person who answers for it is asked"), Fails<Fault>))]
async fn request_renewal(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<LinkToken>,
) -> Result<StatusCode, Problem> {
    if let Some(secret) = TokenSecret::parse(TokenKind::Invitation, body.token.expose()) {
        app.flows().request_renewal.run(&secret, &client).await?;
    }
    Ok(StatusCode::ACCEPTED)
}

/// Accepts an invitation with the account of the logged-in user, which has exactly the invited address. The session gets another secret.
#[utoipa::path(post, path = "/me/invitations/accept", operation_id = "accept_access", tag = "invitations", request_body = AcceptAccess, security(("bearer" = [])),
    responses((status = 200, description = "The account has what the invitation gives", body = AcceptedAccess), Fails<AcceptAccessError>))]
async fn accept_access(
    State(app): State<App>,
    user: LoggedIn,
    ClientOf(client): ClientOf,
    sent: HeaderMap,
    Body(body): Body<AcceptAccess>,
) -> Result<(HeaderMap, Json<AcceptedAccess>), Problem> {
    let command = AcceptAccessCommand { secret: secret(&body.token)?, accepted_terms: body.accept_terms, client };
    let accepted = app.flows().accept_access.run(&user.signed_in, command).await?;
    let (mut headers, mut token, mut csrf_token) = (HeaderMap::new(), None, None);
    match user.carrier {
        Carrier::Bearer => token = Some(accepted.secret.to_text().expose_secret().to_owned()),
        Carrier::Cookie => {
            let now = app.now();
            for cookie in app.session_cookie().renew(&accepted.secret, &accepted.session, now, &sent) {
                headers.append(header::SET_COOKIE, cookie);
            }
            let token = forgery::token(&accepted.secret, app.entropy());
            csrf_token = Some(token.map_err(Unavailable::from)?);
        }
    }
    Ok((headers, Json(AcceptedAccess { account: (&accepted.account).into(), token, csrf_token })))
}
