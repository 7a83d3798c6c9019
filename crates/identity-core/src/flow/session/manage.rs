//! One's own sessions: looking at them, and ending them.

use std::sync::Arc;

use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, Entity, Rejection, SessionChange, Unavailable},
    flow::{Fault, retry::retry},
    model::{
        Settings,
        audit::{Action, Actor, AuditEvent, Subject},
        session::{Client, CurrentUser, Session},
    },
    port::{IdSource, Ports},
    value::{SessionId, Timestamp},
};

/// Why no session was ended.
#[derive(Debug, thiserror::Error)]
pub enum ManageSessionsError {
    /// The password has to be said again before.
    #[error("say your password again first")]
    NotProved,
    /// There is no such session of this account.
    #[error("there is no such session")]
    NotFound,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(ManageSessionsError);

/// Lists and ends the sessions of the person who is signed in. Ending another one asks for the password of a moment ago: the person who
/// finds an open session does not get to shut its owner out.
pub struct ManageSessions {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ManageSessions {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// The live sessions, the one that asks first, then the last used first.
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn list(&self, user: &CurrentUser) -> Result<Vec<Session>, Unavailable> {
        let now = self.ports.clock.now();
        let mut sessions = self.ports.store.sessions_of(user.account.id, now).await?;
        sessions.retain(|session| session.is_live(now) && session.epoch == user.account.session_epoch);
        sessions.sort_by_key(|session| (session.id != user.session.id, std::cmp::Reverse((session.used_at, session.id))));
        Ok(sessions)
    }

    /// Ends one. One's own needs no password.
    ///
    /// # Errors
    /// [`ManageSessionsError`]; nothing was changed.
    pub async fn end(&self, user: &CurrentUser, id: SessionId, client: &Client) -> Result<(), ManageSessionsError> {
        let now = self.ports.clock.now();
        if id != user.session.id {
            self.require_proof(user, now)?;
            let sessions = self.ports.store.sessions_of(user.account.id, now).await?;
            if !sessions.iter().any(|session| session.id == id) {
                return Err(ManageSessionsError::NotFound);
            }
        }
        let ended = (vec![Change::Session(SessionChange::End(id))], Action::SessionEnded, Subject::Session(id));
        if self.commit(user, ended, client, now).await? { Ok(()) } else { Err(ManageSessionsError::NotFound) }
    }

    /// Ends all but the one that asks.
    ///
    /// # Errors
    /// [`ManageSessionsError`]; nothing was changed.
    pub async fn end_others(&self, user: &CurrentUser, client: &Client) -> Result<(), ManageSessionsError> {
        let now = self.ports.clock.now();
        self.require_proof(user, now)?;
        let id = user.account.id;
        let lost = Unavailable::new("sessions", Rejection::Changed(Entity::Account)).into();
        retry(lost, || async {
            let Some(account) = self.ports.store.account(id).await? else { return Ok(Some(())) };
            let next = account.with_sessions_ended();
            let changes = vec![
                Change::Session(SessionChange::EndOthers { account: id, keep: user.session.id, epoch: next.session_epoch }),
                Change::Account(AccountChange::Revise { account: next, by: None }),
            ];
            Ok(self.commit(user, (changes, Action::SessionsEnded, Subject::Account(id)), client, now).await?.then_some(()))
        })
        .await
    }

    fn require_proof(&self, user: &CurrentUser, now: Timestamp) -> Result<(), ManageSessionsError> {
        let is_proved = user.session.is_proved(&self.settings.session_limits, now);
        if is_proved { Ok(()) } else { Err(ManageSessionsError::NotProved) }
    }

    /// Commits; `false` where there is nothing to end any more, or the account changed.
    async fn commit(
        &self,
        user: &CurrentUser,
        (mut changes, action, subject): (Vec<Change>, Action, Subject),
        client: &Client,
        now: Timestamp,
    ) -> Result<bool, ManageSessionsError> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, action, Actor::Account(user.account.id), subject).from_client(&event, client);
        changes.push(Change::Audit(AuditChange::Record(recorded)));
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(true),
            Err(CommitError::Rejected(_)) => Ok(false),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}
