use askama::Template;
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use identity_core::model::{
    onboarding::{BuiltInStep, Closing},
    session::CurrentUser,
};

use super::{Position, beyond, close};
use crate::{
    app::App,
    pages::{
        common::{PageContext, QueryOrDefault, SignedInPage, Wanted},
        error::PageError,
        picture::{Uploaded, wrong},
    },
    view::{Avatar, Frame},
    web::{client::From as ClientOf, form::FormState},
};

#[derive(Template)]
#[template(path = "onboarding_picture.html")]
struct PicturePage {
    frame: Frame,
    place: Position,
    form: FormState,
    avatar: Avatar,
}

const STEP: BuiltInStep = BuiltInStep::Picture;

fn page(context: &PageContext, status: StatusCode, signed_in: &CurrentUser, place: Position, form: FormState) -> Response {
    let avatar = (&signed_in.account).into();
    context.page(status, &PicturePage { frame: context.frame.clone(), place, form, avatar })
}

pub(crate) async fn show(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let place = Position::built_in(&app, &context, &signed_in, STEP, beyond(&app, &query.return_to)).await?;
    Ok(page(&context, StatusCode::OK, &signed_in, place, FormState::default()))
}

pub(crate) async fn submit(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
    ClientOf(client): ClientOf,
    request: Request,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let later = beyond(&app, &query.return_to);
    // Before anything of the picture is read.
    let place = Position::built_in(&app, &context, &signed_in, STEP, later.clone()).await?;
    match Uploaded::set(&app, &context, &signed_in, client.clone(), request).await? {
        Uploaded::Kept => close(&app, (&context, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await,
        Uploaded::Refused(key) => Ok(page(&context, StatusCode::UNPROCESSABLE_ENTITY, &signed_in, place, wrong(&context, key))),
    }
}
