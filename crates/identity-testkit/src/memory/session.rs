//! The rows of sessions.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, Rejection, SessionChange, Unavailable},
    model::session::{Session, SignedIn},
    port::SessionReads,
    value::{AccountId, SessionId, Timestamp, TokenDigest},
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_session(&mut self, change: &SessionChange) -> Result<(), Rejection> {
        match change.clone() {
            SessionChange::Start(session) => self.start_session(session),
            SessionChange::Touch { id, at } => {
                self.sessions.get_mut(&id).ok_or(Rejection::Changed(Entity::Session))?.used_at = at;
                Ok(())
            }
            SessionChange::End(id) => self.sessions.remove(&id).map(|_| ()).ok_or(Rejection::Changed(Entity::Session)),
            SessionChange::EndAll(account) => {
                self.sessions.retain(|_, session| session.account != account);
                Ok(())
            }
            SessionChange::EndOthers { account, keep, epoch } => {
                self.sessions.retain(|id, session| session.account != account || *id == keep);
                if let Some(kept) = self.sessions.get_mut(&keep).filter(|kept| kept.account == account) {
                    kept.epoch = epoch;
                }
                Ok(())
            }
            SessionChange::ConfirmReauthentication { id, from, to, at } => {
                let stored = self.sessions.get_mut(&id).filter(|stored| stored.digest == from);
                let stored = stored.ok_or(Rejection::Changed(Entity::Session))?;
                (stored.digest, stored.proved_at) = (to, at);
                Ok(())
            }
        }
    }

    fn start_session(&mut self, session: Session) -> Result<(), Rejection> {
        if self.sessions.values().any(|other| other.digest == session.digest) {
            return Err(Rejection::Exists(Entity::Session));
        }
        if !self.accounts.contains_key(&session.account) {
            return Err(Rejection::Orphaned(Entity::Session));
        }
        insert(&mut self.sessions, session.id, session, Entity::Session)
    }
}

#[async_trait]
impl<P: Persist> SessionReads for MemoryStore<P> {
    async fn session_by_digest(&self, digest: &TokenDigest) -> Result<Option<SignedIn>, Unavailable> {
        let state = self.read("session_by_digest")?;
        let session = state.sessions.values().find(|session| session.digest == *digest);
        Ok(session.and_then(|session| {
            let (account, _) = state.accounts.get(&session.account)?;
            Some(SignedIn { session: session.clone(), account: account.clone() })
        }))
    }

    async fn sessions_of(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>, Unavailable> {
        let state = self.read("sessions_of")?;
        let last_first = state.sessions.values().rev().filter(|session| session.account == account && now < session.expires_at);
        Ok(last_first.take(200).cloned().collect())
    }
    async fn session(&self, id: SessionId) -> Result<Option<Session>, Unavailable> {
        Ok(self.read("session")?.sessions.get(&id).cloned())
    }
}
