//! What each kind of letter says.

use identity_core::{
    notice::{Letter, LetterContent},
    value::PublicUrl,
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
    pub(super) body: String,
    pub(super) quote: Option<Quote>,
    pub(super) button: String,
    pub(super) link: String,
    pub(super) condition: Option<String>,
    pub(super) unexpected_heading: String,
    pub(super) unexpected: String,
}

/// A person's own words.
#[derive(Debug)]
pub(super) struct Quote {
    pub(super) introduction: String,
    pub(super) lines: Vec<String>,
}

pub(super) fn of(letter: &Letter, texts: &Texts, product: &str, public_url: &PublicUrl, support: &str) -> Content {
    match &letter.content {
        LetterContent::Invitation { first_name, inviter, inviter_address, company, note, secret, expires_at } => {
            let (inviter, company) = (defuse(inviter), defuse(company.as_str()));
            let until = texts.moment(*expires_at);
            let greeting = match first_name {
                Some(name) => texts.get("greeting", &[("name", &defuse(name.as_str()))]),
                None => texts.get("greeting-unnamed", &[]),
            };
            Content {
                subject: texts.get("invitation-subject", &[("inviter", &inviter), ("company", &company)]),
                preheader: texts.get("invitation-preheader", &[("until", &until)]),
                greeting,
                body: texts.get("invitation-body", &[("inviter", &inviter), ("company", &company), ("product", product)]),
                quote: note.as_ref().map(|note| Quote {
                    introduction: texts.get("invitation-note", &[("inviter", &inviter)]),
                    lines: defuse(note.as_str()).lines().map(str::to_owned).collect(),
                }),
                button: texts.get("invitation-button", &[]),
                link: public_url.link(secret).map(|link| link.expose_secret().to_owned()).unwrap_or_default(),
                condition: Some(texts.get("invitation-until", &[("until", &until)])),
                unexpected_heading: texts.get("invitation-unexpected-heading", &[]),
                unexpected: texts.get(
                    "invitation-unexpected",
                    &[("inviter", &inviter), ("address", inviter_address.as_str()), ("support", support)],
                ),
            }
        }
        LetterContent::RenewalRequested { invitee, company } => {
            let (address, company) = (invitee.as_str(), defuse(company.as_str()));
            Content {
                subject: texts.get("renewal-subject", &[("address", address)]),
                preheader: texts.get("renewal-preheader", &[("company", &company)]),
                greeting: texts.get("greeting-unnamed", &[]),
                body: texts.get("renewal-body", &[("address", address), ("company", &company)]),
                quote: None,
                button: texts.get("renewal-button", &[]),
                link: format!("{}/admin/invitations?q={}", public_url.origin(), encoded(address)),
                condition: None,
                unexpected_heading: texts.get("renewal-unexpected-heading", &[]),
                unexpected: texts.get("renewal-unexpected", &[]),
            }
        }
    }
}

/// An address as the value of a query: everything but letters, digits, `-`, `.` and `_` is percent-encoded.
fn encoded(address: &str) -> String {
    address.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    })
}
