//! From what a mail says to its text and its HTML. One layout for all.

mod account;
mod content;
mod defuse;
mod email_change;
mod encode;
#[cfg(test)]
mod every;
#[cfg(test)]
mod example;
mod invitation;
mod password;
mod registration;

use askama::Template;
use identity_core::{
    model::outbox::Email,
    value::{EmailAddress, PublicUrl},
};

use self::{
    content::{Content, Writer},
    defuse::defuse,
    encode::encoded,
};
use crate::{config::MailSettings, text::Texts};

/// A mail as its reader gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The subject: one line.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Renders mails.
#[derive(Clone, Debug)]
pub struct Renderer {
    product_name: String,
    public_url: PublicUrl,
    mail: MailSettings,
}

/// What both layouts are filled with. Everything in it is text; the HTML layout escapes it.
#[derive(Debug)]
struct View<'a> {
    language: &'a str,
    direction: &'a str,
    product: &'a str,
    content: &'a Content,
    fallback_link: String,
    never_ask: String,
    help: Help,
    footer: String,
}

/// Whom to ask, around the address, which the HTML layout makes a link.
#[derive(Debug)]
struct Help {
    before: String,
    address: String,
    after: String,
    link: String,
}

impl View<'_> {
    /// The side that lines start at: mail programs do not know logical properties.
    fn start(&self) -> &'static str {
        if self.direction == "rtl" { "right" } else { "left" }
    }
}

impl Help {
    fn of(texts: &Texts, support: &EmailAddress) -> Self {
        let sentence = texts.get("help", &[("support", support.as_str())]);
        let (before, after) = sentence.split_once(support.as_str()).unwrap_or((&sentence, ""));
        Self {
            before: before.to_owned(),
            address: support.as_str().to_owned(),
            after: after.to_owned(),
            link: format!("mailto:{}@{}", encoded(support.local_part()), support.domain()),
        }
    }
}

#[derive(Template)]
#[template(path = "email.html")]
struct Html<'a> {
    view: &'a View<'a>,
}

#[derive(Template)]
#[template(path = "email.txt")]
struct Text<'a> {
    view: &'a View<'a>,
}

impl Renderer {
    /// Renders for an installation.
    #[must_use]
    pub const fn new(product_name: String, public_url: PublicUrl, mail: MailSettings) -> Self {
        Self { product_name, public_url, mail }
    }

    /// Renders a mail in its language.
    ///
    /// # Errors
    /// [`askama::Error`] where a layout could not be filled.
    pub fn render(&self, email: &Email) -> Result<Rendered, askama::Error> {
        let texts = Texts::of(&email.language, &email.time_zone);
        let (product, support) = (self.product_name.as_str(), &self.mail.support);
        let writer = Writer { texts: &texts, product, public_url: &self.public_url, support: support.as_str() };
        let mut content = writer.write(email);
        // A subject is one line whatever stands in a name, or the mail could not be built.
        content.subject = content.subject.replace(char::is_control, " ");
        let view = View {
            language: email.language.as_str(),
            direction: if email.language.is_right_to_left() { "rtl" } else { "ltr" },
            product,
            content: &content,
            fallback_link: writer.say("fallback-link", &[]),
            never_ask: writer.say("never-ask", &[]),
            help: Help::of(&texts, support),
            footer: writer.say("footer", &[("address", &defuse(email.to.as_str()))]),
        };
        let html = Html { view: &view }.render()?;
        let text = Text { view: &view }.render()?;
        Ok(Rendered { subject: content.subject, text, html })
    }
}

#[cfg(test)]
mod tests {
    use identity_core::{
        model::outbox::{Email, EmailContent, InvitationEmail},
        port::{Entropy as _, IdSource},
        value::{CompanyName, EmailAddress, Language, Note, PersonName, TimeZone, Timestamp, TokenKind},
    };
    use identity_testkit::SeededEntropy;
    use secrecy::ExposeSecret as _;

    use super::*;

    fn email(language: &str, inviter: &str, note: &str) -> (Email, String) {
        let entropy = SeededEntropy::new(1);
        entropy.fill(&mut [0; 1]).unwrap();
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let ids = IdSource::new(now, &entropy);
        let secret = ids.secret(TokenKind::Invitation).unwrap();
        let link = PublicUrl::parse("https://id.example.org").unwrap().link(&secret).unwrap().expose_secret().to_owned();
        let address = |text| EmailAddress::parse(text).unwrap();
        let content = EmailContent::Invitation(InvitationEmail::Invited {
            first_name: PersonName::parse("Grace").ok(),
            inviter: inviter.to_owned(),
            inviter_address: address("ada@acme.example"),
            company: CompanyName::parse("Acme & Sons").unwrap(),
            note: Note::parse(note).ok(),
            secret,
            expires_at: now,
        });
        let language = Language::parse(language).unwrap();
        (
            Email {
                id: ids.id().unwrap(),
                to: address("grace@example.org"),
                language,
                time_zone: TimeZone::default(),
                written_at: now,
                content,
            },
            link,
        )
    }

    fn rendered(email: &Email) -> Rendered {
        let address = |text| EmailAddress::parse(text).unwrap();
        let mail = MailSettings {
            from: address("id@acme.example"),
            from_name: "Identity".to_owned(),
            support: address("help@acme.example"),
        };
        Renderer::new("Identity".to_owned(), PublicUrl::parse("https://id.example.org").unwrap(), mail).render(email).unwrap()
    }

    #[test]
    fn an_invitation_says_who_why_until_when_and_where_to_ask() {
        let (email, link) = email("en", "Ada Lovelace", "See you soon.");
        let mail = rendered(&email);
        assert_eq!(mail.subject, "Ada Lovelace invites you to Acme & Sons");
        for part in [&mail.text, &mail.html] {
            for said in [
                "Hello Grace,",
                "Ada Lovelace invites you to join Acme",
                "See you soon.",
                "Register Account",
                &link,
                "18 November 2026",
                "help@acme.",
                "Nobody from Identity will ever ask for your password by e-mail or phone.",
            ] {
                assert!(part.contains(said), "{said} in {part}");
            }
        }
        assert_eq!(mail.html.matches(&link).count(), 3, "the button, the link and its text");
        assert!(mail.html.contains("Acme &#38; Sons") && mail.text.contains("Acme & Sons"));
        assert!(!mail.text.contains("Lovelace from"), "of which company the inviter is, is not said: {}", mail.text);
    }

    #[test]
    fn arabic_runs_from_right_to_left() {
        let (email, _) = email("ar", "Ada", "-");
        let mail = rendered(&email);
        assert!(
            mail.html.contains("dir=\"rtl\"") && mail.html.contains("text-align:right") && !mail.html.contains("text-align:left")
        );
        assert!(mail.text.contains("إنشاء الحساب"));
    }

    #[test]
    fn what_people_typed_is_text_and_no_link() {
        let (email, link) = email("en", "<b>Eve</b> www.evil.example", "https://evil.example/x\n<script>");
        let mail = rendered(&email);
        assert!(!mail.html.contains("<b>Eve") && !mail.html.contains("<script>"));
        for part in [&mail.text, &mail.html, &mail.subject] {
            let others = part.replace(&link, "");
            assert!(!others.contains("evil.example") && !others.contains("https://evil"), "{others}");
        }
    }
}
