//! Mails about registrations.

use identity_core::{
    model::{outbox::RegistrationEmail, registration::Code},
    value::{CompanyName, EmailAddress, PersonName, Timestamp, TokenSecret},
};

use super::{
    content::{Content, ShownCode, Writer},
    defuse::defuse,
};

impl Writer<'_> {
    pub(super) fn about_registration(&self, content: &RegistrationEmail) -> Content {
        match content {
            RegistrationEmail::Activation { link, code } => self.activation(link.as_ref(), code.as_ref()),
            RegistrationEmail::AlreadyRegistered { first_name } => self.already_registered(first_name),
            RegistrationEmail::Waits { name, address, company } => self.waits(name, address, company),
            RegistrationEmail::Approved { first_name } => self.approved(first_name),
            RegistrationEmail::Rejected { first_name } => self.rejected(first_name),
        }
    }

    fn activation(&self, link: Option<&(TokenSecret, Timestamp)>, code: Option<&(Code, Timestamp)>) -> Content {
        let introduction = if link.is_some() { "activation-code-instead" } else { "activation-code" };
        let until = |key: &str, ends: Timestamp| self.say(key, &[("until", &self.texts.moment(ends))]);
        Content {
            button: link.and_then(|(secret, _)| self.carry("activation-button", secret)),
            condition: link.map(|(_, ends)| until("activation-until", *ends)),
            code: code.map(|(code, ends)| ShownCode {
                introduction: self.say(introduction, &[]),
                digits: grouped(code),
                condition: until("activation-code-until", *ends),
            }),
            ..self.plain("activation", None, &[])
        }
    }

    fn already_registered(&self, first_name: &PersonName) -> Content {
        Content { button: self.log_in(), other: self.forgot_password(), ..self.plain("already-registered", Some(first_name), &[]) }
    }

    fn waits(&self, name: &str, address: &EmailAddress, company: &CompanyName) -> Content {
        let (name, address, company) = (defuse(name), defuse(address.as_str()), defuse(company.as_str()));
        Content {
            button: self.page("waits-button", "/admin/registrations"),
            ..self.plain("waits", None, &[("name", &name), ("address", &address), ("company", &company)])
        }
    }

    fn approved(&self, first_name: &PersonName) -> Content {
        Content { button: self.log_in(), ..self.plain("approved", Some(first_name), &[]) }
    }

    /// There is nothing to open, so there is no button.
    fn rejected(&self, first_name: &PersonName) -> Content {
        Content { condition: Some(self.say("rejected-mistake", &[])), ..self.plain("rejected", Some(first_name), &[]) }
    }
}

/// Two groups of four. The space between them does not break, and keeps the groups in their order where lines run from right to
/// left: to the bidirectional algorithm it belongs to the number (UAX #9, W4), which a plain space does not.
fn grouped(code: &Code) -> String {
    let digits = code.expose();
    digits.split_at_checked(4).map_or_else(|| digits.to_owned(), |(one, other)| format!("{one}\u{a0}{other}"))
}

#[cfg(test)]
pub(super) mod examples {
    use identity_core::{
        model::outbox::{EmailContent, RegistrationEmail},
        value::TokenKind,
    };

    use super::super::example::{Case, Example};

    /// One mail of each content, for the tests of what holds for every mail.
    pub(in crate::render) fn all(example: &Example<'_>) -> Vec<Case> {
        vec![
            example.of("activation", &[], |secret| {
                EmailContent::Registration(RegistrationEmail::Activation {
                    link: Some((secret(TokenKind::Activation), example.now)),
                    code: None,
                })
            }),
            example.of("activation by code", &[], |_| {
                EmailContent::Registration(RegistrationEmail::Activation { link: None, code: example.code() })
            }),
            example.of("activation by both", &[], |secret| {
                EmailContent::Registration(RegistrationEmail::Activation {
                    link: Some((secret(TokenKind::Activation), example.now)),
                    code: example.code(),
                })
            }),
            example.of("already registered", &["/login", "/forgot-password"], |_| {
                EmailContent::Registration(RegistrationEmail::AlreadyRegistered { first_name: example.first_name() })
            }),
            example.of("waits", &["/admin/registrations"], |_| {
                EmailContent::Registration(RegistrationEmail::Waits {
                    name: example.name(),
                    address: example.address(),
                    company: example.company(),
                })
            }),
            example.of("approved", &["/login"], |_| {
                EmailContent::Registration(RegistrationEmail::Approved { first_name: example.first_name() })
            }),
            example.of("rejected", &[], |_| {
                EmailContent::Registration(RegistrationEmail::Rejected { first_name: example.first_name() })
            }),
        ]
    }
}
