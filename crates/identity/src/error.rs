use std::error::Error;

use identity_core::value::{EmailError, PublicUrlError};

/// What an adapter said.
type Source = Box<dyn Error + Send + Sync>;

/// Why identity did not start. [`line`](Self::line) says all of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address that people reach it at is none.
    #[error("{0} is no public address")]
    PublicUrl(String, #[source] PublicUrlError),
    /// The sender or the support is no address.
    #[error("{0} is no address for mail")]
    Address(String, #[source] EmailError),
    /// Nothing says where data is kept.
    #[error("say where data is kept: database(\"…\") or store(…)")]
    NoDatabase,
    /// Nothing says where mail goes.
    #[error("say where mail goes: dev_mailbox(\"…\"), smtp(…) or mailer(…)")]
    NoMail,
    /// Mail by SMTP needs a sender.
    #[error("say who sends mail: from(\"…\")")]
    NoSender,
    /// The database cannot be opened, brought up to date or closed.
    #[error("the database does not work")]
    Database(#[source] Source),
    /// The mailer or the mailbox cannot be opened.
    #[error("mail does not work")]
    Mail(#[source] Source),
    /// Passwords cannot be hashed as is said.
    #[error("passwords cannot be hashed")]
    Hashing(#[source] Source),
    /// Pictures cannot be worked on as is said.
    #[error("pictures cannot be worked on")]
    Pictures(#[source] Source),
    /// What every installation needs could not be written.
    #[error("the installation cannot be prepared")]
    Preparation(#[source] Source),
}

impl StartError {
    /// The error and its causes on one line, each said once.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = String::new();
        let mut next = Some(self as &dyn Error);
        while let Some(error) = next {
            let text = error.to_string().replace('\n', " ");
            if line.is_empty() {
                line = text;
            } else if !line.contains(&text) {
                line = format!("{line}: {text}");
            }
            next = error.source();
        }
        line
    }
}

/// Says which part an adapter's error concerns.
pub(crate) fn of<E: Into<Source>>(part: fn(Source) -> StartError) -> impl FnOnce(E) -> StartError {
    move |error| part(error.into())
}
