//! The development mailbox, as the pages show it.

use std::io;

use async_trait::async_trait;
use identity_http::{DevelopmentMailbox, DisplayedMail, MailHead};
use identity_mail::{Mailbox, SentMail};

pub(crate) struct Shown(pub(crate) Mailbox);

fn head(mail: SentMail) -> MailHead {
    MailHead { id: mail.id, subject: mail.subject, to: mail.to, written_at: mail.written_at }
}

#[async_trait]
impl DevelopmentMailbox for Shown {
    async fn list(&self) -> io::Result<Vec<MailHead>> {
        Ok(self.0.list().await?.into_iter().map(head).collect())
    }

    async fn read(&self, id: &str) -> io::Result<Option<DisplayedMail>> {
        let found = self.0.read(id).await?;
        Ok(found.map(|mail| DisplayedMail { head: head(mail.head), text: mail.text, html: mail.html }))
    }
}
