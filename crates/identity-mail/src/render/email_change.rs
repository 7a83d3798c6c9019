//! Mails about changes of addresses.

use identity_core::{
    model::outbox::EmailChangeEmail,
    value::{AccountId, EmailAddress, PersonName, Timestamp, TokenSecret},
};

use super::{
    content::{Content, Writer},
    defuse::defuse,
};

impl Writer<'_> {
    pub(super) fn about_email_change(&self, content: &EmailChangeEmail) -> Content {
        match content {
            EmailChangeEmail::Undone { name, address, undone, account } => self.email_undone((name, address), undone, *account),
            EmailChangeEmail::Confirmation { secret, expires_at } => self.email_confirmation(secret, *expires_at),
            EmailChangeEmail::Announced { first_name, new_address, undo, expires_at } => {
                self.email_announced(first_name, new_address, (undo, *expires_at))
            }
            EmailChangeEmail::Changed { first_name, new_address, undo } => {
                self.email_changed(first_name, new_address, undo.as_ref())
            }
        }
    }

    fn email_confirmation(&self, secret: &TokenSecret, expires_at: Timestamp) -> Content {
        let until = self.texts.moment(expires_at);
        Content {
            body: vec![self.say("confirm-email-body", &[]), self.say("confirm-email-unchanged", &[])],
            button: self.carry("confirm-email-button", secret),
            condition: Some(self.say("confirm-email-until", &[("until", &until)])),
            ..self.plain("confirm-email", None, &[("until", &until)])
        }
    }

    /// To the old address.
    fn email_announced(
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
    fn email_changed(
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

    /// To an administrator.
    fn email_undone(&self, person: (&str, &EmailAddress), undone: &EmailAddress, account: AccountId) -> Content {
        self.told("email-undone", person, undone.as_str(), account)
    }
}

#[cfg(test)]
pub(super) mod examples {
    use identity_core::{
        model::outbox::{EmailChangeEmail, EmailContent},
        value::TokenKind,
    };

    use super::super::example::{Case, Example, address};

    /// One mail of each content, for the tests of what holds for every mail.
    pub(in crate::render) fn all(example: &Example<'_>) -> Vec<Case> {
        vec![
            example.of("address undone", &[&example.account_page()], |_| {
                EmailContent::EmailChange(EmailChangeEmail::Undone {
                    name: example.name(),
                    address: address("grace@example.org"),
                    undone: example.address(),
                    account: example.account,
                })
            }),
            example.of("confirm address", &[], |secret| {
                EmailContent::EmailChange(EmailChangeEmail::Confirmation {
                    secret: secret(TokenKind::EmailConfirmation),
                    expires_at: example.now,
                })
            }),
            example.of("address announced", &[], |secret| {
                EmailContent::EmailChange(EmailChangeEmail::Announced {
                    first_name: example.first_name(),
                    new_address: example.address(),
                    undo: secret(TokenKind::EmailUndo),
                    expires_at: example.now,
                })
            }),
            example.of("address changed, to the old", &[], |secret| {
                EmailContent::EmailChange(EmailChangeEmail::Changed {
                    first_name: example.first_name(),
                    new_address: example.address(),
                    undo: Some((secret(TokenKind::EmailUndo), example.now)),
                })
            }),
            example.of("address changed, to the new", &["/login"], |_| {
                EmailContent::EmailChange(EmailChangeEmail::Changed {
                    first_name: example.first_name(),
                    new_address: example.address(),
                    undo: None,
                })
            }),
        ]
    }
}
