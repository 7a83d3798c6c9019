use async_trait::async_trait;
use identity_core::{
    change::Unavailable,
    model::{
        audit::{Actor, By, OwnEvent, PersonalKind},
        email_change::{EmailChange, EmailChangeState},
    },
    port::{Cursor, EmailChangeReads, EventReads, Page},
    value::{AccountId, EmailChangeId, EventId, Timestamp},
};

use super::MemoryStore;

#[async_trait]
impl EmailChangeReads for MemoryStore {
    async fn email_change(&self, id: EmailChangeId) -> Result<Option<EmailChange>, Unavailable> {
        Ok(self.call("email_change")?.email_changes.get(&id).cloned())
    }

    async fn pending_email_change(&self, account: AccountId) -> Result<Option<EmailChange>, Unavailable> {
        let is_it = |change: &&EmailChange| change.account == account && change.state == EmailChangeState::Pending;
        Ok(self.call("pending_email_change")?.email_changes.values().find(is_it).cloned())
    }

    async fn address_undo_until(
        &self,
        canonical: &str,
        but: Option<AccountId>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Unavailable> {
        let state = self.call("address_undo_until")?;
        let others = state.email_changes.values().filter(|change| Some(change.account) != but);
        Ok(others.filter(|change| change.can_give_back(canonical, now)).map(|change| change.undo_until).max())
    }
}

#[async_trait]
impl EventReads for MemoryStore {
    async fn events_of(
        &self,
        account: AccountId,
        after: Cursor<EventId>,
        limit: u16,
    ) -> Result<Page<OwnEvent, EventId>, Unavailable> {
        let state = self.call("events_of")?;
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
