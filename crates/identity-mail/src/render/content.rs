//! What a mail is made of, and which of them says it.

use identity_core::{
    model::outbox::{Email, EmailContent},
    value::{PersonName, PublicUrl, TokenSecret},
};
use secrecy::ExposeSecret as _;

use super::{access::Offer, defuse::defuse};
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
            EmailContent::Invitation { first_name, inviter, inviter_address, company, note, secret, expires_at } => {
                let by = (inviter.as_str(), inviter_address);
                self.invitation(first_name.as_ref(), by, company, note.as_ref(), (secret, *expires_at))
            }
            EmailContent::RenewalRequested { invitee, company } => self.renewal(invitee, company),
            EmailContent::Activation { link, code } => self.activation(link.as_ref(), code.as_ref()),
            EmailContent::AlreadyRegistered { first_name } => self.already_registered(first_name),
            EmailContent::RegistrationWaits { name, address, company } => self.waits(name, address, company),
            EmailContent::RegistrationApproved { first_name } => self.approved(first_name),
            EmailContent::RegistrationRejected { first_name } => self.rejected(first_name),
            EmailContent::Reset { first_name, secret, expires_at, report, cause, password_works } => {
                self.reset(first_name, (secret, *expires_at), report, (*cause, *password_works))
            }
            EmailContent::TemporaryPassword { first_name, report } => self.temporary(first_name, report),
            EmailContent::PasswordChangeRequired { first_name } => self.change_required(first_name),
            EmailContent::PasswordBreached { first_name } => self.breached(first_name),
            EmailContent::PasswordChanged { first_name, changed_at, by_link, report } => {
                self.changed(first_name, (*changed_at, *by_link), report)
            }
            EmailContent::AccessReported { reported, name, address, account } => {
                self.reported(*reported, (name, address), *account)
            }
            EmailContent::EmailChangeUndone { name, address, undone, account } => {
                self.email_undone((name, address), undone, *account)
            }
            EmailContent::AccessOffered { first_name, inviter, inviter_address, company, offered, note, secret, expires_at } => {
                let offer = Offer { first_name, by: (inviter, inviter_address), company, offered, note: note.as_ref() };
                self.access_offered(&offer, (secret, *expires_at))
            }
            EmailContent::AccessGranted { first_name, inviter, granted, granted_at } => {
                self.access_granted(first_name, inviter, granted, *granted_at)
            }
            EmailContent::EmailConfirmation { secret, expires_at } => self.email_confirmation(secret, *expires_at),
            EmailContent::EmailChangeAnnounced { first_name, new_address, undo, expires_at } => {
                self.email_announced(first_name, new_address, (undo, *expires_at))
            }
            EmailContent::EmailChanged { first_name, new_address, undo } => {
                self.email_changed(first_name, new_address, undo.as_ref())
            }
            EmailContent::SignedIn { first_name, at, client, report } => self.signed_in(first_name, *at, client, report),
            EmailContent::InvitationAccepted { name, address, company } => self.accepted(name, address, company),
            EmailContent::SecurityQuestionsChanged { first_name, changed_at, is_first, report } => {
                self.questions_changed(first_name, (*changed_at, *is_first), report)
            }
            EmailContent::DeletionRequested { first_name, erase_at } => self.deletion_requested(first_name, *erase_at),
            EmailContent::DeletionUndone { first_name, with_address } => self.deletion_undone(first_name, *with_address),
        }
    }
}
