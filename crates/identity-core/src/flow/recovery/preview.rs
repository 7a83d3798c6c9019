//! Looking at what a link to a new password opens.

use std::sync::Arc;

use super::{demand::asked_of, link};
use crate::{
    flow::{Fault, password::words_of},
    model::{Settings, password::ContextWords, question::AskedQuestion},
    port::Ports,
    value::{AccountId, EmailAddress, Language, Timestamp, TokenSecret},
};

/// What a link to a new password opens.
#[derive(Clone, Debug)]
pub struct RecoveryPreview {
    /// The account.
    pub account: AccountId,
    /// The account's address.
    pub email: EmailAddress,
    /// The account's language.
    pub language: Language,
    /// Until when the link works.
    pub expires_at: Timestamp,
    /// The words that the password must not be made of.
    pub words: ContextWords,
    /// The security question that has to be answered as well, in the account's language.
    pub question: Option<AskedQuestion>,
}

/// Why there is nothing to see.
#[derive(Debug, thiserror::Error)]
pub enum PreviewRecoveryError {
    /// The link is unknown, expired or used, or a later act ended it: a stranger is not told which.
    #[error("this link does not work any more")]
    DeadLink,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(PreviewRecoveryError);

/// Shows what a link to a new password opens, without a trace.
pub struct PreviewRecovery {
    ports: Ports,
    settings: Arc<Settings>,
}

impl PreviewRecovery {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Looks.
    ///
    /// # Errors
    /// [`PreviewRecoveryError`]
    pub async fn run(&self, secret: &TokenSecret) -> Result<RecoveryPreview, PreviewRecoveryError> {
        let now = self.ports.clock.now();
        let resolved = link::load(&self.ports, secret).await?.filter(|resolved| resolved.is_valid(now));
        let resolved = resolved.ok_or(PreviewRecoveryError::DeadLink)?;
        let account = &resolved.owner.account;
        Ok(RecoveryPreview {
            account: account.id,
            email: account.email.clone(),
            language: account.language.clone(),
            expires_at: resolved.token.expires_at,
            words: words_of(&self.ports, &self.settings, account).await?,
            question: asked_of(&self.ports, &self.settings, account, &account.language).await?.map(|(question, _)| question),
        })
    }
}
