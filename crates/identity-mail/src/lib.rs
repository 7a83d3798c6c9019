//! Renders letters in the reader's language (text and HTML), and hands them to a mail system.

mod config;
mod disposable;
mod message;
mod render;
mod text;
mod transport;

pub use config::{MailConfigError, MailSettings, SmtpSecurity, SmtpSettings};
pub use disposable::ListedDomains;
pub use message::ComposeError;
pub use render::{Rendered, Renderer};
pub use transport::{Mailbox, MailboxError, SentMail, SmtpMailer, SmtpSetupError, StoredMail};
