use async_trait::async_trait;

use crate::model::outbox::Email;

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// It may be taken later: no connection, a busy server, a full mailbox.
    #[error("the mail was not taken for now")]
    Temporary(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It will never be taken: no such address, refused content.
    #[error("the mail was refused for good")]
    Permanent(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Renders mails and hands them to a mail system.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one mail. Sending the same mail again is allowed and keeps its Message-ID.
    ///
    /// # Errors
    /// [`MailError`] says whether trying again makes sense.
    async fn send(&self, mail: &Email) -> Result<(), MailError>;
}
