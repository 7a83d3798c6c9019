//! The rows of the audit log.

use async_trait::async_trait;
use identity_core::{
    change::{AuditChange, Entity, Rejection, Unavailable},
    model::audit::{Actor, By, OwnEvent, PersonalKind},
    port::{AuditReads, Cursor, Page},
    value::{AccountId, EventId},
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_audit(&mut self, change: &AuditChange) -> Result<(), Rejection> {
        match change.clone() {
            AuditChange::Record(event) => insert(&mut self.events, event.id, event, Entity::Event),
        }
    }
}

#[async_trait]
impl<P: Persist> AuditReads for MemoryStore<P> {
    async fn events_of(
        &self,
        account: AccountId,
        after: Cursor<EventId>,
        limit: u16,
    ) -> Result<Page<OwnEvent, EventId>, Unavailable> {
        let state = self.read("events_of")?;
        let of_account = state.events.values().rev().filter(|event| event.security_of() == Some(account));
        let mut found = of_account.filter(|event| after.is_none_or(|after| event.id < after)).map(|event| {
            let by = By::of(event.actor, account);
            let network = event.personal.iter().find(|field| field.kind == PersonalKind::Network);
            let network = network.filter(|_| !matches!(event.actor, Actor::Account(id) if id != account));
            let network = network.and_then(|field| field.value.parse().ok());
            OwnEvent { id: event.id, at: event.at, action: event.action, by, network }
        });
        let items = found.by_ref().take(limit.into()).collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|event| event.id);
        Ok(Page { items, next })
    }
}
