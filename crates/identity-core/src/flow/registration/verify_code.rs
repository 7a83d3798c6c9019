//! Exchanging a code for what a mailed link carries.

use std::sync::Arc;

use crate::{
    change::{AuditChange, Change, ChangeSet, CommitError, LinkChange, RegistrationChange},
    flow::{
        Fault,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        link::{LinkPurpose, Token},
        registration::{Code, IssuedCode, Registration, RegistrationSettings},
        session::Client,
    },
    port::{IdSource, Ports},
    value::{Timestamp, TokenKind, TokenSecret},
};

/// Why a code let nobody on.
#[derive(Debug, thiserror::Error)]
pub enum VerifyCodeError {
    /// The code is not the one that was mailed last, or is over, or was tried too often: nobody is told which.
    #[error("this code does not work: look for the newest mail, or ask for another one")]
    Wrong,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(VerifyCodeError);

/// Exchanges a code for what a mailed link carries. Every path counts the try, and verifies once.
pub struct VerifyCode {
    ports: Ports,
    settings: Arc<Settings>,
}

impl VerifyCode {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Verifies; answers the secret of an activation link.
    ///
    /// # Errors
    /// [`VerifyCodeError`]; the try is counted, and nothing else was changed.
    pub async fn run(&self, flow: &TokenSecret, typed: &str, client: &Client) -> Result<TokenSecret, VerifyCodeError> {
        let now = self.ports.clock.now();
        RateLimits::of(RateLimitedAction::Link, client, &self.settings.throttle).consume(&self.ports, now).await?;
        let found = self.ports.store.registration_by_flow(&flow.digest()).await?;
        let may_try = self.count(found.as_ref(), now).await?;
        let code = Code::parse(typed);
        let issued = found.as_ref().and_then(|found| found.code.as_ref());
        let live = issued.filter(|issued| may_try && code.is_some() && now < issued.expires_at);
        // What is no code is verified all the same, against nothing.
        let candidate = code.unwrap_or_else(|| Code::from_entropy([0; 8])).into_candidate();
        let verified = self.ports.hasher.verify(&candidate, live.map(|live| &live.hash)).await?;
        let (Some(registration), Some(live), crate::port::PasswordVerification::Matches { .. }) = (&found, live, verified) else {
            return Err(VerifyCodeError::Wrong);
        };
        if !registration.is_open(now) {
            return Err(VerifyCodeError::Wrong);
        }
        self.exchange(registration, live, client, now).await
    }

    /// Counts the try, in a commit of the same form whether there is a registration or a code or not.
    async fn count(&self, found: Option<&Registration>, now: Timestamp) -> Result<bool, VerifyCodeError> {
        let limit = self.settings.throttle.code_tries;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let tried = found.map(|found| Change::Registration(RegistrationChange::TryCode { id: found.id, limit }));
        let set = ChangeSet::new(ids.id()?, now, tried.into_iter().collect())?;
        match self.ports.store.commit(&set).await {
            Ok(()) => Ok(found.is_some()),
            Err(CommitError::Rejected(_)) => Ok(false),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }

    async fn exchange(
        &self,
        registration: &Registration,
        used: &IssuedCode,
        client: &Client,
        now: Timestamp,
    ) -> Result<TokenSecret, VerifyCodeError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let secret = ids.secret(TokenKind::Activation)?;
        let event = ids.event()?;
        let recorded =
            AuditEvent::new(&event, now, Action::RegistrationVerified, Actor::Anonymous, Subject::Registration(registration.id))
                .from_client(&event, client);
        let changes = vec![
            Change::Registration(RegistrationChange::ReplaceCode { id: registration.id, from: Some(used.hash.clone()), to: None }),
            Change::Link(LinkChange::Issue(activation(registration, &secret, &self.settings.registration, now))),
            Change::Audit(AuditChange::Record(recorded)),
        ];
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(secret),
            // Used by another request of this moment.
            Err(CommitError::Rejected(_)) => Err(VerifyCodeError::Wrong),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}

/// The entry of a link that activates a registration.
pub(crate) fn activation(
    registration: &Registration,
    secret: &TokenSecret,
    settings: &RegistrationSettings,
    now: Timestamp,
) -> Token {
    Token {
        id: secret.id(),
        digest: secret.digest(),
        subject: LinkPurpose::Registration(registration.id),
        generation: registration.generation,
        sent_to: Some(registration.email.clone()),
        issued_at: now,
        expires_at: settings.lifetime.from(now),
        spent_at: None,
    }
}
