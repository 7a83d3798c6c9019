//! What the templates are filled with.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use identity_core::{account::Account, value::Language};

use crate::{app::App, assets, problem::Problem, text::Texts};

/// What stands around every page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    texts: Texts,
    pub(crate) product: String,
    pub(crate) support: String,
    pub(crate) style_sheet: String,
    pub(crate) script: String,
    pub(crate) icon: String,
    /// The token that the page's forms carry.
    pub(crate) csrf: String,
    pub(crate) person: Option<Person>,
}

/// Who is signed in, as the menu shows it.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) administers: bool,
}

impl From<&Account> for Person {
    fn from(account: &Account) -> Self {
        Self {
            name: account.full_name(),
            email: account.email.as_str().to_owned(),
            administers: identity_core::access::Administrator::of(account).is_some(),
        }
    }
}

impl Frame {
    pub(crate) fn new(app: &App, language: &Language, csrf: String, person: Option<Person>) -> Self {
        Self {
            texts: Texts::of(language),
            product: app.settings().product_name.clone(),
            support: app.http().support.as_str().to_owned(),
            style_sheet: assets::style_sheet(),
            script: assets::script(),
            icon: assets::icon(),
            csrf,
            person,
        }
    }

    /// The same page in another language.
    pub(crate) fn in_language(&self, language: &Language) -> Self {
        Self { texts: Texts::of(language), ..self.clone() }
    }

    pub(crate) const fn texts(&self) -> &Texts {
        &self.texts
    }

    pub(crate) fn language(&self) -> &str {
        self.texts.language().as_str()
    }

    pub(crate) fn direction(&self) -> &'static str {
        if self.texts.language().is_right_to_left() { "rtl" } else { "ltr" }
    }

    /// A text.
    pub(crate) fn t(&self, key: &str) -> String {
        self.texts.get(key)
    }

    /// A text with the product's name in it.
    pub(crate) fn tp(&self, key: &str) -> String {
        self.texts.with(key, &[("product", &self.product)])
    }

    /// A text with one argument.
    pub(crate) fn ta(&self, key: &str, name: &'static str, value: &str) -> String {
        self.texts.with(key, &[(name, value)])
    }
}

/// A time for people, with the exact one beside it.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    pub(crate) exact: String,
    pub(crate) text: String,
}

impl Moment {
    pub(crate) fn of(time: identity_core::value::Timestamp, texts: &Texts) -> Self {
        Self { exact: time.to_string(), text: texts.moment(time) }
    }
}

/// A template as an answer.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, kind)], html).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Problem::internal().into_response()
        }
    }
}

/// A page that says one thing and offers the next step.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) frame: Frame,
    pub(crate) heading: String,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) kind: MessageKind,
    pub(crate) action: Option<Action>,
    pub(crate) links: Vec<(String, String)>,
}

/// What a message is, by its icon and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageKind {
    Good,
    Warning,
}

impl MessageKind {
    pub(crate) fn is_good(self) -> bool {
        self == Self::Good
    }
}

/// The next step: a link, or a form without fields.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    Link { to: String, label: String },
    Submit { to: String, label: String },
}
