use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::model::{
    account::Account,
    onboarding::{BuiltInStep, Closing},
};

use super::{Position, beyond, close};
use crate::{
    app::App,
    pages::{
        account::save,
        common::{PageContext, QueryOrDefault, SignedInPage, Wanted},
        error::PageError,
        settings::{SettingsView, filled, settings},
    },
    view::Frame,
    web::{
        client::From as ClientOf,
        form::{Form, FormState},
    },
};

#[derive(Template)]
#[template(path = "onboarding_settings.html")]
struct SettingsPage {
    frame: Frame,
    place: Position,
    form: FormState,
    view: SettingsView,
}

const STEP: BuiltInStep = BuiltInStep::Settings;

fn page(app: &App, context: &PageContext, account: &Account, (status, place, form): (StatusCode, Position, FormState)) -> Response {
    let view = SettingsView::of(app, context.frame.texts(), account, app.now());
    context.page(status, &SettingsPage { frame: context.frame.clone(), place, form, view })
}

pub(crate) async fn show(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let place = Position::built_in(&app, &context, &signed_in, STEP, beyond(&app, &query.return_to)).await?;
    let account = &signed_in.account;
    Ok(page(&app, &context, account, (StatusCode::OK, place, filled(&app, account))))
}

pub(crate) async fn submit(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let form = context.accept(form)?;
    let later = beyond(&app, &query.return_to);
    let place = Position::built_in(&app, &context, &signed_in, STEP, later.clone()).await?;
    let mut typed = FormState::again(&form);
    match save(&app, (&context, &signed_in), settings(&form)?, &mut typed, client.clone()).await? {
        Some(_) => close(&app, (&context, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await,
        None => Ok(page(&app, &context, &signed_in.account, (StatusCode::UNPROCESSABLE_ENTITY, place, typed))),
    }
}
