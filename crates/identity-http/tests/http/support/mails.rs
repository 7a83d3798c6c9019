//! The mails that people got, and their links.

use super::world::World;
use identity_core::model::outbox::AccountEmail;
use identity_core::model::outbox::Email;
use identity_core::model::outbox::EmailChangeEmail;
use identity_core::model::outbox::EmailContent;
use identity_core::model::outbox::InvitationEmail;
use identity_core::model::outbox::PasswordEmail;
use identity_core::model::outbox::RegistrationEmail;
use identity_core::value::TokenKind;
use identity_core::value::TokenSecret;
use secrecy::ExposeSecret as _;

impl World {
    /// The mail that is due goes out.
    pub(crate) async fn delivers(&self) {
        while Box::new(self.kit.flows()).deliver.run(|| false).await.unwrap().claimed > 0 {}
    }

    /// Every mail but those that follow from every login in a new browser and from every accepted invitation.
    pub(crate) fn mails(&self) -> Vec<Email> {
        let is_news = |mail: &Email| {
            matches!(
                mail.content,
                EmailContent::Account(AccountEmail::SignedIn { .. }) | EmailContent::Invitation(InvitationEmail::Accepted { .. })
            )
        };
        self.kit.mailer.mails().into_iter().filter(|mail| !is_news(mail)).collect()
    }

    /// The token of the invitation in the newest mail to that address.
    pub(crate) fn link_to(&self, email: &str) -> String {
        self.mailed(TokenKind::Invitation, email)
    }

    /// The newest token of that kind in a mail to that address.
    #[track_caller]
    pub(crate) fn mailed(&self, kind: TokenKind, email: &str) -> String {
        self.find_mailed(kind, email).expect("such a token in a mail")
    }

    pub(crate) fn find_mailed(&self, kind: TokenKind, email: &str) -> Option<String> {
        let mut secrets = self.mails_to(email).into_iter().rev().flat_map(|mail| secrets(&mail));
        secrets.find(|secret| secret.kind() == kind).map(|secret| text(&secret))
    }

    /// The newest code in a mail to that address.
    pub(crate) fn code_to(&self, email: &str) -> String {
        let codes = self.mails_to(email).into_iter().rev().filter_map(|mail| match mail.content {
            EmailContent::Registration(RegistrationEmail::Activation { code, .. }) => {
                code.map(|(code, _)| code.expose().to_owned())
            }
            _ => None,
        });
        codes.into_iter().next().expect("a code in a mail")
    }

    /// The mails to that address, the oldest first.
    pub(crate) fn mails_to(&self, email: &str) -> Vec<Email> {
        self.mails().into_iter().filter(|mail| mail.to.as_str() == email).collect()
    }
}

pub(super) fn text(secret: &TokenSecret) -> String {
    secret.to_text().expose_secret().to_owned()
}

/// A secret that nothing stands behind.
pub(crate) fn stray(kind: TokenKind) -> String {
    text(&TokenSecret::from_entropy(kind, [9; 32].into()))
}

/// The kinds of links.
pub(crate) const LINKS: [TokenKind; 6] = [
    TokenKind::Invitation,
    TokenKind::Activation,
    TokenKind::Recovery,
    TokenKind::Report,
    TokenKind::EmailConfirmation,
    TokenKind::EmailUndo,
];

/// A link's secret, whatever its kind.
pub(super) fn link(token: &str) -> TokenSecret {
    LINKS.into_iter().find_map(|kind| TokenSecret::parse(kind, token)).expect("a link's token")
}

/// The name of a link in clean addresses.
pub(crate) fn link_id(token: &str) -> String {
    link(token).id().to_string()
}

/// The clean address of a link's page.
pub(crate) fn clean(token: &str) -> String {
    format!("/{}/{}", link(token).kind().page().unwrap(), link_id(token))
}

/// Every secret of a mail.
pub(crate) fn secrets(mail: &Email) -> Vec<TokenSecret> {
    match &mail.content {
        EmailContent::Invitation(InvitationEmail::Invited { secret, .. })
        | EmailContent::Invitation(InvitationEmail::AccessOffered { secret, .. }) => vec![secret.clone()],
        EmailContent::Registration(RegistrationEmail::Activation { link, .. }) => {
            link.iter().map(|(secret, _)| secret.clone()).collect()
        }
        EmailContent::Password(PasswordEmail::Reset { secret, report, .. }) => vec![secret.clone(), report.clone()],
        EmailContent::EmailChange(EmailChangeEmail::Confirmation { secret, .. }) => vec![secret.clone()],
        EmailContent::EmailChange(EmailChangeEmail::Announced { undo, .. }) => vec![undo.clone()],
        EmailContent::EmailChange(EmailChangeEmail::Changed { undo, .. }) => undo.iter().map(|(undo, _)| undo.clone()).collect(),
        EmailContent::Password(PasswordEmail::Temporary { report, .. })
        | EmailContent::Password(PasswordEmail::Changed { report, .. })
        | EmailContent::Account(AccountEmail::SecurityQuestionsChanged { report, .. })
        | EmailContent::Account(AccountEmail::SignedIn { report, .. }) => vec![report.clone()],
        _ => Vec::new(),
    }
}
