//! The rows of changes of addresses.

use async_trait::async_trait;
use identity_core::{
    change::{EmailChangeChange, Entity, Rejection, Unavailable},
    model::email_change::{EmailChange, EmailChangeState},
    port::EmailChangeReads,
    value::{AccountId, EmailChangeId, Timestamp},
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_email_change(&mut self, change: &EmailChangeChange) -> Result<(), Rejection> {
        match change.clone() {
            EmailChangeChange::Open(change) => self.open_email_change(change),
            EmailChangeChange::Advance(next) => {
                let before = next.version.saturating_sub(1);
                let stored = self.email_changes.get_mut(&next.id).filter(|stored| stored.version == before);
                let stored = stored.ok_or(Rejection::Changed(Entity::EmailChange))?;
                (stored.state, stored.undo_until, stored.version) = (next.state, next.undo_until, next.version);
                Ok(())
            }
            EmailChangeChange::Undo { account, since } => {
                for change in self.email_changes.range_mut(since..).map(|(_, change)| change) {
                    if change.account == account && change.state != EmailChangeState::Undone {
                        (change.state, change.version) = (EmailChangeState::Undone, change.version.saturating_add(1));
                    }
                }
                Ok(())
            }
        }
    }

    /// Whether no other account has an address, nor can have it back by an undo.
    pub(super) fn address_is_free(&self, canonical: &str, id: AccountId, at: Timestamp) -> Result<(), Rejection> {
        let is_had = self.accounts.values().any(|(other, _)| other.id != id && other.email.canonical() == canonical);
        let is_kept = self.email_changes.values().any(|change| change.account != id && change.can_give_back(canonical, at));
        if is_had || is_kept { Err(Rejection::AddressTaken) } else { Ok(()) }
    }

    fn open_email_change(&mut self, change: EmailChange) -> Result<(), Rejection> {
        let is_pending = |other: &EmailChange| other.account == change.account && other.state == EmailChangeState::Pending;
        if change.state == EmailChangeState::Pending && self.email_changes.values().any(is_pending) {
            return Err(Rejection::Exists(Entity::EmailChange));
        }
        if !self.accounts.contains_key(&change.account) {
            return Err(Rejection::Orphaned(Entity::EmailChange));
        }
        insert(&mut self.email_changes, change.id, change, Entity::EmailChange)
    }
}

#[async_trait]
impl<P: Persist> EmailChangeReads for MemoryStore<P> {
    async fn email_change(&self, id: EmailChangeId) -> Result<Option<EmailChange>, Unavailable> {
        Ok(self.read("email_change")?.email_changes.get(&id).cloned())
    }

    async fn pending_email_change(&self, account: AccountId) -> Result<Option<EmailChange>, Unavailable> {
        let is_it = |change: &&EmailChange| change.account == account && change.state == EmailChangeState::Pending;
        Ok(self.read("pending_email_change")?.email_changes.values().find(is_it).cloned())
    }

    async fn address_undo_until(
        &self,
        canonical: &str,
        but: Option<AccountId>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Unavailable> {
        let state = self.read("address_undo_until")?;
        let others = state.email_changes.values().filter(|change| Some(change.account) != but);
        Ok(others.filter(|change| change.can_give_back(canonical, now)).map(|change| change.undo_until).max())
    }
}
