//! Mails about changes of addresses.

use identity_core::value::{EmailAddress, PersonName, Timestamp, TokenSecret};

use super::{
    content::{Content, Writer},
    defuse::defuse,
};

impl Writer<'_> {
    pub(super) fn email_confirmation(&self, secret: &TokenSecret, expires_at: Timestamp) -> Content {
        let until = self.texts.moment(expires_at);
        Content {
            body: vec![self.say("confirm-email-body", &[]), self.say("confirm-email-unchanged", &[])],
            button: self.carry("confirm-email-button", secret),
            condition: Some(self.say("confirm-email-until", &[("until", &until)])),
            ..self.plain("confirm-email", None, &[("until", &until)])
        }
    }

    /// To the old address.
    pub(super) fn email_announced(
        &self,
        first_name: &PersonName,
        new_address: &EmailAddress,
        (undo, expires_at): (&TokenSecret, Timestamp),
    ) -> Content {
        let (until, address) = (self.texts.moment(expires_at), defuse(new_address.as_str()));
        Content {
            body: vec![self.say("email-announced-body", &[("address", &address)]), self.say("email-announced-next", &[])],
            condition: Some(self.say("undo-email-until", &[("until", &until)])),
            report: self.carry("undo-email-link", undo),
            ..self.plain("email-announced", Some(first_name), &[("address", &address)])
        }
    }

    /// To the old address, which can undo it, and to the new one.
    pub(super) fn email_changed(
        &self,
        first_name: &PersonName,
        new_address: &EmailAddress,
        undo: Option<&(TokenSecret, Timestamp)>,
    ) -> Content {
        let address = defuse(new_address.as_str());
        let plain = self.plain("email-changed", Some(first_name), &[("address", &address)]);
        let Some((undo, expires_at)) = undo else {
            let body = vec![self.say("email-changed-body", &[("address", &address)]), self.say("email-changed-done", &[])];
            return Content { body, button: self.log_in(), unexpected: self.say("email-changed-unexpected-new", &[]), ..plain };
        };
        let until = self.texts.moment(*expires_at);
        Content {
            condition: Some(self.say("undo-email-until", &[("until", &until)])),
            report: self.carry("undo-email-link", undo),
            ..plain
        }
    }
}
