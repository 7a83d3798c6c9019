//! Erasure: everything that is personal about one account, in one place.

use std::collections::BTreeSet;

use identity_core::{
    change::{Entity, Rejection},
    model::{
        account::Account,
        audit::{Action, Actor, PersonalKind, Subject},
        invitation::{Invitation, InvitationState},
        link::LinkPurpose,
        outbox::MailSubject,
        privacy::Tombstone,
    },
    value::{AccountId, EmailAddress, EventId, InvitationId, RegistrationId, Timestamp},
};

use super::{rows::Event, state::State};

/// What an account is known by in rows that do not belong to it.
struct Whole {
    id: AccountId,
    addresses: BTreeSet<String>,
    /// Addresses that it asked for, had or not.
    wanted: BTreeSet<String>,
    invitations: BTreeSet<InvitationId>,
    registrations: BTreeSet<RegistrationId>,
}

impl State {
    /// Guard: the account is there in this version, and its deletion is due.
    pub(super) fn erase(&mut self, id: AccountId, version: u32, at: Timestamp) -> Result<(), Rejection> {
        let is_due =
            |account: &&Account| account.version == version && account.deletion.is_some_and(|deletion| deletion.is_due(at));
        let account = self.accounts.get(&id).filter(is_due).cloned().ok_or(Rejection::Changed(Entity::Account))?;
        let whole = self.whole_of(&account);
        self.erase_links_and_notices(&whole);
        self.erase_from_log(&whole);
        self.erase_from_invitations(&whole);
        self.registrations.retain(|row| !whole.registrations.contains(&row.id));
        self.accounts.remove(&id)?;
        self.passwords.retain(|row| row.account != id);
        self.retired_passwords.retain(|row| row.account != id);
        self.grants.retain(|row| row.account != id);
        self.acceptances.retain(|row| row.account != id);
        self.sessions.retain(|row| row.account != id);
        self.email_changes.retain(|row| row.account != id);
        self.pictures.retain(|row| row.account != id);
        self.setups.retain(|row| row.account != id);
        self.security_answers.retain(|row| row.account != id);
        let Account { company, created_at, .. } = account;
        self.tombstones.insert(Tombstone { id, company, created_at, erased_at: at })
    }

    fn whole_of(&self, account: &Account) -> Whole {
        let id = account.id;
        let moved_from = self.email_changes.rows().filter(|row| row.account == id).map(|row| row.from.canonical().to_owned());
        let is_anothers =
            |address: &String| self.accounts.rows().any(|other| other.id != id && other.email.canonical() == *address);
        let told = self.addresses_in_log(id, &Action::OF_ADDRESSES_HAD);
        let addresses = moved_from.chain(told).chain([account.email.canonical().to_owned()]);
        let addresses = addresses.filter(|address| !is_anothers(address)).collect::<BTreeSet<_>>();
        let wanted = self.addresses_in_log(id, &[Action::EmailChangeRequested]);
        let wanted = wanted.into_iter().filter(|address| !is_anothers(address)).collect();
        let is_theirs = |address: &EmailAddress| addresses.contains(address.canonical());
        let received = self.invitations.rows().filter(|row| row.account == Some(id) || row.email.as_ref().is_some_and(is_theirs));
        let invitations = received.map(|row| row.id).collect();
        let registrations = self.registrations.rows().filter(|row| is_theirs(&row.email)).map(|row| row.id).collect();
        Whole { id, addresses, wanted, invitations, registrations }
    }

    /// The addresses of these events that an account caused or that are about it.
    fn addresses_in_log(&self, id: AccountId, actions: &[Action]) -> Vec<String> {
        let of_account = |event: &&Event| event.actor == Actor::Account(id) || event.subject == Subject::Account(id);
        let is_one = |event: &&Event| actions.iter().any(|action| action.as_str() == event.action);
        self.events.rows().filter(of_account).filter(is_one).filter_map(|event| self.address_in(event)).map(str::to_owned).collect()
    }

    /// The address that an event concerns.
    fn address_in(&self, event: &Event) -> Option<&str> {
        let field = self.personal.get(&(event.id, PersonalKind::Address.as_str().to_owned()))?;
        Some(&field.value)
    }

    fn erase_links_and_notices(&mut self, whole: &Whole) {
        let Whole { id, addresses, invitations, registrations, .. } = whole;
        let changes = &self.email_changes;
        self.tokens.retain(|row| match row.subject {
            LinkPurpose::Invitation(about) => !invitations.contains(&about),
            LinkPurpose::Registration(about) => !registrations.contains(&about),
            LinkPurpose::Recovery(about) | LinkPurpose::ResetReport(about) | LinkPurpose::ChangeReport(about) => about != *id,
            LinkPurpose::EmailConfirmation(about) | LinkPurpose::EmailUndo(about) => {
                changes.get(&about).is_none_or(|change| change.account != *id)
            }
        });
        let sessions = &self.sessions;
        self.notices.retain(|row| {
            let is_about_them = match row.topic.subject() {
                MailSubject::Address => false,
                MailSubject::Invitation(about) => invitations.contains(&about),
                MailSubject::Registration(about) => registrations.contains(&about),
                MailSubject::Account(about) => about == *id,
                MailSubject::EmailChange(about) => changes.get(&about).is_some_and(|change| change.account == *id),
                MailSubject::Session(about) => sessions.get(&about).is_some_and(|session| session.account == *id),
            };
            !is_about_them && !addresses.contains(row.to.canonical())
        });
    }

    /// Events stay with their digests; values and salts go of those that the account caused or that are about it.
    fn erase_from_log(&mut self, whole: &Whole) {
        let concerns = |event: &&Event| {
            let about = match &event.subject {
                Subject::Account(about) => *about == whole.id,
                Subject::Invitation(about) => whole.invitations.contains(about),
                Subject::Registration(about) => whole.registrations.contains(about),
                _ => false,
            };
            let is_failed = event.action == Action::MessageFailed.as_str();
            let names_them = |address: &str| whole.addresses.contains(address) || (is_failed && whole.wanted.contains(address));
            about || event.actor == Actor::Account(whole.id) || self.address_in(event).is_some_and(names_them)
        };
        let events = self.events.rows().filter(concerns).map(|event| event.id).collect::<BTreeSet<EventId>>();
        self.personal.retain(|row| !events.contains(&row.event));
    }

    /// An invitation says no more whom it was for, and one that was pending ends. What the account wrote to others goes.
    fn erase_from_invitations(&mut self, whole: &Whole) {
        for row in self.invitations.rows_mut() {
            if whole.invitations.contains(&row.id) {
                let state = if row.state == InvitationState::Pending { InvitationState::Revoked } else { row.state };
                let version = row.version.saturating_add(1);
                *row = Invitation { email: None, first_name: None, last_name: None, note: None, state, version, ..row.clone() };
            }
            if row.inviter == Some(whole.id) && row.note.is_some() {
                (row.note, row.version) = (None, row.version.saturating_add(1));
            }
        }
    }
}
