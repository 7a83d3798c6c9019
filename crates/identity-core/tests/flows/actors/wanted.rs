//! Whom somebody wants to invite.

use std::collections::BTreeSet;

use identity_core::{
    flow::invitation::InviteCommand,
    value::{CompanyId, Language, Lifetime, Note, PersonName, SubscriptionKey},
};

use super::{address, role};

/// Whom somebody wants to invite.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(super) email: String,
    pub(super) command: InviteCommand,
}

impl From<&str> for Wanted {
    fn from(email: &str) -> Self {
        Self::new(email)
    }
}

impl Wanted {
    pub(crate) fn new(email: &str) -> Self {
        let command = InviteCommand {
            email: address(email),
            first_name: None,
            last_name: None,
            roles: BTreeSet::new(),
            subscriptions: BTreeSet::new(),
            language: None,
            company: None,
            lifetime: None,
            note: None,
        };
        Self { email: email.to_owned(), command }
    }

    fn with(mut self, write: impl FnOnce(&mut InviteCommand)) -> Self {
        write(&mut self.command);
        self
    }

    pub(crate) fn role(self, key: &str) -> Self {
        self.with(|command| {
            command.roles.insert(role(key));
        })
    }

    pub(crate) fn subscription(self, key: &str) -> Self {
        self.with(|command| {
            command.subscriptions.insert(SubscriptionKey::parse(key).unwrap());
        })
    }

    pub(crate) fn named(self, first: &str, last: &str) -> Self {
        self.with(|command| {
            command.first_name = PersonName::parse(first).ok();
            command.last_name = PersonName::parse(last).ok();
        })
    }

    pub(crate) fn language(self, tag: &str) -> Self {
        self.with(|command| command.language = Language::parse(tag).ok())
    }

    pub(crate) fn company(self, company: CompanyId) -> Self {
        self.with(|command| command.company = Some(company))
    }

    pub(crate) fn lasting(self, lifetime: &str) -> Self {
        self.with(|command| command.lifetime = Lifetime::parse(lifetime).ok())
    }

    pub(crate) fn note(self, text: &str) -> Self {
        self.with(|command| command.note = Note::parse(text).ok())
    }
}
