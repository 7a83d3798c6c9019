use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use identity_core::{
    question::SecurityQuestions,
    setup::{BuiltInStep, Closing},
};

use super::{Place, beyond, close};
use crate::{
    app::App,
    pages::{
        common::{Asked, PageError, SignedInPage, Visit, Wanted},
        reauthenticate::lead_back_to,
        security_questions::{QuestionsView, Typed, filled, save},
    },
    problem::Problem,
    view::Frame,
    web::{
        client::From as ClientOf,
        form::{Filled, Form},
    },
};

/// This page.
pub(crate) const HERE: &str = "/welcome/security_questions";

const STEP: BuiltInStep = BuiltInStep::SecurityQuestions;

#[derive(Template)]
#[template(path = "welcome_security_questions.html")]
struct QuestionsPage {
    frame: Frame,
    place: Place,
    form: Filled,
    view: QuestionsView,
}

fn page(visit: &Visit, status: StatusCode, questions: &SecurityQuestions, place: Place, form: Filled) -> Response {
    let view = QuestionsView::of(questions, visit.frame.texts());
    visit.page(status, &QuestionsPage { frame: visit.frame.clone(), place, form, view })
}

pub(crate) async fn show(State(app): State<App>, asked: SignedInPage, Asked(query): Asked<Wanted>) -> Result<Response, Response> {
    let SignedInPage { visit, signed_in } = asked;
    let answer = async {
        let place = Place::built_in(&app, &visit, &signed_in, STEP, beyond(&app, &query.return_to)).await?;
        // Better asked for before anything is typed: answers are not kept on the way.
        if !app.flows().set_security_answers.is_proved(&signed_in) {
            return Ok(lead_back_to(HERE));
        }
        let own = app.flows().security_questions.run(&signed_in).await?;
        let (questions, own) = app.settings().security_questions.as_ref().zip(own).ok_or(PageError::NotFound)?;
        Ok(page(&visit, StatusCode::OK, questions, place, filled(questions, &own)))
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
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
        let texts = visit.frame.texts();
        let questions = app.settings().security_questions.as_ref().ok_or(PageError::NotFound)?;
        let view = QuestionsView::of(questions, texts);
        let form = visit.accept(form?, &view.fields(), &[])?;
        let later = beyond(&app, &query.return_to);
        let place = Place::built_in(&app, &visit, &signed_in, STEP, later.clone()).await?;
        match save(&app, &signed_in, texts, (&view, &form), client.clone()).await? {
            Typed::Saved => close(&app, (&visit, &signed_in), (STEP.as_str(), Closing::Done), client, &later).await,
            Typed::NotProved => Ok(lead_back_to(HERE)),
            Typed::Refused(filled) => Ok(page(&visit, StatusCode::UNPROCESSABLE_ENTITY, questions, place, filled)),
        }
    };
    answer.await.map_err(|error: PageError| error.answer_in(&app, visit.frame.texts().language()))
}
