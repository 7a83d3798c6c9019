//! What the templates are filled with.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use identity_core::{
    model::{access::Role, account::Account},
    value::{Language, PersonName, RoleKey, TimeZone, Timestamp},
};

use crate::{app::App, assets, problem::Problem, text::Texts, web::feedback::FeedbackView};

/// What a role is called and what it is for. Of the built-in ones that is in the reader's language, until an operator words them.
pub(crate) struct RoleText {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
}

impl RoleText {
    pub(crate) fn of(role: &Role, texts: &Texts) -> Self {
        let is_built_in = [RoleKey::operator(), RoleKey::company_administrator()].contains(&role.key);
        if is_built_in && role.version == 1 {
            let text = |part: &str| texts.get(&format!("role-{}{part}", role.key));
            return Self { name: text(""), description: Some(text("-description")) };
        }
        Self { name: role.name.to_string(), description: role.description.as_ref().map(ToString::to_string) }
    }
}

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
    /// What was done by the form before this page.
    pub(crate) feedback: Option<FeedbackView>,
    pub(crate) person: Option<Person>,
}

/// Who is signed in, as the menu shows it.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) administers: bool,
    pub(crate) operates: bool,
    /// When the account is erased, if its person has asked for that.
    pub(crate) erase_at: Option<Timestamp>,
}

impl From<&Account> for Person {
    fn from(account: &Account) -> Self {
        Self {
            name: account.full_name(),
            email: account.email.as_str().to_owned(),
            administers: account.is_operator() || account.is_company_administrator(),
            operates: account.is_operator(),
            erase_at: account.deletion.map(|deletion| deletion.erase_at),
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
            feedback: None,
            person,
        }
    }

    /// The same page in another language.
    pub(crate) fn in_language(&self, language: &Language) -> Self {
        Self { texts: self.texts.in_language(language), ..self.clone() }
    }

    /// The same page, with times as the clocks of a time zone show them.
    pub(crate) fn in_zone(self, time_zone: &TimeZone) -> Self {
        Self { texts: self.texts.in_zone(time_zone), ..self }
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

    /// A time, as the reader's clocks show it.
    pub(crate) fn moment(&self, time: &Timestamp) -> Moment {
        Moment::of(*time, &self.texts)
    }

    /// A text with one argument.
    pub(crate) fn ta(&self, key: &str, name: &'static str, value: &str) -> String {
        self.texts.with(key, &[(name, value)])
    }
}

/// A person's picture, or the initials in its place.
#[derive(Clone, Debug)]
pub(crate) struct Avatar {
    pub(crate) initials: String,
    pub(crate) picture: Option<String>,
}

impl From<&Account> for Avatar {
    fn from(account: &Account) -> Self {
        let names = [&account.first_name, &account.last_name];
        let first = |name: &PersonName| name.as_str().chars().find(|character| character.is_alphanumeric());
        Self {
            initials: names.into_iter().filter_map(first).flat_map(char::to_uppercase).collect(),
            picture: account.profile.picture.as_ref().map(ToString::to_string),
        }
    }
}

/// One of several in a list.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
}

impl Choice {
    pub(crate) fn new(value: &impl ToString, label: &impl ToString, hint: Option<&impl ToString>) -> Self {
        Self { value: value.to_string(), label: label.to_string(), hint: hint.map(ToString::to_string) }
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
        // To the second: a fraction of `datetime` may have three digits at most (HTML, valid global date and time).
        Self { exact: time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), text: texts.moment(time) }
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
#[derive(Clone, Debug, Template)]
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

/// The next step: a link, a form without fields, or one that was sent before, which may be sent again after so many seconds.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    Link { to: String, label: String },
    Submit { to: String, label: String },
    Again { to: String, label: String, fields: Vec<(String, String)>, wait: Option<u32> },
}

#[cfg(test)]
mod tests {
    use identity_core::{model::access::GrantableBy, value::AccessText};

    use super::*;

    fn role(key: RoleKey, version: u32) -> Role {
        let name = AccessText::parse("As stored").unwrap();
        Role { key, name, description: None, grantable_by: GrantableBy::Operator, version }
    }

    #[test]
    fn built_in_roles_are_named_in_the_readers_language_until_an_operator_names_them() {
        let texts = |language| Texts::of(&Language::parse(language).unwrap());
        let name = |role: &Role, language| RoleText::of(role, &texts(language)).name;
        for key in [RoleKey::operator(), RoleKey::company_administrator()] {
            let role = role(key.clone(), 1);
            assert_ne!(name(&role, "en"), name(&role, "ar"));
            assert!(RoleText::of(&role, &texts("ar")).description.is_some_and(|text| !text.contains("role-")));
        }
        assert_eq!(name(&role(RoleKey::operator(), 2), "ar"), "As stored");
        assert_eq!(name(&role(RoleKey::parse("editor").unwrap(), 1), "ar"), "As stored");
    }
}
