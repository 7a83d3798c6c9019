use axum::{Json, extract::State};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{auth::LoggedIn, client::From as ClientOf, json::Body},
    wire::{EditAccount, Me},
};
use identity_core::flow::account::EditAccountError;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show, edit))
}

/// One's own profile and settings.
#[utoipa::path(get, path = "/me", operation_id = "show_me", tag = "me", security(("bearer" = [])),
    responses((status = 200, description = "The account", body = Me)))]
async fn show(State(app): State<App>, user: LoggedIn) -> Json<Me> {
    Json(Me::of(&user.signed_in.account, app.settings()))
}

/// Changes one's own profile and settings: what is left out stays, `null` empties. It counts with the next request and the next mail.
#[utoipa::path(patch, path = "/me", operation_id = "edit_me", tag = "me", security(("bearer" = [])), request_body = EditAccount,
    responses((status = 200, description = "The account as it is now", body = Me), Fails<EditAccountError>))]
async fn edit(
    State(app): State<App>,
    user: LoggedIn,
    ClientOf(client): ClientOf,
    Body(body): Body<EditAccount>,
) -> Result<Json<Me>, Problem> {
    let known = app.settings().switchable(&user.signed_in.account);
    let edit = &app.flows().edit_account;
    let account = match body.read(known, client) {
        Ok(command) => edit.run(&user.signed_in, command).await?,
        Err(unread) => return Err(unread.errors.and(edit.check(&user.signed_in, *unread.rest))),
    };
    Ok(Json(Me::of(&account, app.settings())))
}
