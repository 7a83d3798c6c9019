//! One's own data: taken along, and deleted.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{archive, auth::LoggedIn, client::From as ClientOf},
    wire::Deletion,
};
use identity_core::flow::privacy::{DeleteAccountError, ExportOwnDataError, UndoDeletionError};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(delete)).routes(routes!(undo))
}

/// What is kept of the person who asks, as a ZIP of JSON and the picture. That it was taken along is recorded.
#[utoipa::path(get, path = "/me/export", operation_id = "export_own_data", tag = "me", security(("bearer" = [])),
    responses((status = 200, description = "The archive", body = crate::wire::schema::Bytes, content_type = "application/zip"), Fails<ExportOwnDataError>))]
async fn export(State(app): State<App>, user: LoggedIn, ClientOf(client): ClientOf) -> Result<Response, Problem> {
    archive::answer(&app.flows().export_own_data.run(&user.signed_in, &client).await?)
}

/// Asks for the deletion of one's own account. Every other session ends, a mail says when it is erased, and until then it can be
/// undone. Asking again moves nothing.
#[utoipa::path(delete, path = "/me", operation_id = "delete_me", tag = "me", security(("bearer" = [])),
    responses((status = 202, description = "It will be erased", body = Deletion), Fails<DeleteAccountError>))]
async fn delete(
    State(app): State<App>,
    user: LoggedIn,
    ClientOf(client): ClientOf,
) -> Result<(StatusCode, Json<Deletion>), Problem> {
    let deletion = app.flows().delete_account.request(&user.signed_in, &client).await?;
    Ok((StatusCode::ACCEPTED, Json(deletion.into())))
}

/// Takes the deletion of one's own account back.
#[utoipa::path(post, path = "/me/deletion/undo", operation_id = "undo_deletion", tag = "me", security(("bearer" = [])),
    responses((status = 204, description = "The account stays"), Fails<UndoDeletionError>))]
async fn undo(State(app): State<App>, user: LoggedIn, ClientOf(client): ClientOf) -> Result<StatusCode, Problem> {
    app.flows().delete_account.undo(&user.signed_in, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}
