//! What a mail is made of, and which of them says it.

use identity_core::{
    model::outbox::{Email, EmailContent},
    value::{PersonName, PublicUrl, TokenSecret},
};
use secrecy::ExposeSecret as _;

use super::defuse::defuse;
use crate::text::Texts;

/// One purpose, one button.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) subject: String,
    pub(super) preheader: String,
    pub(super) greeting: String,
    /// Paragraphs.
    pub(super) body: Vec<String>,
    pub(super) quote: Option<Quote>,
    /// Nothing where there is nothing to open.
    pub(super) button: Option<Link>,
    pub(super) condition: Option<String>,
    pub(super) code: Option<ShownCode>,
    /// Another way to the same purpose.
    pub(super) other: Option<Link>,
    pub(super) unexpected_heading: String,
    pub(super) unexpected: String,
    /// "This wasn't me".
    pub(super) report: Option<Link>,
}

/// A person's own words.
#[derive(Debug)]
pub(super) struct Quote {
    pub(super) introduction: String,
    pub(super) lines: Vec<String>,
}

/// Words that lead somewhere.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) label: String,
    pub(super) target: String,
}

/// A code to be typed.
#[derive(Debug)]
pub(super) struct ShownCode {
    pub(super) introduction: String,
    pub(super) digits: String,
    pub(super) condition: String,
}

/// Writes for one reader of an installation.
pub(super) struct Writer<'a> {
    pub(super) texts: &'a Texts,
    pub(super) product: &'a str,
    pub(super) public_url: &'a PublicUrl,
    pub(super) support: &'a str,
}

impl Writer<'_> {
    /// A text, which may name the product and whom to ask beside what is given.
    pub(super) fn say(&self, key: &str, arguments: &[(&'static str, &str)]) -> String {
        let known = [("product", self.product), ("support", self.support)];
        self.texts.get(key, &[known.as_slice(), arguments].concat())
    }

    pub(super) fn greet(&self, name: Option<&PersonName>) -> String {
        match name {
            Some(name) => self.say("greeting", &[("name", &defuse(name.as_str()))]),
            None => self.say("greeting-unnamed", &[]),
        }
    }

    /// The link that carries a secret.
    pub(super) fn carry(&self, label: &str, secret: &TokenSecret) -> Option<Link> {
        let target = self.public_url.link(secret)?.expose_secret().to_owned();
        Some(Link { label: self.say(label, &[]), target })
    }

    /// The link to a page.
    pub(super) fn page(&self, label: &str, path: &str) -> Option<Link> {
        Some(Link { label: self.say(label, &[]), target: format!("{}{path}", self.public_url.origin()) })
    }

    pub(super) fn log_in(&self) -> Option<Link> {
        self.page("log-in-button", "/login")
    }

    pub(super) fn forgot_password(&self) -> Option<Link> {
        self.page("forgot-password-link", "/forgot-password")
    }

    pub(super) fn not_me(&self, report: &TokenSecret) -> Option<Link> {
        self.carry("not-me-link", report)
    }

    /// What every mail of a kind has, under the kind's keys: subject, preheader, one paragraph, and what to do for a person who did not
    /// expect it.
    pub(super) fn plain(&self, kind: &str, name: Option<&PersonName>, arguments: &[(&'static str, &str)]) -> Content {
        let say = |part: &str| self.say(&format!("{kind}-{part}"), arguments);
        Content {
            subject: say("subject"),
            preheader: say("preheader"),
            greeting: self.greet(name),
            body: vec![say("body")],
            quote: None,
            button: None,
            condition: None,
            code: None,
            other: None,
            unexpected_heading: say("unexpected-heading"),
            unexpected: say("unexpected"),
            report: None,
        }
    }

    pub(super) fn write(&self, email: &Email) -> Content {
        match &email.content {
            EmailContent::Invitation(content) => self.about_invitation(content),
            EmailContent::Registration(content) => self.about_registration(content),
            EmailContent::Password(content) => self.about_password(content),
            EmailContent::EmailChange(content) => self.about_email_change(content),
            EmailContent::Account(content) => self.about_account(content),
        }
    }
}
