//! Mails about an account, its logins and its deletion. No link in those about the deletion does anything: it is undone by logging in.

use identity_core::{
    model::{outbox::AccountEmail, session::Client},
    value::{PersonName, Timestamp, TokenSecret},
};

use super::content::{Content, Writer};

impl Writer<'_> {
    pub(super) fn about_account(&self, content: &AccountEmail) -> Content {
        match content {
            AccountEmail::SignedIn { first_name, at, client, report } => self.signed_in(first_name, *at, client, report),
            AccountEmail::SecurityQuestionsChanged { first_name, changed_at, is_first, report } => {
                self.questions_changed(first_name, (*changed_at, *is_first), report)
            }
            AccountEmail::DeletionRequested { first_name, erase_at } => self.deletion_requested(first_name, *erase_at),
            AccountEmail::DeletionUndone { first_name, with_address } => self.deletion_undone(first_name, *with_address),
        }
    }

    /// What a browser says of itself is whatever somebody made it say: only names that are known are said again.
    fn signed_in(&self, first_name: &PersonName, at: Timestamp, client: &Client, report: &TokenSecret) -> Content {
        let when = self.texts.moment(at);
        let device = self.device(client.device.as_deref());
        let network = client.address.map_or_else(|| self.say("signed-in-unknown", &[]), |address| address.to_string());
        let arguments = [("when", when.as_str()), ("device", &device), ("network", &network)];
        Content {
            body: vec![
                self.say("signed-in-body", &arguments),
                self.say("signed-in-details", &arguments),
                self.say("signed-in-fine", &[]),
            ],
            button: self.page("signed-in-button", "/account"),
            report: self.not_me(report),
            ..self.plain("signed-in", Some(first_name), &arguments)
        }
    }

    fn device(&self, user_agent: Option<&str>) -> String {
        let known = |names: &[(&str, &'static str)]| {
            let agent = user_agent.unwrap_or_default();
            names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
        };
        match (known(&BROWSERS), known(&SYSTEMS)) {
            (Some(browser), Some(system)) => self.say("signed-in-device", &[("browser", browser), ("system", system)]),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => self.say("signed-in-unknown", &[]),
        }
    }

    fn questions_changed(
        &self,
        first_name: &PersonName,
        (changed_at, is_first): (Timestamp, bool),
        report: &TokenSecret,
    ) -> Content {
        let when = self.texts.moment(changed_at);
        let kind = if is_first { "questions-set" } else { "questions-changed" };
        Content {
            button: self.page("questions-changed-button", "/account/security"),
            report: self.not_me(report),
            ..self.plain(kind, Some(first_name), &[("when", &when)])
        }
    }

    fn deletion_requested(&self, first_name: &PersonName, erase_at: Timestamp) -> Content {
        let when = self.texts.moment(erase_at);
        let arguments = [("when", when.as_str())];
        Content {
            body: vec![self.say("deletion-body", &arguments), self.say("deletion-undo", &arguments)],
            button: self.log_in(),
            other: self.forgot_password(),
            ..self.plain("deletion", Some(first_name), &arguments)
        }
    }

    fn deletion_undone(&self, first_name: &PersonName, with_address: bool) -> Content {
        if with_address {
            // The password was ended as well: there is nothing to log in with.
            let body = vec![self.say("deletion-undone-address-body", &[]), self.say("deletion-undone-address-next", &[])];
            let plain = self.plain("deletion-undone-address", Some(first_name), &[]);
            return Content { body, other: self.forgot_password(), ..plain };
        }
        Content { button: self.log_in(), other: self.forgot_password(), ..self.plain("deletion-undone", Some(first_name), &[]) }
    }
}

/// What a browser says of itself, and its name; those that say the names of others too come first.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

#[cfg(test)]
pub(super) mod examples {
    use identity_core::{
        model::{
            outbox::{AccountEmail, EmailContent},
            session::Client,
        },
        value::{TokenKind, TokenSecret},
    };

    use super::super::example::{Case, Example};

    /// One mail of each content, for the tests of what holds for every mail.
    pub(in crate::render) fn all(example: &Example<'_>) -> Vec<Case> {
        let answered = |is_first| {
            move |secret: &dyn Fn(TokenKind) -> TokenSecret| {
                EmailContent::Account(AccountEmail::SecurityQuestionsChanged {
                    first_name: example.first_name(),
                    changed_at: example.now,
                    is_first,
                    report: secret(TokenKind::Report),
                })
            }
        };
        vec![
            example.of("signed in", &["/account"], |secret| {
                EmailContent::Account(AccountEmail::SignedIn {
                    first_name: example.first_name(),
                    at: example.now,
                    client: Client::new("192.0.2.7".parse().ok(), Some(example.typed.device)),
                    report: secret(TokenKind::Report),
                })
            }),
            example.of("questions set", &["/account/security"], answered(true)),
            example.of("questions changed", &["/account/security"], answered(false)),
            example.of("deletion requested", &["/login", "/forgot-password"], |_| {
                EmailContent::Account(AccountEmail::DeletionRequested { first_name: example.first_name(), erase_at: example.now })
            }),
            example.of("deletion undone", &["/login", "/forgot-password"], |_| {
                EmailContent::Account(AccountEmail::DeletionUndone { first_name: example.first_name(), with_address: false })
            }),
            example.of("deletion undone with the address", &["/forgot-password"], |_| {
                EmailContent::Account(AccountEmail::DeletionUndone { first_name: example.first_name(), with_address: true })
            }),
        ]
    }
}
