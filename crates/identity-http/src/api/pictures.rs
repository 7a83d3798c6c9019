use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use identity_core::{
    flow::account::{SetPictureCommand, SetPictureError},
    value::AccountId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::LoggedIn,
        client::From as ClientOf,
        picture,
        query::{Id, Query},
        upload,
    },
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(set, remove)).routes(routes!(of_account))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SquareQuery {
    /// How far the square is from the left of the upright picture, in its pixels.
    x: Option<u32>,
    /// How far it is from the top.
    y: Option<u32>,
    /// How long its sides are. Send all three, or none for the middle.
    size: Option<u32>,
}

/// Where the picture is.
#[derive(Debug, Serialize, ToSchema)]
struct PictureSet {
    /// The path under which it is served, a new one for each picture.
    picture: String,
}

/// Sets one's own picture: a PNG, JPEG or WebP of at most 5 MiB and 4096 × 4096 pixels, cut to a square.
#[utoipa::path(put, path = "/me/picture", operation_id = "set_picture", tag = "accounts", params(SquareQuery),
    request_body(content = crate::wire::schema::Bytes, content_type = "application/octet-stream"), security(("bearer" = [])),
    responses((status = 200, description = "The picture is set", body = PictureSet), Fails<SetPictureError>))]
async fn set(
    State(app): State<App>,
    user: LoggedIn,
    ClientOf(client): ClientOf,
    Query(query): Query<SquareQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PictureSet>, Problem> {
    let square = upload::square(query.x, query.y, query.size);
    let square = square.ok_or_else(|| Problem::field("size", "incomplete_square", "Send x, y and size, or none of them."))?;
    let flow = &app.flows().picture;
    let permit = flow.enter(&user.signed_in, &client).await?;
    let place = match app.place_for_upload(user.signed_in.account.id) {
        Ok(place) => place,
        Err(busy) => {
            upload::discard(body).await;
            return Err(busy.into());
        }
    };
    let upload = upload::bytes(&headers, body).await?;
    let name = flow.set(permit, &user.signed_in, SetPictureCommand { upload, square, client }).await?;
    drop(place);
    Ok(Json(PictureSet { picture: format!("/pictures/{name}") }))
}

/// Takes one's own picture away.
#[utoipa::path(delete, path = "/me/picture", operation_id = "remove_picture", tag = "accounts", security(("bearer" = [])),
    responses((status = 204, description = "There is none any more"), Fails<SetPictureError>))]
async fn remove(State(app): State<App>, user: LoggedIn, ClientOf(client): ClientOf) -> Result<StatusCode, Problem> {
    app.flows().picture.remove(&user.signed_in, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The picture of an account: of one's own, or of one that the logged-in user administers.
#[utoipa::path(get, path = "/accounts/{id}/picture", operation_id = "picture_of_account", tag = "accounts",
    params(("id" = crate::wire::schema::Id, Path, description = "The account's id")), security(("bearer" = [])),
    responses((status = 200, description = "The picture", body = crate::wire::schema::Bytes, content_type = "image/jpeg")))]
async fn of_account(State(app): State<App>, user: LoggedIn, Id(id): Id<AccountId>) -> Result<Response, Problem> {
    let found = app.flows().picture.of(&user.signed_in, id).await?;
    found.as_ref().map(picture::answer).ok_or_else(Problem::not_found)
}
