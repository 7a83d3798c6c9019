use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::model::{
    custom_field as field,
    onboarding::{BuiltInStep, Closing},
};

use super::{Position, beyond, close};
use crate::{
    app::App,
    pages::{
        account::{filled, profile, save},
        common::{PageContext, QueryOrDefault, SignedInPage, Wanted},
        declared::{self, FieldView},
        error::PageError,
    },
    view::Frame,
    web::{
        client::From as ClientOf,
        form::{Form, FormState},
    },
};

#[derive(Template)]
#[template(path = "onboarding_profile.html")]
struct ProfilePage {
    frame: Frame,
    place: Position,
    form: FormState,
    fields: Vec<FieldView>,
}

const STEP: BuiltInStep = BuiltInStep::Profile;

fn page(app: &App, context: &PageContext, status: StatusCode, place: Position, form: FormState) -> Response {
    let fields = declared::views(app, field::FieldPlace::Profile, context.frame.texts());
    context.page(status, &ProfilePage { frame: context.frame.clone(), place, form, fields })
}

pub(crate) async fn show(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let place = Position::built_in(&app, &context, &signed_in, STEP, beyond(&app, &query.return_to)).await?;
    Ok(page(&app, &context, StatusCode::OK, place, filled(&app, &signed_in.account)))
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
    match save(&app, (&context, &signed_in), profile(&app, &form)?, &mut typed, client.clone()).await? {
        Some(_) => close(&app, (&context, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await,
        None => Ok(page(&app, &context, StatusCode::UNPROCESSABLE_ENTITY, place, typed)),
    }
}
