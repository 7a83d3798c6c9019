//! Letters about the deletion of one's own account. No link in them does anything: whoever signs in can undo it.

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

    pub(super) fn deletion_undone(&self, first_name: &PersonName) -> Content {
        Content { button: self.log_in(), other: self.forgot_password(), ..self.plain("deletion-undone", Some(first_name), &[]) }
    }
}
