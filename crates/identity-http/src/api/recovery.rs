use axum::{extract::State, http::StatusCode};
use identity_core::{
    flow::{
        password::ChangePasswordError,
        recovery::{RecoveryError, ReportError, ResetError},
    },
    value::{TokenKind, TokenSecret},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{auth::LoggedInOrPending, client::From as ClientOf, json::Body},
    wire::{ChangePassword, CompleteReset, CompleteResetWithAnswer, LinkToken, RequestReset},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(request)).routes(routes!(report)).routes(routes!(change))
}

/// Where no security question can be asked.
pub(crate) fn complete_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(complete))
}

/// Asks for a link to a new password. The answer is the same whether or not the address is known; what is mailed is not.
#[utoipa::path(post, path = "/password-resets", operation_id = "request_password_reset", tag = "passwords", request_body = RequestReset,
    responses((status = 202, description = "If the address has an account, a mail is on its way"), Fails<RecoveryError>))]
async fn request(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<RequestReset>,
) -> Result<StatusCode, Problem> {
    let (email, language) = body.read()?;
    app.flows().request_recovery.run(email, language, &client).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sets a new password by a mailed link. Every session and every other link ends; nobody is signed in by it.
#[utoipa::path(post, path = "/password-resets/complete", operation_id = "complete_password_reset", tag = "passwords", request_body = CompleteReset,
    responses((status = 204, description = "The password is set"), Fails<ResetError>))]
async fn complete(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<CompleteReset>,
) -> Result<StatusCode, Problem> {
    let secret = TokenSecret::parse(TokenKind::Recovery, body.token.expose()).ok_or_else(Problem::dead_link)?;
    let command = CompleteResetWithAnswer::from(body).read(secret, client)?;
    app.flows().reset_password.run(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// "This wasn't me": ends the links that were mailed, and access by a password that was changed. Administrators are told.
#[utoipa::path(post, path = "/password-resets/report", operation_id = "report_access", tag = "passwords", request_body = LinkToken,
    responses((status = 204, description = "Reported"), Fails<ReportError>))]
async fn report(State(app): State<App>, ClientOf(client): ClientOf, Body(body): Body<LinkToken>) -> Result<StatusCode, Problem> {
    let secret = TokenSecret::parse(TokenKind::Report, body.token.expose()).ok_or_else(Problem::dead_link)?;
    app.flows().report_access.run(&secret, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the password of the logged-in user. Every other session ends.
#[utoipa::path(put, path = "/me/password", operation_id = "change_password", tag = "passwords", request_body = ChangePassword, security(("bearer" = [])),
    responses((status = 204, description = "Changed"), Fails<ChangePasswordError>))]
async fn change(
    State(app): State<App>,
    user: LoggedInOrPending,
    ClientOf(client): ClientOf,
    Body(body): Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    app.flows().change_password.run(&user.signed_in, body.read(client)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
