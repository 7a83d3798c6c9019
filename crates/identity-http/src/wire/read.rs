use identity_core::{
    model::password::Candidate,
    value::{CompanyName, EmailAddress, PersonName},
};

use super::Secret;
use crate::problem::{FieldProblem, Problem, sentence};

/// Reads the fields of a request, and collects what is wrong with all of them.
#[derive(Default)]
pub(crate) struct Reader(Vec<FieldProblem>);

impl Reader {
    /// Reads one field.
    pub(crate) fn read<T, E: std::fmt::Display>(&mut self, field: &str, read: Result<T, E>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.push(FieldProblem::new(field, "invalid", sentence(&error.to_string())));
                None
            }
        }
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
        self.read(field, PersonName::parse(text))
    }

    pub(crate) fn company_name(&mut self, field: &str, text: &str) -> Option<CompanyName> {
        self.read(field, CompanyName::parse(text))
    }

    pub(crate) fn password(&mut self, field: &str, text: &Secret) -> Option<Candidate> {
        match Candidate::new(text.expose()) {
            Ok(candidate) => Some(candidate),
            Err(error) => {
                self.0.push(FieldProblem::new(field, "max_length", sentence(&error.to_string())));
                None
            }
        }
    }

    /// Everything that was read, unless something was wrong.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Problem> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Problem::invalid(self.0)),
        }
    }
}
