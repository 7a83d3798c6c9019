use askama::Template;
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use identity_core::{
    session::CurrentUser,
    setup::{BuiltInStep, Closing},
};

use super::{Place, beyond, close};
use crate::{
    app::App,
    pages::{
        common::{Asked, PageError, SignedInPage, Visit, Wanted},
        picture::{Uploaded, wrong},
    },
    view::{Avatar, Frame},
    web::{client::From as ClientOf, form::Filled},
};

#[derive(Template)]
#[template(path = "welcome_picture.html")]
struct PicturePage {
    frame: Frame,
    place: Place,
    form: Filled,
    avatar: Avatar,
}

const STEP: BuiltInStep = BuiltInStep::Picture;

fn page(visit: &Visit, status: StatusCode, signed_in: &CurrentUser, place: Place, form: Filled) -> Response {
    let avatar = (&signed_in.account).into();
    visit.page(status, &PicturePage { frame: visit.frame.clone(), place, form, avatar })
}

pub(crate) async fn show(State(app): State<App>, asked: SignedInPage, Asked(query): Asked<Wanted>) -> Result<Response, Response> {
    let SignedInPage { visit, signed_in } = asked;
    let place = Place::built_in(&app, &visit, &signed_in, STEP, beyond(&app, &query.return_to)).await;
    let place = place.map_err(|error| error.answer_in(&app, visit.frame.texts().language()))?;
    Ok(page(&visit, StatusCode::OK, &signed_in, place, Filled::default()))
}

pub(crate) async fn submit(
    State(app): State<App>,
    asked: SignedInPage,
    Asked(query): Asked<Wanted>,
    ClientOf(client): ClientOf,
    request: Request,
) -> Result<Response, Response> {
    let SignedInPage { visit, signed_in } = asked;
    let answer = async {
        let later = beyond(&app, &query.return_to);
        // Before anything of the picture is read.
        let place = Place::built_in(&app, &visit, &signed_in, STEP, later.clone()).await?;
        match Uploaded::set(&app, &visit, &signed_in, client.clone(), request).await? {
            Uploaded::Kept => close(&app, (&visit, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await,
            Uploaded::Refused(key) => Ok(page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &signed_in, place, wrong(&visit, key))),
        }
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}
