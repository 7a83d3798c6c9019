//! A running system in memory, with people in it.

use std::fmt::Display;

use identity_core::{
    flow::{
        Flows,
        invitation::{AcceptCommand, InviteCommand},
        session::LogInCommand,
    },
    model::{
        access::Administrator,
        account::Account,
        invitation::Invitation,
        outbox::{Email, EmailContent, InvitationEmail, PasswordEmail, RegistrationEmail},
        password::Candidate,
        session::CurrentUser,
    },
    value::{CompanyName, EmailAddress, PersonName, PublicUrl, TokenSecret},
};
use secrecy::ExposeSecret as _;

use crate::{Kit, ManualClock};

/// The address of the first operator, whose name is Ada Operator and whose company is Acme.
const OPERATOR: &str = "operator@example.org";

/// A running system in memory, for the tests of a host: it has an operator, and invites, registers and logs people in with one call each.
///
/// What does not work fails the test: each call panics and says why.
pub struct TestWorld {
    kit: Kit,
    /// They are large.
    flows: Box<Flows>,
}

impl TestWorld {
    /// The password of everybody who registers.
    pub const PASSWORD: &'static str = "Zr7-mnbvq!";

    /// A system with one operator.
    pub async fn new() -> Self {
        Self::of(Kit::new()).await
    }

    /// The same over other adapters or settings; see [`Kit::with`].
    pub async fn of(kit: Kit) -> Self {
        let flows = Box::new(kit.flows());
        let world = Self { kit, flows };
        works("the system is prepared", world.flows.prepare.run(Kit::terms()).await);
        let secret = works("the first operator's link is made", world.flows.first_operator.run().await);
        if let Some(secret) = secret {
            let mut command = accepting(secret, OPERATOR);
            command.email = Some(address(OPERATOR));
            command.company_name = Some(works("Acme is a name", CompanyName::parse("Acme")));
            works("the operator registers", world.flows.accept.run(command).await);
        }
        world
    }

    /// Every flow.
    #[must_use]
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// The adapters.
    #[must_use]
    pub const fn kit(&self) -> &Kit {
        &self.kit
    }

    /// The clock, which stands still until it is moved.
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.kit.clock
    }

    /// The operator, in a new session.
    pub async fn operator(&self) -> CurrentUser {
        self.logs_in(OPERATOR).await
    }

    /// The operator invites an address.
    pub async fn invite(&self, email: &str) -> Invitation {
        let operator = self.operator().await;
        let Some(by) = Administrator::of(&operator) else { fails("the operator administers", "no such permission") };
        works(&format!("{email} is invited"), self.flows.invite.run(&by, &InviteCommand::new(address(email))).await)
    }

    /// Somebody is invited and registers, as Ada with a last name made of the address.
    pub async fn registers(&self, email: &str) -> Account {
        self.invite(email).await;
        let secret = self.last_mail_to(email).await.secret();
        works(&format!("{email} registers"), self.flows.accept.run(accepting(secret, email)).await).account
    }

    /// Somebody logs in; the secret of the session.
    pub async fn session_of(&self, email: &str) -> TokenSecret {
        let password = works("the password is short enough", Candidate::new(Self::PASSWORD));
        let command = LogInCommand::new(address(email), password);
        works(&format!("{email} logs in"), self.flows.log_in.run(command).await).secret
    }

    /// Somebody who is logged in and has nothing to do first.
    pub async fn logs_in(&self, email: &str) -> CurrentUser {
        let session = self.session_of(email).await;
        let found = works("the session is checked", self.flows.check_session.run(&session).await);
        found.unwrap_or_else(|| fails(&format!("{email} is logged in"), "there is something to do first"))
    }

    /// The newest mail to an address, once everything that waits is sent.
    pub async fn last_mail_to(&self, email: &str) -> TestMail {
        works("mail is sent", self.flows.deliver.run(|| false).await);
        let to = address(email);
        let newest = self.kit.mailer.mails().into_iter().rev().find(|mail| mail.to.canonical() == to.canonical());
        let mail = newest.unwrap_or_else(|| fails(&format!("{email} has mail"), "there is none"));
        TestMail { mail, url: self.kit.settings.public_url.clone() }
    }
}

/// A mail that somebody got.
#[derive(Debug)]
pub struct TestMail {
    mail: Email,
    url: PublicUrl,
}

impl TestMail {
    /// What it says.
    #[must_use]
    pub const fn content(&self) -> &EmailContent {
        &self.mail.content
    }

    /// The secret of its main link.
    #[must_use]
    pub fn secret(&self) -> TokenSecret {
        match &self.mail.content {
            EmailContent::Invitation(InvitationEmail::Invited { secret, .. })
            | EmailContent::Invitation(InvitationEmail::AccessOffered { secret, .. })
            | EmailContent::Password(PasswordEmail::Reset { secret, .. }) => secret.clone(),
            EmailContent::Registration(RegistrationEmail::Activation { link: Some((secret, _)), .. }) => secret.clone(),
            other => fails("the mail has a link", format!("{other:?}")),
        }
    }

    /// Its main link, as a person opens it.
    #[must_use]
    pub fn link(&self) -> String {
        let link = self.url.link(&self.secret());
        link.map_or_else(|| fails("the link has a page", "it has none"), |link| link.expose_secret().to_owned())
    }
}

fn address(text: &str) -> EmailAddress {
    works(&format!("{text} is an address"), EmailAddress::parse(text))
}

fn accepting(secret: TokenSecret, email: &str) -> AcceptCommand {
    let last_name = email.split('@').next().unwrap_or_default();
    let names = ["Ada", last_name].map(|name| works(&format!("{name} is a name"), PersonName::parse(name)));
    let [first_name, last_name] = names;
    let password = works("the password is short enough", Candidate::new(TestWorld::PASSWORD));
    AcceptCommand { accepted_terms: Some(1), ..AcceptCommand::new(secret, (first_name, last_name), password) }
}

fn works<T, E: Display>(what: &str, done: Result<T, E>) -> T {
    done.unwrap_or_else(|error| fails(what, error))
}

#[expect(clippy::panic, reason = "it is for tests, which fail so")]
fn fails(what: &str, why: impl Display) -> ! {
    panic!("this does not hold: {what}: {why}")
}

#[cfg(test)]
mod tests {
    use identity_core::value::SignedDuration;

    use super::*;

    #[tokio::test]
    async fn somebody_is_invited_registers_and_is_logged_in() {
        let world = TestWorld::new().await;
        world.invite("grace@example.org").await;
        let link = world.last_mail_to("grace@example.org").await.link();
        assert!(link.starts_with("https://id.example.org/register/idinv_"), "{link}");
        let account = world.registers("ada@example.org").await;
        assert_eq!(world.logs_in("ada@example.org").await.account.id, account.id);
    }

    #[tokio::test]
    async fn a_session_ends_when_the_clock_is_moved() {
        let world = TestWorld::new().await;
        let session = world.session_of(OPERATOR).await;
        assert!(world.flows().check_session.run(&session).await.unwrap().is_some());
        world.clock().advance(SignedDuration::from_hours(13));
        assert!(world.flows().check_session.run(&session).await.unwrap().is_none());
    }

    #[tokio::test]
    #[should_panic(expected = "nobody@example.org has mail: there is none")]
    async fn what_is_not_there_fails_the_test() {
        TestWorld::new().await.last_mail_to("nobody@example.org").await;
    }
}
