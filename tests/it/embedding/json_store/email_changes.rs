//! Changes of addresses, and events as their account's person is shown them.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, Rejection, Unavailable},
    model::{
        account::Account,
        audit::{Actor, By, OwnEvent, PersonalKind},
        email_change::{EmailChange, EmailChangeState},
    },
    port::{Cursor, EmailChangeReads, EventReads, Page},
    value::{AccountId, EmailAddress, EmailChangeId, EventId, Timestamp},
};

use super::{
    JsonStore,
    lists::page,
    rows::Event,
    state::{State, is_next},
};

impl State {
    /// Whether an account may move to an address: no other has it, nor can have it back by an undo.
    fn needs_free_address(&self, canonical: &str, id: AccountId, at: Timestamp) -> Result<(), Rejection> {
        let is_taken = self.has_another(canonical, id) || self.address_undo_until(canonical, Some(id), at).is_some();
        if is_taken { Err(Rejection::AddressTaken) } else { Ok(()) }
    }

    /// Whether another account has an address.
    pub(super) fn has_another(&self, canonical: &str, id: AccountId) -> bool {
        self.accounts.rows().any(|other| other.id != id && other.email.canonical() == canonical)
    }

    fn address_undo_until(&self, canonical: &str, but: Option<AccountId>, at: Timestamp) -> Option<Timestamp> {
        let others = self.email_changes.rows().filter(|change| Some(change.account) != but);
        others.filter(|change| change.can_give_back(canonical, at)).map(|change| change.undo_until).max()
    }

    pub(super) fn change_email(
        &mut self,
        id: AccountId,
        from: &EmailAddress,
        to: &EmailAddress,
        at: Timestamp,
    ) -> Result<(), Rejection> {
        let guard = |stored: &Account| stored.email.canonical() == from.canonical();
        self.accounts.change(&id, guard, |stored| stored.email = to.clone())?;
        self.needs_free_address(to.canonical(), id, at)
    }

    pub(super) fn open_email_change(&mut self, change: &EmailChange) -> Result<(), Rejection> {
        if self.pending_email_change(change.account).is_some() {
            return Err(Rejection::Exists(Entity::EmailChange));
        }
        self.email_changes.insert(change.clone())?;
        self.accounts.get(&change.account).map(drop).ok_or(Rejection::Orphaned(Entity::EmailChange))
    }

    fn pending_email_change(&self, account: AccountId) -> Option<&EmailChange> {
        let is_it = |change: &&EmailChange| change.account == account && change.state == EmailChangeState::Pending;
        self.email_changes.rows().find(is_it)
    }

    pub(super) fn advance_email_change(&mut self, next: &EmailChange) -> Result<(), Rejection> {
        let write = |stored: &mut EmailChange| {
            (stored.state, stored.undo_until, stored.version) = (next.state, next.undo_until, next.version);
        };
        self.email_changes.change(&next.id, |stored| is_next(stored.version, next.version), write)
    }

    pub(super) fn undo_email_changes(&mut self, account: AccountId, since: EmailChangeId) {
        let concerns =
            |change: &&mut EmailChange| change.account == account && change.id >= since && change.state != EmailChangeState::Undone;
        for change in self.email_changes.rows_mut().filter(concerns) {
            (change.state, change.version) = (EmailChangeState::Undone, change.version.saturating_add(1));
        }
    }

    fn as_shown(&self, event: &Event, reader: AccountId) -> Option<OwnEvent> {
        let actor = event.actor;
        let is_another = matches!(actor, Actor::Account(id) if id != reader);
        let network = self.personal.get(&(event.id, PersonalKind::Network.as_str().to_owned())).filter(|_| !is_another);
        Some(OwnEvent {
            id: event.id,
            at: event.at,
            action: identity_core::model::audit::Action::parse(&event.action)?,
            by: By::of(actor, reader),
            network: network.and_then(|field| field.value.parse().ok()),
        })
    }
}

#[async_trait]
impl EmailChangeReads for JsonStore {
    async fn email_change(&self, id: EmailChangeId) -> Result<Option<EmailChange>, Unavailable> {
        Ok(self.committed().email_changes.get(&id).cloned())
    }

    async fn pending_email_change(&self, account: AccountId) -> Result<Option<EmailChange>, Unavailable> {
        Ok(self.committed().pending_email_change(account).cloned())
    }

    async fn address_undo_until(
        &self,
        canonical: &str,
        but: Option<AccountId>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Unavailable> {
        Ok(self.committed().address_undo_until(canonical, but, now))
    }
}

#[async_trait]
impl EventReads for JsonStore {
    async fn events_of(
        &self,
        account: AccountId,
        after: Cursor<EventId>,
        limit: u16,
    ) -> Result<Page<OwnEvent, EventId>, Unavailable> {
        let state = self.committed();
        let of_account = state.events.rows().rev().filter(|event| event.account == Some(account));
        let found = of_account.filter(|event| after.is_none_or(|after| event.id < after));
        Ok(page(found.filter_map(|event| state.as_shown(event, account)), limit, |event| event.id))
    }
}
