//! Forms as browsers send them, and what is shown of them again.

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    extract::{FromRequest, Request},
    http::header,
};

use serde::de::DeserializeOwned;

use super::{
    form_input,
    json::bytes,
    typed::{Typed, is_secret},
};
use crate::{
    app::App,
    problem::{Problem, ProblemKind},
    text::Texts,
    wire::FieldErrors,
};

/// The fields of a form, as they were sent.
pub(crate) struct Form(Vec<(String, String)>);

impl FromRequest<App> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
            let detail = "Send the form as application/x-www-form-urlencoded.";
            return Err(Problem::new(ProblemKind::NotAForm, detail));
        }
        let typed = request.extensions().get::<Typed>().cloned();
        let bytes = bytes(request, app).await?;
        let fields = form_urlencoded::parse(&bytes).into_owned().collect::<Vec<_>>();
        if let Some(typed) = typed {
            typed.keep(&fields);
        }
        Ok(Self(fields))
    }
}

impl Form {
    /// The form, if it has no field but these, and none of them twice.
    pub(crate) fn only(self, fields: &[&str]) -> Result<Self, Problem> {
        let count = |name: &str| self.0.iter().filter(|(field, _)| field == name).count();
        let known = |name: &str| fields.contains(&name) || name == super::forgery::FIELD;
        match self.0.iter().find(|(name, _)| !known(name) || count(name) > 1) {
            Some((name, _)) => Err(Problem::field(name, "unexpected_field", "Send the fields of the form, each once.")),
            None => Ok(self),
        }
    }

    /// Takes a field that is the page's own, and none of the input of its act; empty where it was not sent. A second one stays, and is
    /// none of the input either.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let at = self.0.iter().position(|(field, _)| field == name);
        at.map(|at| self.0.remove(at).1).unwrap_or_default()
    }

    /// The input of the act that the form is for: the same type as the body of its route of the API.
    pub(crate) fn input<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let token = self.0.iter().position(|(name, _)| name == super::forgery::FIELD);
        let fields = self.0.iter().enumerate().filter(|(at, _)| Some(*at) != token).map(|(_, field)| field);
        form_input::read(fields)
            .map_err(|error| Problem::field(&error.to_string(), "unexpected_field", "Send the fields of the form, each once."))
    }

    /// A field; empty where it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Whether a field was sent, be it empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// A field that may be left empty.
    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.trim().is_empty())
    }

    /// Whether a box was ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }
}

/// A form on its page: what stands in its fields, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormState {
    values: BTreeMap<Cow<'static, str>, Vec<String>>,
    errors: Vec<(Cow<'static, str>, String)>,
}

impl FormState {
    /// What was typed into a form; never a password, nor anything else that no page may show.
    pub(crate) fn again(form: &Form) -> Self {
        let mut state = Self::default();
        for (name, text) in form.0.iter().filter(|(name, _)| !is_secret(name)) {
            state.values.entry(Cow::Owned(name.clone())).or_default().push(text.clone());
        }
        state
    }

    /// Says what is wrong with the input of an act.
    pub(crate) fn say(&mut self, errors: FieldErrors, texts: &Texts) {
        self.errors.extend(errors.told(texts).map(|(field, text)| (Cow::Owned(field), text)));
    }

    pub(crate) fn with(mut self, field: impl Into<Cow<'static, str>>, value: Option<impl ToString>) -> Self {
        self.values.insert(field.into(), value.map(|value| value.to_string()).into_iter().collect());
        self
    }

    pub(crate) fn wrong(&mut self, field: impl Into<Cow<'static, str>>, message: String) {
        self.errors.push((field.into(), message));
    }

    pub(crate) fn is_wrong(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(crate) fn value(&self, field: &str) -> &str {
        self.values.get(field).and_then(|values| values.first()).map_or("", String::as_str)
    }

    pub(crate) fn has(&self, field: &str, value: &str) -> bool {
        self.values.get(field).is_some_and(|values| values.iter().any(|held| held == value))
    }

    /// Whether a number is one of those that a field has.
    pub(crate) fn is_chosen(&self, field: &str, number: &u32) -> bool {
        self.has(field, &number.to_string())
    }

    pub(crate) fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(wrong, _)| *wrong == field).map(|(_, message)| message.as_str())
    }

    pub(crate) fn errors(&self) -> &[(Cow<'static, str>, String)] {
        &self.errors
    }
}
