//! Mails about the deletion of one's own account. No link in them does anything: the deletion is undone by logging in.

use identity_core::value::{PersonName, Timestamp};

use super::content::{Content, Writer};

impl Writer<'_> {
    pub(super) fn deletion_requested(&self, first_name: &PersonName, erase_at: Timestamp) -> Content {
        let when = self.texts.moment(erase_at);
        let arguments = [("when", when.as_str())];
        Content {
            body: vec![self.say("deletion-body", &arguments), self.say("deletion-undo", &arguments)],
            button: self.log_in(),
            other: self.forgot_password(),
            ..self.plain("deletion", Some(first_name), &arguments)
        }
    }

    pub(super) fn deletion_undone(&self, first_name: &PersonName, with_address: bool) -> Content {
        if with_address {
            // The password was ended as well: there is nothing to log in with.
            let body = vec![self.say("deletion-undone-address-body", &[]), self.say("deletion-undone-address-next", &[])];
            let plain = self.plain("deletion-undone-address", Some(first_name), &[]);
            return Content { body, other: self.forgot_password(), ..plain };
        }
        Content { button: self.log_in(), other: self.forgot_password(), ..self.plain("deletion-undone", Some(first_name), &[]) }
    }
}
