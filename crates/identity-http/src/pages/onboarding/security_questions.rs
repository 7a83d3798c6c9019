use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::model::{
    onboarding::{BuiltInStep, Closing},
    question::SecurityQuestions,
};

use super::{Position, beyond, close};
use crate::{
    app::App,
    pages::{
        common::{PageContext, QueryOrDefault, SignedInPage, Wanted},
        error::PageError,
        reauthenticate::lead_back_to,
        security_questions::{QuestionsView, Saving, filled, save},
    },
    view::Frame,
    web::{
        client::From as ClientOf,
        form::{Form, FormState},
    },
};

/// This page.
pub(crate) const HERE: &str = "/welcome/security_questions";

const STEP: BuiltInStep = BuiltInStep::SecurityQuestions;

#[derive(Template)]
#[template(path = "onboarding_security_questions.html")]
struct QuestionsPage {
    frame: Frame,
    place: Position,
    form: FormState,
    view: QuestionsView,
}

fn page(context: &PageContext, status: StatusCode, questions: &SecurityQuestions, place: Position, form: FormState) -> Response {
    let view = QuestionsView::of(questions, context.frame.texts());
    context.page(status, &QuestionsPage { frame: context.frame.clone(), place, form, view })
}

pub(crate) async fn show(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let place = Position::built_in(&app, &context, &signed_in, STEP, beyond(&app, &query.return_to)).await?;
    // Better asked for before anything is typed: answers are not kept on the way.
    if !app.flows().set_security_answers.is_proved(&signed_in) {
        return Ok(lead_back_to(HERE));
    }
    let own = app.flows().security_questions.run(&signed_in).await?;
    let (questions, own) = app.settings().security_questions.as_ref().zip(own).ok_or(PageError::NotFound)?;
    Ok(page(&context, StatusCode::OK, questions, place, filled(questions, &own)))
}

pub(crate) async fn submit(
    State(app): State<App>,
    asked: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = asked;
    let texts = context.frame.texts();
    let questions = app.settings().security_questions.as_ref().ok_or(PageError::NotFound)?;
    let form = context.accept(form)?;
    let later = beyond(&app, &query.return_to);
    let place = Position::built_in(&app, &context, &signed_in, STEP, later.clone()).await?;
    match save(&app, &signed_in, texts, &form, client.clone()).await? {
        Saving::Saved => close(&app, (&context, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await,
        Saving::NotProved => Ok(lead_back_to(HERE)),
        Saving::Refused(filled) => Ok(page(&context, StatusCode::UNPROCESSABLE_ENTITY, questions, place, filled)),
    }
}
