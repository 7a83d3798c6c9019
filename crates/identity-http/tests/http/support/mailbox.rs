//! A development mailbox.

use super::INVITED;
use async_trait::async_trait;
use identity_http::DevelopmentMailbox;
use identity_http::DisplayedMail;
use identity_http::MailHead;
use std::io;

/// A development mailbox with one mail in it.
pub(super) struct OneMail;

pub(crate) const MAIL: &str = "mail-1";

pub(super) fn head() -> MailHead {
    MailHead {
        id: MAIL.to_owned(),
        subject: "<script>alert(1)</script> \" onload=\"x".to_owned(),
        to: INVITED.to_owned(),
        written_at: 1_767_603_600,
    }
}

#[async_trait]
impl DevelopmentMailbox for OneMail {
    async fn list(&self) -> io::Result<Vec<MailHead>> {
        Ok(vec![head()])
    }

    async fn read(&self, id: &str) -> io::Result<Option<DisplayedMail>> {
        let html = "<html><head></head><body><p>Hello</p></body></html>".to_owned();
        Ok((id == MAIL).then(|| DisplayedMail { head: head(), text: "<b>Hello</b>".to_owned(), html }))
    }
}
