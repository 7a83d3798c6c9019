//! The terms: their versions, and publishing a new one.

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use identity_core::{
    flow::terms::PublishTermsError,
    model::terms::TermsVersion,
    value::{Language, Lifetime},
};

use super::OperatorPage;
use crate::{
    app::App,
    pages::{PageError, PathParam, rendered},
    text::Texts,
    view::{Choice, Frame, Moment},
    web::{
        feedback::Feedback,
        form::{Form, FormState},
        json::TERMS_LIMIT,
    },
    wire::PublishTerms,
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/terms", get(list))
        .route("/admin/terms/new", get(ask).post(publish))
        .route("/admin/terms/{number}", get(show))
        .layer(DefaultBodyLimit::max(TERMS_LIMIT))
}

#[derive(Template)]
#[template(path = "terms_versions.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    number: u32,
    effective: Moment,
    /// Nothing where it is asked for at once.
    due: Option<Moment>,
    languages: String,
    /// A word.
    state: String,
}

impl Row {
    fn of(version: &TermsVersion, in_force: u32, app: &App, texts: &Texts) -> Self {
        let languages = version.texts.keys().map(|language| named(language, app, texts)).collect::<Vec<_>>();
        let state = match version.number {
            number if number == in_force => "terms-in-force",
            _ if version.effective_at > app.now() => "terms-not-yet",
            _ => "terms-replaced-by",
        };
        Self {
            number: version.number,
            effective: Moment::of(version.effective_at, texts),
            due: version.grace.map(|_| Moment::of(version.schedule().due_at(), texts)),
            languages: languages.join(" · "),
            state: texts.get(state),
        }
    }
}

/// What a language is called; its tag, where pages do not exist in it.
fn named(language: &Language, app: &App, texts: &Texts) -> String {
    if app.settings().languages.contains(language) { texts.get(&format!("language-{language}")) } else { language.to_string() }
}

async fn list(State(app): State<App>, page: OperatorPage) -> Result<Response, PageError> {
    let (versions, in_force) = (app.flows().terms.versions().await?, app.flows().terms.current().await?.number);
    let texts = page.context.frame.texts();
    let rows = versions.iter().map(|version| Row::of(version, in_force, &app, texts)).collect();
    Ok(page.context.page(StatusCode::OK, &ListPage { rows, frame: page.context.frame.clone() }))
}

/// A text as it will be read.
struct ShownText {
    tag: String,
    direction: &'static str,
    name: String,
    html: String,
}

impl ShownText {
    fn of((language, markdown): (&Language, &String), app: &App, texts: &Texts) -> Self {
        Self {
            tag: language.to_string(),
            direction: direction(language),
            name: named(language, app, texts),
            html: rendered(markdown),
        }
    }
}

fn direction(language: &Language) -> &'static str {
    if language.is_right_to_left() { "rtl" } else { "ltr" }
}

#[derive(Template)]
#[template(path = "terms_version.html")]
struct VersionPage {
    frame: Frame,
    row: Row,
    shown: Vec<ShownText>,
}

async fn show(State(app): State<App>, page: OperatorPage, PathParam(number): PathParam) -> Result<Response, PageError> {
    let number = number.parse::<u32>().map_err(|_| PageError::NotFound)?;
    let versions = app.flows().terms.versions().await?;
    let version = versions.iter().find(|version| version.number == number).ok_or(PageError::NotFound)?;
    let in_force = app.flows().terms.current().await?.number;
    let texts = page.context.frame.texts();
    let view = VersionPage {
        row: Row::of(version, in_force, &app, texts),
        shown: version.texts.iter().map(|text| ShownText::of(text, &app, texts)).collect(),
        frame: page.context.frame.clone(),
    };
    Ok(page.context.page(StatusCode::OK, &view))
}

/// A text as it is written.
struct WrittenText {
    tag: String,
    direction: &'static str,
    name: String,
    markdown: String,
    is_first: bool,
}

#[derive(Template)]
#[template(path = "terms_new.html")]
struct NewPage {
    frame: Frame,
    form: FormState,
    written: Vec<WrittenText>,
    graces: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "terms_preview.html")]
struct PreviewPage {
    frame: Frame,
    form: FormState,
    written: Vec<WrittenText>,
    shown: Vec<ShownText>,
    effective: Option<Moment>,
    due: Option<Moment>,
}

/// The name of the field with the text in a language.
fn field(language: &Language) -> String {
    format!("texts.{language}")
}

fn written(app: &App, texts: &Texts, text_in: impl Fn(&Language) -> String) -> Vec<WrittenText> {
    let languages = app.settings().languages.iter().enumerate();
    languages
        .map(|(at, language)| WrittenText {
            tag: language.to_string(),
            direction: direction(language),
            name: named(language, app, texts),
            markdown: text_in(language),
            is_first: at == 0,
        })
        .collect()
}

