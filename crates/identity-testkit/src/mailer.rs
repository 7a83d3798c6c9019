//! A mailer that keeps what it was given.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use identity_core::{
    model::{
        outbox::{AccountEmail, Email, EmailContent, InvitationEmail, PasswordEmail, RegistrationEmail},
        registration::Code,
    },
    port::{MailError, Mailer},
    value::TokenSecret,
};

use crate::Faults;

/// Keeps every mail.
#[derive(Clone, Debug, Default)]
pub struct RecordingMailer {
    mails: Arc<Mutex<Vec<Email>>>,
    faults: Faults,
}

impl RecordingMailer {
    /// Fails when `faults` says so.
    #[must_use]
    pub fn with_faults(faults: Faults) -> Self {
        Self { mails: Arc::default(), faults }
    }

    /// The mails so far.
    #[must_use]
    pub fn mails(&self) -> Vec<Email> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The secret of the main link in the last mail that has one.
    #[must_use]
    pub fn last_secret(&self) -> Option<TokenSecret> {
        self.mails().into_iter().rev().find_map(|mail| match mail.content {
            EmailContent::Invitation(InvitationEmail::Invited { secret, .. })
            | EmailContent::Invitation(InvitationEmail::AccessOffered { secret, .. })
            | EmailContent::Password(PasswordEmail::Reset { secret, .. }) => Some(secret),
            EmailContent::Registration(RegistrationEmail::Activation { link, .. }) => link.map(|(secret, _)| secret),
            _ => None,
        })
    }

    /// The secret of "this wasn't me" in the last mail that has one.
    #[must_use]
    pub fn last_report(&self) -> Option<TokenSecret> {
        self.mails().into_iter().rev().find_map(|mail| match mail.content {
            EmailContent::Password(PasswordEmail::Reset { report, .. })
            | EmailContent::Password(PasswordEmail::Temporary { report, .. })
            | EmailContent::Password(PasswordEmail::Changed { report, .. })
            | EmailContent::Account(AccountEmail::SecurityQuestionsChanged { report, .. }) => Some(report),
            _ => None,
        })
    }

    /// The code in the last mail that has one.
    #[must_use]
    pub fn last_code(&self) -> Option<Code> {
        self.mails().into_iter().rev().find_map(|mail| match mail.content {
            EmailContent::Registration(RegistrationEmail::Activation { code, .. }) => code.map(|(code, _)| code),
            _ => None,
        })
    }
}

#[async_trait]
impl Mailer for RecordingMailer {
    async fn send(&self, mail: &Email) -> Result<(), MailError> {
        self.faults.call("mail").map_err(|error| MailError::Temporary(Box::new(error)))?;
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
        Ok(())
    }
}
