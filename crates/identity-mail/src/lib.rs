#![doc = include_str!("../README.md")]

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
