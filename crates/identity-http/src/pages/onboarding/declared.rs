//! The steps of the host: it has the page, and says when the step is done.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::model::onboarding::Step;

use super::{Position, beyond, label};
use crate::{
    app::App,
    pages::common::{PathParam, QueryOrDefault, SignedInPage, Wanted},
    pages::error::PageError,
    view::Frame,
};

#[derive(Template)]
#[template(path = "onboarding_declared.html")]
struct DeclaredPage {
    frame: Frame,
    place: Position,
    label: String,
    href: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    asked: SignedInPage,
    PathParam(key): PathParam,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let later = beyond(&app, &query.return_to);
    let (place, step) = Position::load(&app, &context, &signed_in, &key, later).await?;
    let Step::Declared(declared) = &step else { return Err(PageError::NotFound) };
    let page = DeclaredPage {
        label: label(&step, context.frame.texts()),
        href: declared.href.clone(),
        place,
        frame: context.frame.clone(),
    };
    Ok(context.page(StatusCode::OK, &page))
}
