//! Mails about invitations.

use identity_core::value::{CompanyName, EmailAddress, Note, PersonName, Timestamp, TokenSecret};

use super::{
    content::{Content, Quote, Writer},
    defuse::defuse,
};

impl Writer<'_> {
    pub(super) fn invitation(
        &self,
        first_name: Option<&PersonName>,
        (inviter, inviter_address): (&str, &EmailAddress),
        company: &CompanyName,
        note: Option<&Note>,
        (secret, expires_at): (&TokenSecret, Timestamp),
    ) -> Content {
        let (inviter, company, until) = (defuse(inviter), defuse(company.as_str()), self.texts.moment(expires_at));
        let arguments =
            [("inviter", inviter.as_str()), ("company", &company), ("until", &until), ("address", inviter_address.as_str())];
        Content {
            quote: note.map(|note| Quote {
                introduction: self.say("invitation-note", &arguments),
                lines: defuse(note.as_str()).lines().map(str::to_owned).collect(),
            }),
            button: self.carry("invitation-button", secret),
            condition: Some(self.say("invitation-until", &arguments)),
            ..self.plain("invitation", first_name, &arguments)
        }
    }

    pub(super) fn renewal(&self, invitee: &EmailAddress, company: &CompanyName) -> Content {
        let (address, company) = (invitee.as_str(), defuse(company.as_str()));
        Content {
            button: self.page("renewal-button", &format!("/admin/invitations?q={}", encoded(address))),
            ..self.plain("renewal", None, &[("address", address), ("company", &company)])
        }
    }
}

/// An address as the value of a query: everything but mails, digits, `-`, `.` and `_` is percent-encoded.
pub(super) fn encoded(address: &str) -> String {
    address.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}