const GRACES: [&str; 6] = ["P7D", "P14D", "P30D", "P60D", "P90D", "P180D"];

fn new_page(page: &OperatorPage, form: FormState, written: Vec<WrittenText>) -> NewPage {
    let texts = page.context.frame.texts();
    let at_once = Choice { value: String::new(), label: texts.get("grace-none"), hint: None };
    let days = GRACES.iter().filter_map(|text| Lifetime::parse(text).ok()).map(|grace| {
        let days = u32::try_from(grace.as_seconds() / 86_400).unwrap_or(0);
        Choice { value: grace.to_string(), label: texts.counted("days", days), hint: None }
    });
    NewPage { graces: std::iter::once(at_once).chain(days).collect(), form, written, frame: page.context.frame.clone() }
}

async fn ask(State(app): State<App>, page: OperatorPage) -> Result<Response, PageError> {
    let begun = app.flows().terms.to_write_from().await?;
    let written = written(&app, page.context.frame.texts(), |language| begun.get(language).cloned().unwrap_or_default());
    Ok(page.context.page(StatusCode::OK, &new_page(&page, FormState::default(), written)))
}

/// The input with what browsers write in another way: a text that is left empty, or is in
/// another language than those of the installation, is in no version; lines end as they were written, and a
/// time has no seconds.
fn of_the_page(app: &App, input: PublishTerms) -> PublishTerms {
    let is_spoken = |tag: &str| app.settings().languages.iter().any(|language| language.as_str() == tag);
    let texts = input.texts.into_iter().filter(|(tag, text)| is_spoken(tag) && !text.trim().is_empty());
    PublishTerms {
        effective_at: input.effective_at.map(|time| format!("{time}:00Z")),
        grace: input.grace,
        texts: texts.map(|(language, text)| (language, text.replace("\r\n", "\n"))).collect(),
    }
}

fn say_what_is_wrong(filled: &mut FormState, error: PublishTermsError, app: &App, texts: &Texts) -> Result<StatusCode, PageError> {
    match error {
        PublishTermsError::MissingText(language) => {
            filled.wrong("texts", texts.with("terms-text-missing", &[("language", &named(&language, app, texts))]));
        }
        PublishTermsError::BadText(language) => {
            filled.wrong("texts", texts.with("terms-text-form", &[("language", &named(&language, app, texts))]));
        }
        PublishTermsError::Placeholder(language) => {
            filled.wrong("texts", texts.with("terms-text-placeholder", &[("language", &named(&language, app, texts))]));
        }
        PublishTermsError::Past => filled.wrong("effective_at", texts.get("terms-past")),
        PublishTermsError::Conflict => {
            filled.wrong("texts", texts.get("terms-conflict"));
            return Ok(StatusCode::CONFLICT);
        }
        PublishTermsError::Fault(fault) => return Err(fault.into()),
    }
    Ok(StatusCode::UNPROCESSABLE_ENTITY)
}

/// Shows what would be published, goes back to writing, or publishes: as the button says.
async fn publish(State(app): State<App>, page: OperatorPage, form: Form) -> Result<Response, PageError> {
    let mut form = page.context.accept(form)?;
    let step = form.take("step");
    let texts = page.context.frame.texts();
    let mut filled = FormState::again(&form);
    let again = || written(&app, texts, |language| form.get(&field(language)).to_owned());
    let flow = &app.flows().terms;
    let status = match (of_the_page(&app, form.input()?).read(), step.as_str()) {
        (Err(errors), _) => {
            filled.say(errors, texts);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        (_, "edit") => StatusCode::OK,
        (Ok(command), "publish") => match flow.run(&page.by, command).await {
            Ok(version) => {
                let published = format!("/admin/terms/{}", version.number);
                return Ok(page.context.done(&app, &published, &Feedback::TermsPublished));
            }
            Err(error) => say_what_is_wrong(&mut filled, error, &app, texts)?,
        },
        (Ok(command), _) => match flow.validate(&command) {
            Ok(()) => {
                let from = command.effective_at.unwrap_or_else(|| app.now());
                let view = PreviewPage {
                    form: filled,
                    written: again(),
                    shown: command.texts.iter().map(|text| ShownText::of(text, &app, texts)).collect(),
                    effective: command.effective_at.map(|at| Moment::of(at, texts)),
                    due: command.grace.map(|grace| Moment::of(grace.from(from), texts)),
                    frame: page.context.frame.clone(),
                };
                return Ok(page.context.page(StatusCode::OK, &view));
            }
            Err(error) => say_what_is_wrong(&mut filled, error, &app, texts)?,
        },
    };
    Ok(page.context.page(status, &new_page(&page, filled, again())))
}
