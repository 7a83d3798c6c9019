//! Saying the password again, before something sensitive.

use std::{ops::ControlFlow, sync::Arc};

use super::attempt;
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, Entity, Rejection, SessionChange},
    flow::{Fault, retry::retry_from},
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        password::Candidate,
        session::{Client, SignedIn},
    },
    port::{AccountWithPassword, IdSource, PasswordVerification, Ports},
    value::{TokenKind, TokenSecret},
};

/// Why nothing was proved.
#[derive(Debug, thiserror::Error)]
pub enum ReauthenticateError {
    /// The password is not right.
    #[error("the password is not right")]
    WrongPassword,
    /// The session or the account changed in the meantime.
    #[error("the account has just been changed: sign in again")]
    Conflict,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(ReauthenticateError);

/// Takes the password of the person who is signed in. The attempt is counted before it is verified.
pub struct Reauthenticate {
    ports: Ports,
    settings: Arc<Settings>,
}

impl Reauthenticate {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Proves the session under the secret that it has: a program goes on with its token.
    ///
    /// # Errors
    /// [`ReauthenticateError`]; the failure is recorded, and the session is as it was.
    pub async fn keep(&self, signed_in: &SignedIn, password: &Candidate, client: &Client) -> Result<(), ReauthenticateError> {
        self.run(signed_in, password, client, None).await
    }

    /// Proves the session and gives it another secret, which takes the place of the one that it had: a browser's.
    ///
    /// # Errors
    /// [`ReauthenticateError`]; the failure is recorded, and the session is as it was.
    pub async fn renew(
        &self,
        signed_in: &SignedIn,
        password: &Candidate,
        client: &Client,
    ) -> Result<TokenSecret, ReauthenticateError> {
        let secret = IdSource::new(self.ports.clock.now(), self.ports.entropy.as_ref()).secret(TokenKind::Session)?;
        self.run(signed_in, password, client, Some(&secret)).await?;
        Ok(secret)
    }

    async fn run(
        &self,
        signed_in: &SignedIn,
        password: &Candidate,
        client: &Client,
        next: Option<&TokenSecret>,
    ) -> Result<(), ReauthenticateError> {
        let now = self.ports.clock.now();
        let attempt = attempt::reserve_for_session(&self.ports, &self.settings, signed_in, now).await?;
        let id = signed_in.account.id;
        let owner = self.ports.store.credential(id).await?.ok_or(ReauthenticateError::Conflict)?;
        let verified = self.ports.hasher.verify(password, Some(&owner.password.hash)).await?;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let (attempt, ids, verified) = (&attempt, &ids, &verified);
        retry_from(owner, ReauthenticateError::Conflict, |owner| async move {
            let is_right = *verified != PasswordVerification::Differs && owner.password.is_valid(now) && owner.account.is_active();
            let event = ids.event()?;
            let action = if is_right { Action::Reauthenticated } else { Action::LoginFailed };
            let recorded =
                AuditEvent::new(&event, now, action, Actor::Account(id), Subject::Account(id)).from_client(&event, client);
            let mut changes = vec![Change::Audit(AuditChange::Record(recorded))];
            if is_right {
                let session = &signed_in.session;
                let to = next.map_or(session.digest, TokenSecret::digest);
                changes.push(Change::Session(SessionChange::ConfirmReauthentication {
                    id: session.id,
                    from: session.digest,
                    to,
                    at: now,
                }));
                changes.push(Change::Account(AccountChange::Require { id, version: owner.account.version }));
                changes.extend(attempt.succeeded(now));
            }
            match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
                Ok(()) if is_right => Ok(ControlFlow::Break(())),
                Ok(()) => Err(ReauthenticateError::WrongPassword),
                // What is there now decides, as long as it has the password that was verified.
                Err(CommitError::Rejected(Rejection::Changed(Entity::Account))) => {
                    let found = self.ports.store.credential(id).await?;
                    let is_same = |found: &AccountWithPassword| found.password.hash == owner.password.hash;
                    Ok(ControlFlow::Continue(found.filter(is_same).ok_or(ReauthenticateError::Conflict)?))
                }
                Err(CommitError::Rejected(_)) => Err(ReauthenticateError::Conflict),
                Err(CommitError::Unavailable(error)) => Err(error.into()),
            }
        })
        .await
    }
}
