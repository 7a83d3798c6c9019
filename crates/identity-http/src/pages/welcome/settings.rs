use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    account::Account,
    setup::{BuiltInStep, Closing},
};

use super::{Place, beyond, close};
use crate::{
    app::App,
    pages::{
        account::save,
        common::{Asked, PageError, SignedInPage, Visit, Wanted},
        settings::{MANY, SINGLE, SettingsView, filled, read},
    },
    problem::Problem,
    view::Frame,
    web::{
        client::From as ClientOf,
        form::{Filled, Form},
    },
};

#[derive(Template)]
#[template(path = "welcome_settings.html")]
struct SettingsPage {
    frame: Frame,
    place: Place,
    form: Filled,
    view: SettingsView,
}

const STEP: BuiltInStep = BuiltInStep::Settings;

fn page(app: &App, visit: &Visit, account: &Account, (status, place, form): (StatusCode, Place, Filled)) -> Response {
    let view = SettingsView::of(app, visit.frame.texts(), account, app.ports().clock.now());
    visit.page(status, &SettingsPage { frame: visit.frame.clone(), place, form, view })
}

pub(crate) async fn show(State(app): State<App>, asked: SignedInPage, Asked(query): Asked<Wanted>) -> Result<Response, Response> {
    let SignedInPage { visit, signed_in } = asked;
    let place = Place::built_in(&app, &visit, &signed_in, STEP, beyond(&app, &query.return_to)).await;
    let place = place.map_err(|error| error.answer_in(&app, visit.frame.texts().language()))?;
    let account = &signed_in.account;
    Ok(page(&app, &visit, account, (StatusCode::OK, place, filled(&app, account))))
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
        let form = visit.accept(form?, &SINGLE, &MANY)?;
        let later = beyond(&app, &query.return_to);
        let place = Place::built_in(&app, &visit, &signed_in, STEP, later.clone()).await?;
        let texts = visit.frame.texts();
        let mut typed = Filled::again(&form, &["language", "time_zone", "notifications"]);
        let command = read(&app, &signed_in.account, (&mut typed, &form), texts, client.clone());
        match save(&app, &signed_in, &mut typed, texts, command).await? {
            Some(_) => close(&app, (&visit, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await,
            None => Ok(page(&app, &visit, &signed_in.account, (StatusCode::UNPROCESSABLE_ENTITY, place, typed))),
        }
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}
