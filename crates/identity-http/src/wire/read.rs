use identity_core::{
    model::password::{Candidate, RuleId},
    value::{CompanyName, EmailAddress, PersonName, TextError},
};

use super::Secret;
use crate::{
    problem::{FieldProblem, Problem, sentence},
    text::Texts,
};

/// What is wrong with the fields of a request: as programs read it, and as people do.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors(Vec<FieldError>);

#[derive(Debug)]
struct FieldError {
    problem: FieldProblem,
    /// Whether nothing was said where something has to be.
    is_empty: bool,
}

impl FieldErrors {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// With what is wrong with the fields that could be read. A field that could not be read is named once.
    pub(crate) fn and(self, found: impl Into<Problem>) -> Problem {
        found.into().after(self.0.into_iter().map(|error| error.problem).collect())
    }

    /// Each field with what a page says of it.
    pub(crate) fn told(self, texts: &Texts) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter().map(|error| {
            let text = error.text(texts);
            (error.problem.field, text)
        })
    }
}

impl FieldError {
    fn text(&self, texts: &Texts) -> String {
        let key = match (self.problem.field.as_str(), self.is_empty) {
            ("password" | "password_confirmation", _) => {
                return texts.rule(RuleId::MaxLength, u32::try_from(Candidate::MAX_BYTES).ok());
            }
            ("current_password", _) => "current-password-wrong",
            ("first_name", true) => "first-name-missing",
            ("first_name", false) => "first-name-form",
            ("last_name", true) => "last-name-missing",
            ("last_name", false) => "last-name-form",
            ("email", _) => "email-form",
            ("company_name", _) => "company-form",
            ("country", _) => "country-form",
            ("identity_check.note", _) => "check-note-form",
            ("identity_check.security_answer", _) => "check-answer-stray",
            ("effective_at", _) => "terms-past",
            ("expires_at", _) => "expiry-form",
            ("note", _) => "note-form",
            ("time_zone", _) => "time-zone-form",
            ("language", _) => "language-form",
            ("notifications", _) => "notifications-form",
            ("department", _) => "department-form",
            ("job_title", _) => "job-title-form",
            (
                "company_id"
                | "roles"
                | "subscriptions"
                | "role"
                | "state"
                | "expires_in"
                | "method"
                | "identity_check.method"
                | "grace",
                _,
            ) => "choose-from-list",
            _ => "field-form",
        };
        texts.get(key)
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self::invalid(errors.0.into_iter().map(|error| error.problem).collect())
    }
}

/// A request that cannot be read as a whole: what is wrong with it, and the rest of it.
#[derive(Debug)]
pub(crate) struct Unread<T> {
    pub(crate) errors: FieldErrors,
    pub(crate) rest: Box<T>,
}

/// Reads the fields of a request, and collects what is wrong with all of them.
#[derive(Default)]
pub(crate) struct Reader(FieldErrors);

impl Reader {
    /// Reads one field.
    pub(crate) fn read<T, E: std::fmt::Display>(&mut self, field: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|error| self.wrong(field, "invalid", &error, false)).ok()
    }

    fn wrong(&mut self, field: &str, code: &str, error: &impl std::fmt::Display, is_empty: bool) {
        let problem = FieldProblem::new(field, code, sentence(&error.to_string()));
        self.0.0.push(FieldError { problem, is_empty });
    }

    /// Reads one field that may be left out.
    pub(crate) fn optional<T, E: std::fmt::Display>(
        &mut self,
        field: &str,
        text: Option<&str>,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.read(field, text.map(read).transpose()).flatten()
    }

    pub(crate) fn email(&mut self, field: &str, text: &str) -> Option<EmailAddress> {
        self.read(field, EmailAddress::parse(text.trim()))
    }

    pub(crate) fn name(&mut self, field: &str, text: &str) -> Option<PersonName> {
        PersonName::parse(text).map_err(|error| self.wrong(field, "invalid", &error, error == TextError::Empty)).ok()
    }

    pub(crate) fn company_name(&mut self, field: &str, text: &str) -> Option<CompanyName> {
        self.read(field, CompanyName::parse(text))
    }

    pub(crate) fn password(&mut self, field: &str, text: &Secret) -> Option<Candidate> {
        Candidate::new(text.expose()).map_err(|error| self.wrong(field, "max_length", &error, false)).ok()
    }

    /// Everything that was read, unless something was wrong.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, FieldErrors> {
        self.finish_or(value, ()).map_err(|unread| unread.errors)
    }

    /// Everything that was read; where something was wrong, what is left of it.
    pub(crate) fn finish_or<T, R>(self, value: Option<T>, rest: R) -> Result<T, Unread<R>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Unread { errors: self.0, rest: Box::new(rest) }),
        }
    }
}
