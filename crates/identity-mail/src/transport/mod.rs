//! Where messages go.

mod mailbox;
mod smtp;

pub use mailbox::{Mailbox, MailboxError, SentMail, StoredMail};
pub use smtp::{SmtpMailer, SmtpSetupError};
