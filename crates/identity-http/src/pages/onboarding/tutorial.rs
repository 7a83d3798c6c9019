use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::model::onboarding::{BuiltInStep, Closing};
use serde::Deserialize;

use super::{Position, beyond, close, to};
use crate::{
    app::App,
    pages::{
        common::{QueryOrDefault, SignedInPage, Wanted},
        error::PageError,
        legal::rendered,
    },
    view::Frame,
    web::{client::From as ClientOf, form::Form},
};

#[derive(Template)]
#[template(path = "onboarding_tutorial.html")]
struct TutorialPage {
    frame: Frame,
    place: Position,
    text: String,
    language: String,
    /// "Page 2 of 3"; nothing where there is one alone.
    number: Option<String>,
    previous: Option<String>,
    /// The page after this one; the last has none, and takes the step as done.
    next: Option<String>,
}

const STEP: BuiltInStep = BuiltInStep::Tutorial;

#[derive(Default, Deserialize)]
pub(crate) struct Opened {
    #[serde(default)]
    return_to: String,
    /// From 1 on.
    page: Option<usize>,
}

/// The address of a page of the tutorial.
fn page_of(place: &Position, number: usize) -> String {
    let page = to(&format!("/welcome/{}", place.key), &place.later);
    format!("{page}{}page={number}", if page.contains('?') { '&' } else { '?' })
}

pub(crate) async fn show(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Opened>,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let place = Position::built_in(&app, &context, &signed_in, STEP, beyond(&app, &query.return_to)).await?;
    let texts = context.frame.texts();
    let (language, pages) = app.settings().onboarding.tutorial.for_reader(texts.language()).ok_or(PageError::NotFound)?;
    let number = query.page.unwrap_or(1);
    let markdown = number.checked_sub(1).and_then(|at| pages.get(at)).ok_or(PageError::NotFound)?;
    let counts = [number, pages.len()].map(|number| number.to_string());
    let [at, count] = counts.each_ref().map(String::as_str);
    let page = TutorialPage {
        text: rendered(markdown),
        language: language.to_string(),
        number: (pages.len() > 1).then(|| texts.with("page-of", &[("number", at), ("count", count)])),
        previous: (number > 1).then(|| page_of(&place, number.saturating_sub(1))),
        next: (number < pages.len()).then(|| page_of(&place, number.saturating_add(1))),
        frame: context.frame.clone(),
        place,
    };
    Ok(context.page(StatusCode::OK, &page))
}

pub(crate) async fn submit(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    context.accept_only(form, &[])?;
    let later = beyond(&app, &query.return_to);
    close(&app, (&context, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await
}
