//! Mails about registrations.

use identity_core::{
    model::registration::Code,
    value::{CompanyName, EmailAddress, PersonName, Timestamp, TokenSecret},
};

use super::{
    content::{Content, ShownCode, Writer},
    defuse::defuse,
};

impl Writer<'_> {
    pub(super) fn activation(&self, link: Option<&(TokenSecret, Timestamp)>, code: Option<&(Code, Timestamp)>) -> Content {
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

    pub(super) fn already_registered(&self, first_name: &PersonName) -> Content {
        Content { button: self.log_in(), other: self.forgot_password(), ..self.plain("already-registered", Some(first_name), &[]) }
    }

    pub(super) fn waits(&self, name: &str, address: &EmailAddress, company: &CompanyName) -> Content {
        let (name, address, company) = (defuse(name), defuse(address.as_str()), defuse(company.as_str()));
        Content {
            button: self.page("waits-button", "/admin/registrations"),
            ..self.plain("waits", None, &[("name", &name), ("address", &address), ("company", &company)])
        }
    }

    pub(super) fn approved(&self, first_name: &PersonName) -> Content {
        Content { button: self.log_in(), ..self.plain("approved", Some(first_name), &[]) }
    }

    /// There is nothing to open, so there is no button.
    pub(super) fn rejected(&self, first_name: &PersonName) -> Content {
        Content { condition: Some(self.say("rejected-mistake", &[])), ..self.plain("rejected", Some(first_name), &[]) }
    }
}

/// Two groups of four. The space between them does not break, and keeps the groups in their order where lines run from right to
/// left: to the bidirectional algorithm it belongs to the number (UAX #9, W4), which a plain space does not.
fn grouped(code: &Code) -> String {
    let digits = code.expose();
    digits.split_at_checked(4).map_or_else(|| digits.to_owned(), |(one, other)| format!("{one}\u{a0}{other}"))
}
