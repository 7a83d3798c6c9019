//! Answering one's own security questions. The page is there where an operator declares some, and only there.

use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use identity_core::{
    flow::question::{OwnQuestions, SetSecurityAnswersError},
    model::{
        account::RequiredAction,
        question::{AnswerFault, RefusedAnswers, SecurityQuestions},
        session::{Client, SignedIn},
    },
};

use super::{
    common::{PageContext, QueryOrDefault, UpToQuestionsPage, Wanted},
    error::PageError,
    login::lead_on,
    onboarding,
    reauthenticate::lead_back_to,
};
use crate::{
    app::App,
    text::Texts,
    view::{Choice, Frame},
    web::{
        client::From as ClientOf,
        feedback::Feedback,
        form::{Form, FormState},
        return_to::{FIELD, ReturnTo},
    },
    wire::SetSecurityAnswers,
};

/// This page.
const HERE: &str = "/account/security/questions";

/// What the fields of security questions offer: a part of a page that any form can hold.
pub(super) struct QuestionsView {
    /// The names of the fields of each answer: its question, and itself.
    pub(super) rows: Vec<(String, String)>,
    pub(super) questions: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "security_questions.html")]
struct QuestionsPage {
    frame: Frame,
    form: FormState,
    view: QuestionsView,
    is_required: bool,
    is_answered: bool,
    return_to: Option<String>,
}

impl QuestionsView {
    pub(super) fn of(questions: &SecurityQuestions, texts: &Texts) -> Self {
        let choices = questions.as_slice().iter();
        let choices = choices.map(|one| Choice::new(&one.key, &one.text.for_reader(texts.language()), None::<&String>));
        Self { rows: (1..=questions.required_answers()).map(names).collect(), questions: choices.collect() }
    }
}

/// Of the fields of an answer, counted from 1.
fn names(number: usize) -> (String, String) {
    (format!("answers.{number}.question"), format!("answers.{number}.answer"))
}

/// The form with a question in each place: those that are answered, and then the others.
pub(super) fn filled(questions: &SecurityQuestions, own: &OwnQuestions) -> FormState {
    let is_answered = |one: &&identity_core::model::question::SecurityQuestion| own.answered.contains(&one.key);
    let all = questions.as_slice().iter();
    let first = all.clone().filter(is_answered).chain(all.filter(|one| !is_answered(one)));
    let rows = (1..=questions.required_answers()).map(names).zip(first);
    rows.fold(FormState::default(), |form, ((question, _), one)| form.with(question, Some(&one.key)))
}

/// Says what a flow found wrong.
fn say_what_is_wrong(filled: &mut FormState, texts: &Texts, refused: &RefusedAnswers) {
    let mut faults = refused.faults.clone();
    faults.sort_by_key(|(at, fault)| (*at, !fault.is_of_question()));
    for (at, fault) in faults {
        let (question, answer) = names(at.saturating_add(1));
        let field = if fault.is_of_question() { question } else { answer };
        let text = match fault {
            AnswerFault::UnknownQuestion => texts.get("choose-from-list"),
            _ => texts.get(&format!("security-answer-{}", fault.as_str().replace('_', "-"))),
        };
        filled.wrong(field, text);
    }
}

/// What became of answers that were typed.
pub(super) enum Saving {
    Saved,
    /// The password has to be entered again before.
    NotProved,
    /// With what has to be mended.
    Refused(FormState),
}

/// Saves what was typed.
pub(super) async fn save(app: &App, signed_in: &SignedIn, texts: &Texts, form: &Form, client: Client) -> Result<Saving, PageError> {
    let mut filled = FormState::again(form);
    let mut input: SetSecurityAnswers = form.input()?;
    // More are asked for than when the form was opened.
    let required = app.settings().security_questions.as_ref().map_or(0, SecurityQuestions::required_answers);
    input.fill(required);
    match app.flows().set_security_answers.run(signed_in, input.read(client)).await {
        Ok(()) => Ok(Saving::Saved),
        Err(SetSecurityAnswersError::Refused(refused)) => {
            say_what_is_wrong(&mut filled, texts, &refused);
            Ok(Saving::Refused(filled))
        }
        Err(SetSecurityAnswersError::NotProved) => Ok(Saving::NotProved),
        Err(SetSecurityAnswersError::Off) => Err(PageError::NotFound),
        Err(SetSecurityAnswersError::Conflict) => Err(PageError::Conflict),
        Err(SetSecurityAnswersError::Fault(fault)) => Err(fault.into()),
    }
}

fn page_of(
    app: &App,
    context: &PageContext,
    signed_in: &SignedIn,
    (status, form): (StatusCode, FormState),
    (questions, own): (&SecurityQuestions, &OwnQuestions),
    return_to: Option<&ReturnTo>,
) -> Response {
    let page = QuestionsPage {
        frame: context.frame.clone(),
        form,
        view: QuestionsView::of(questions, context.frame.texts()),
        is_required: is_required(app, signed_in),
        is_answered: !own.answered.is_empty(),
        return_to: return_to.map(|place| place.as_str().to_owned()),
    };
    context.page(status, &page)
}

fn is_required(app: &App, signed_in: &SignedIn) -> bool {
    app.first_required(&signed_in.account) == Some(RequiredAction::AnswerSecurityQuestions)
}

/// Where to go on from here, which is never here again.
fn beyond(app: &App, wanted: &str) -> Option<ReturnTo> {
    app.return_to(wanted).filter(|place| !place.as_str().starts_with(HERE))
}

/// Only where there are security questions.
pub(crate) fn routes() -> Router<App> {
    let in_welcome = get(onboarding::security_questions::show).post(onboarding::security_questions::submit);
    Router::new().route(HERE, get(show).post(submit)).route(onboarding::security_questions::HERE, in_welcome)
}

async fn show(
    State(app): State<App>,
    page: UpToQuestionsPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let UpToQuestionsPage { context, signed_in } = page;
    // Better asked for before anything is typed: answers are not kept on the way.
    if !app.flows().set_security_answers.is_proved(&signed_in) {
        return Ok(lead_back_to(HERE));
    }
    let own = app.flows().security_questions.run(&signed_in).await?;
    let (questions, own) = app.settings().security_questions.as_ref().zip(own).ok_or(PageError::NotFound)?;
    let shown = (StatusCode::OK, filled(questions, &own));
    let return_to = beyond(&app, &query.return_to);
    Ok(page_of(&app, &context, &signed_in, shown, (questions, &own), return_to.as_ref()))
}

async fn submit(
    State(app): State<App>,
    page: UpToQuestionsPage,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let UpToQuestionsPage { context, signed_in } = page;
    let texts = context.frame.texts();
    let questions = app.settings().security_questions.as_ref().ok_or(PageError::NotFound)?;
    let mut form = context.accept(form)?;
    let return_to = beyond(&app, &form.take(FIELD));
    let filled = match save(&app, &signed_in, texts, &form, client).await? {
        Saving::Saved => {
            return Ok(match return_to {
                Some(place) => context.saying(&app, lead_on(&context, &place), &Feedback::QuestionsSaved),
                None => context.done(&app, "/account/security", &Feedback::QuestionsSaved),
            });
        }
        Saving::NotProved => return Ok(lead_back_to(HERE)),
        Saving::Refused(filled) => filled,
    };
    let own = app.flows().security_questions.run(&signed_in).await?.unwrap_or_default();
    let shown = (StatusCode::UNPROCESSABLE_ENTITY, filled);
    Ok(page_of(&app, &context, &signed_in, shown, (questions, &own), return_to.as_ref()))
}
