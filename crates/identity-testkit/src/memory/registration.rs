//! The rows of registrations.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, RegistrationChange, Rejection, Unavailable},
    model::registration::{Registration, RegistrationState},
    port::{Page, RegistrationQuery, RegistrationReads},
    value::{RegistrationId, Timestamp, TokenDigest},
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_registration(&mut self, change: &RegistrationChange) -> Result<(), Rejection> {
        match change.clone() {
            RegistrationChange::Open(registration) => self.open_registration(registration),
            RegistrationChange::Advance(next) => {
                let before = next.version.saturating_sub(1);
                let stored = self.registrations.get_mut(&next.id).filter(|stored| stored.version == before);
                let stored = stored.ok_or(Rejection::Changed(Entity::Registration))?;
                *stored = Registration { code: stored.code.clone(), code_tries: stored.code_tries, ..next };
                Ok(())
            }
            RegistrationChange::ReplaceCode { id, from, to } => {
                let stored = self.registrations.get_mut(&id);
                let stored = stored.filter(|stored| stored.code.as_ref().map(|code| &code.hash) == from.as_ref());
                let stored = stored.ok_or(Rejection::Changed(Entity::Registration))?;
                (stored.code, stored.code_tries) = (to, 0);
                Ok(())
            }
            RegistrationChange::TryCode { id, limit } => {
                let stored = self.registrations.get_mut(&id).filter(|stored| stored.code_tries < limit);
                stored.ok_or(Rejection::CodeSpent)?.code_tries += 1;
                Ok(())
            }
        }
    }

    fn open_registration(&mut self, registration: Registration) -> Result<(), Rejection> {
        if self.registrations.values().any(|other| other.flow == registration.flow) {
            return Err(Rejection::Exists(Entity::Registration));
        }
        insert(&mut self.registrations, registration.id, registration, Entity::Registration)
    }
}

#[async_trait]
impl<P: Persist> RegistrationReads for MemoryStore<P> {
    async fn registration(&self, id: RegistrationId) -> Result<Option<Registration>, Unavailable> {
        Ok(self.read("registration")?.registrations.get(&id).cloned())
    }

    async fn registration_by_flow(&self, flow: &TokenDigest) -> Result<Option<Registration>, Unavailable> {
        Ok(self.read("registration_by_flow")?.registrations.values().find(|registration| registration.flow == *flow).cloned())
    }

    async fn newest_registration(
        &self,
        canonical: &str,
        state: RegistrationState,
        now: Timestamp,
    ) -> Result<Option<Registration>, Unavailable> {
        let is_it = |registration: &&Registration| {
            registration.state == state && now < registration.expires_at && registration.email.canonical() == canonical
        };
        Ok(self.read("newest_registration")?.registrations.values().rev().find(is_it).cloned())
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration, RegistrationId>, Unavailable> {
        let state = self.read("registrations")?;
        let in_state = state.registrations.values().filter(|registration| registration.state == query.state);
        let mut found = in_state.filter(|registration| query.after.is_none_or(|after| registration.id > after));
        let items = found.by_ref().take(query.limit.into()).cloned().collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|registration| registration.id);
        Ok(Page { items, next })
    }
}
