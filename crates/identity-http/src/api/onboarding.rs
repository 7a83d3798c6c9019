use axum::{Json, extract::State};
use identity_core::flow::onboarding::{CloseStepCommand, CloseStepError};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{auth::LoggedIn, client::From as ClientOf, json::Body, query::Id},
    wire::{CloseStep, Onboarding},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(close))
}

/// How far one has come in the first login.
#[utoipa::path(get, path = "/me/setup", operation_id = "show_setup", tag = "me", security(("bearer" = [])),
    responses((status = 200, description = "The steps of this installation, in their order", body = Onboarding)))]
async fn show(State(app): State<App>, user: LoggedIn) -> Result<Json<Onboarding>, Problem> {
    let account = &user.signed_in.account;
    let progress = app.flows().onboarding.progress(account).await?;
    Ok(Json(Onboarding::of(&progress, &account.language)))
}

/// Closes a step of the first login, one of the host's as one of the pages. What was done stays done.
#[utoipa::path(post, path = "/me/setup/{step}", operation_id = "close_setup_step", tag = "me", security(("bearer" = [])),
    params(("step" = String, Path, description = "The step's key")), request_body = CloseStep,
    responses((status = 200, description = "The steps as they are now", body = Onboarding), Fails<CloseStepError>))]
async fn close(
    State(app): State<App>,
    user: LoggedIn,
    ClientOf(client): ClientOf,
    Id(step): Id<String>,
    Body(body): Body<CloseStep>,
) -> Result<Json<Onboarding>, Problem> {
    let command = CloseStepCommand { step, closing: body.read()?, client };
    let progress = app.flows().onboarding.close(&user.signed_in, &command).await?;
    Ok(Json(Onboarding::of(&progress, &user.signed_in.account.language)))
}
