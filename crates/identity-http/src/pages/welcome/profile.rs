use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    field,
    setup::{BuiltInStep, Closing},
};

use super::{Place, beyond, close};
use crate::{
    app::App,
    pages::{
        account::{PROFILE, accepted, filled, read, save},
        common::{Asked, PageError, SignedInPage, Visit, Wanted},
        declared::{self, FieldView},
    },
    problem::Problem,
    view::Frame,
    web::{
        client::From as ClientOf,
        form::{Filled, Form},
    },
};

#[derive(Template)]
#[template(path = "welcome_profile.html")]
struct ProfilePage {
    frame: Frame,
    place: Place,
    form: Filled,
    fields: Vec<FieldView>,
}

const STEP: BuiltInStep = BuiltInStep::Profile;

fn page(app: &App, visit: &Visit, status: StatusCode, place: Place, form: Filled) -> Response {
    let fields = declared::views(app, field::Place::Profile, visit.frame.texts());
    visit.page(status, &ProfilePage { frame: visit.frame.clone(), place, form, fields })
}

pub(crate) async fn show(State(app): State<App>, asked: SignedInPage, Asked(query): Asked<Wanted>) -> Result<Response, Response> {
    let SignedInPage { visit, signed_in } = asked;
    let place = Place::built_in(&app, &visit, &signed_in, STEP, beyond(&app, &query.return_to)).await;
    let place = place.map_err(|error| error.answer_in(&app, visit.frame.texts().language()))?;
    Ok(page(&app, &visit, StatusCode::OK, place, filled(&app, &signed_in.account)))
}

pub(crate) async fn submit(
    State(app): State<App>,
    asked: SignedInPage,
    Asked(query): Asked<Wanted>,
    ClientOf(client): ClientOf,
    form: Result<Form, Problem>,
) -> Result<Response, Response> {
    let SignedInPage { visit, signed_in } = asked;
    let answer = async {
        let form = accepted(&app, &visit, form?)?;
        let later = beyond(&app, &query.return_to);
        let place = Place::built_in(&app, &visit, &signed_in, STEP, later.clone()).await?;
        let texts = visit.frame.texts();
        let mut typed = Filled::again(&form, &PROFILE);
        let command = read(&app, (&mut typed, &form), texts, client.clone());
        match save(&app, &signed_in, &mut typed, texts, command).await? {
            Some(_) => close(&app, (&visit, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await,
            None => Ok(page(&app, &visit, StatusCode::UNPROCESSABLE_ENTITY, place, typed)),
        }
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}
