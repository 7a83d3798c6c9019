//! The first login: one page for each step, which leads on to the next.

pub(crate) mod declared;
pub(crate) mod picture;
pub(crate) mod profile;
pub(crate) mod security_questions;
pub(crate) mod settings;
pub(crate) mod tutorial;

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity_core::{
    flow::onboarding::{CloseStepCommand, CloseStepError},
    model::{
        account::Account,
        onboarding::{BuiltInStep, Closing, Progress, Step},
        session::{Client, CurrentUser},
    },
};

use super::{
    common::{PageContext, PathParam, QueryOrDefault, SignedInPage, Wanted},
    error::PageError,
    login::lead_on,
};
use crate::{
    app::App,
    text::Texts,
    web::{client::From as ClientOf, feedback::Feedback, form::Form, return_to::ReturnTo},
};

/// The page that leads to the first open step.
const START: &str = "/welcome";

/// A step, as every page of them shows it.
struct StepView {
    label: String,
    /// Its page.
    to: String,
    /// `done`, `skipped` or `open`.
    state: &'static str,
    state_text: String,
    is_current: bool,
}

/// Where somebody is, and where it goes from here.
struct Position {
    /// The step, by its key.
    key: String,
    /// "Step 2 of 4".
    number: String,
    steps: Vec<StepView>,
    /// The pages that take this step's forms.
    save: String,
    skip: String,
    /// Whether this step was done: there is nothing to go past.
    is_done: bool,
    /// The page that leads to the first open step.
    on: String,
    /// Where the person goes on, at the end or before it.
    later: ReturnTo,
}

impl App {
    /// By the onboarding to where somebody wants to go who signs in, until it was finished. A person who finishes it later is led there again
    /// at the next login.
    pub(super) async fn by_setup(&self, account: &Account, wanted: ReturnTo) -> ReturnTo {
        match self.flows().onboarding.progress(account).await {
            Ok(progress) if progress.is_finished || is_onboarding(&wanted) => wanted,
            Ok(_) => ReturnTo::Own(to(START, &wanted)),
            // The person is signed in: nobody is kept out by this.
            Err(error) => {
                crate::problem::log(&error);
                wanted
            }
        }
    }
}

fn is_onboarding(place: &ReturnTo) -> bool {
    place.as_str().starts_with(START)
}

/// A page of the onboarding that leads on.
fn to(page: &str, wanted: &ReturnTo) -> String {
    if *wanted == ReturnTo::default() { page.to_owned() } else { wanted.by(page) }
}

/// Where to go on from the onboarding, which is never the onboarding again.
fn beyond(app: &App, wanted: &str) -> ReturnTo {
    app.return_to(wanted).filter(|place| !is_onboarding(place)).unwrap_or_default()
}

/// What a step is called.
fn label(step: &Step, texts: &Texts) -> String {
    match step {
        Step::BuiltIn(step) => texts.get(&format!("welcome-{}", step.as_str())),
        Step::Declared(declared) => declared.label.for_reader(texts.language()).to_owned(),
    }
}

impl Position {
    /// The place of a step among those of a person.
    fn of(progress: &Progress, key: &str, texts: &Texts, later: ReturnTo) -> Result<(Self, Step), PageError> {
        let (at, (step, closing)) =
            progress.steps.iter().enumerate().find(|(_, (step, _))| step.key().as_str() == key).ok_or(PageError::NotFound)?;
        let page = |key: &str| format!("{START}/{key}");
        let view = |(step, closing): &(Step, Option<Closing>)| {
            let state = closing.map_or("open", Closing::as_str);
            StepView {
                label: label(step, texts),
                to: to(&page(step.key().as_str()), &later),
                state,
                state_text: texts.get(&format!("step-{state}")),
                is_current: step.key().as_str() == key,
            }
        };
        let [number, count] = [at.saturating_add(1), progress.steps.len()].map(|number| number.to_string());
        let place = Self {
            key: key.to_owned(),
            number: texts.with("step-of", &[("number", &number), ("count", &count)]),
            steps: progress.steps.iter().map(view).collect(),
            save: to(&page(key), &later),
            skip: to(&format!("{START}/{key}/skip"), &later),
            is_done: *closing == Some(Closing::Done),
            on: to(START, &later),
            later,
        };
        Ok((place, step.clone()))
    }

    async fn load(
        app: &App,
        context: &PageContext,
        signed_in: &CurrentUser,
        key: &str,
        later: ReturnTo,
    ) -> Result<(Self, Step), PageError> {
        let progress = app.flows().onboarding.progress(&signed_in.account).await?;
        Self::of(&progress, key, context.frame.texts(), later)
    }

    async fn built_in(
        app: &App,
        context: &PageContext,
        signed_in: &CurrentUser,
        step: BuiltInStep,
        later: ReturnTo,
    ) -> Result<Self, PageError> {
        Self::load(app, context, signed_in, step.as_str(), later).await.map(|(place, _)| place)
    }
}

/// Closes a step, and leads on to the first that is open.
async fn close(
    app: &App,
    (context, signed_in): (&PageContext, &CurrentUser),
    (step, closing): (&str, Closing),
    client: Client,
    later: &ReturnTo,
) -> Result<Response, PageError> {
    let command = CloseStepCommand { step: step.to_owned(), closing, client };
    match app.flows().onboarding.close(signed_in, &command).await {
        Ok(_) => {
            let done = if closing == Closing::Skipped { Feedback::StepSkipped } else { Feedback::StepSaved };
            Ok(context.done(app, &to(START, later), &done))
        }
        Err(CloseStepError::UnknownStep) => Err(PageError::NotFound),
        Err(CloseStepError::Conflict) => Err(PageError::Conflict),
        Err(CloseStepError::Fault(fault)) => Err(fault.into()),
    }
}

/// Leads to the first open step, and on where there is none.
pub(crate) async fn start(
    State(app): State<App>,
    page: SignedInPage,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    let later = beyond(&app, &query.return_to);
    let progress = app.flows().onboarding.progress(&signed_in.account).await?;
    Ok(match progress.first_open() {
        Some(step) => Redirect::to(&to(&format!("{START}/{}", step.key()), &later)).into_response(),
        None => lead_on(&context, &later),
    })
}

/// Goes past a step.
pub(crate) async fn skip(
    State(app): State<App>,
    page: SignedInPage,
    PathParam(step): PathParam,
    QueryOrDefault(query): QueryOrDefault<Wanted>,
    ClientOf(client): ClientOf,
    form: Form,
) -> Result<Response, PageError> {
    let SignedInPage { context, signed_in } = page;
    context.accept_only(form, &[])?;
    let later = beyond(&app, &query.return_to);
    close(&app, (&context, &signed_in), (&step, Closing::Skipped), client, &later).await
}
