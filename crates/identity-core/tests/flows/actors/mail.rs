//! Mails that were sent.

use identity_core::{
    change::Unavailable,
    flow::outbox::Delivered,
    model::outbox::{AccountEmail, Email, EmailContent, InvitationEmail},
    value::TokenSecret,
};

use super::World;

const fn is_news(mail: &Email) -> bool {
    matches!(
        mail.content,
        EmailContent::Account(AccountEmail::SignedIn { .. }) | EmailContent::Invitation(InvitationEmail::Accepted { .. })
    )
}

impl World {
    /// One round of the outbox, which must not fail; the mails that it sent.
    pub(crate) async fn delivers(&self) -> Vec<Email> {
        let before = self.mails().len();
        self.works_the_outbox_off().await.unwrap();
        self.mails().split_off(before)
    }

    pub(crate) async fn works_the_outbox_off(&self) -> Result<Delivered, Unavailable> {
        self.flows().deliver.run(|| false).await
    }

    /// Every mail but the [`news`](Self::news).
    pub(crate) fn mails(&self) -> Vec<Email> {
        self.kit().mailer.mails().into_iter().filter(|mail| !is_news(mail)).collect()
    }

    /// What follows from every login in a new browser and from every accepted invitation; tests of other things look past it.
    pub(crate) fn news(&self) -> Vec<Email> {
        self.kit().mailer.mails().into_iter().filter(is_news).collect()
    }

    /// The links that were mailed to an address, the newest last.
    pub(crate) fn links_to(&self, email: &str) -> Vec<TokenSecret> {
        self.mails().iter().filter(|mail| mail.to.as_str() == email).filter_map(link_in).collect()
    }

    pub(crate) fn link_to(&self, email: &str) -> TokenSecret {
        self.links_to(email).pop().expect("a link in a mail")
    }

    /// A worker sends one mail and dies before it can say so.
    pub(crate) async fn sends_but_does_not_settle(&self) {
        let world = self.clone();
        // The first commit mints the link, the second would settle.
        self.stage().just_before("commit", async move {
            let faults = world.kit().faults.clone();
            world.stage().just_before("commit", async move { faults.fail_at(0) });
        });
        let died = self.works_the_outbox_off().await;
        assert!(died.is_err(), "{died:?}");
        self.kit().faults.none();
    }
}

pub(crate) fn link_in(mail: &Email) -> Option<TokenSecret> {
    match &mail.content {
        EmailContent::Invitation(InvitationEmail::Invited { secret, .. })
        | EmailContent::Invitation(InvitationEmail::AccessOffered { secret, .. }) => Some(secret.clone()),
        _ => None,
    }
}
