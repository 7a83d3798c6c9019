//! Erasure: everything that is personal about one account, in one place.

use std::collections::BTreeSet;

use identity_core::{
    account::Account,
    audit::{Actor, AuditEvent, PersonalKind, Subject},
    change::{Entity, Rejection},
    invitation::{Invitation, InvitationState},
    ledger::LinkSubject,
    notice::TopicSubject,
    own_data::Tombstone,
    value::{AccountId, EmailAddress, Timestamp},
};

use super::state::State;

impl State {
    pub(super) fn erase(&mut self, id: AccountId, version: u32, at: Timestamp) -> Result<(), Rejection> {
        let is_due = |account: &Account| account.deletion.is_some_and(|deletion| deletion.is_due(at));
        let found = self.accounts.get(&id).map(|(account, _)| account);
        let account = found.filter(|account| account.version == version && is_due(account)).cloned();
        let account = account.ok_or(Rejection::Changed(Entity::Account))?;
        let addresses = self.addresses_of(&account);
        let is_theirs = |address: &EmailAddress| addresses.contains(address.canonical());

        let changes = self.email_changes.values().filter(|change| change.account == id).map(|change| change.id);
        let changes = changes.collect::<BTreeSet<_>>();
        let sessions = self.sessions.values().filter(|session| session.account == id).map(|session| session.id);
        let sessions = sessions.collect::<BTreeSet<_>>();
        let registrations = self.registrations.values().filter(|row| is_theirs(&row.email));
        let registrations = registrations.map(|row| row.id).collect::<BTreeSet<_>>();
        let is_to_them = |row: &Invitation| row.account == Some(id) || row.email.as_ref().is_some_and(is_theirs);
        let invitations = self.invitations.values().filter(|row| is_to_them(row)).map(|row| row.id).collect::<BTreeSet<_>>();

        self.accounts.remove(&id);
        self.retired_passwords.retain(|_, row| row.account != id);
        self.acceptances.retain(|_, row| row.account != id);
        self.sessions.retain(|_, row| row.account != id);
        self.email_changes.retain(|_, row| row.account != id);
        self.pictures.retain(|_, row| row.account != id);
        self.setups.remove(&id);
        self.security_answers.retain(|(account, _), _| *account != id);
        self.registrations.retain(|row, _| !registrations.contains(row));
        for row in self.invitations.values_mut() {
            if invitations.contains(&row.id) {
                *row = without_invitee(row);
            }
            if row.inviter == Some(id) && row.note.is_some() {
                (row.note, row.version) = (None, row.version.saturating_add(1));
            }
        }
        self.tokens.retain(|_, row| match row.subject {
            LinkSubject::Invitation(about) => !invitations.contains(&about),
            LinkSubject::Registration(about) => !registrations.contains(&about),
            LinkSubject::Recovery(about) | LinkSubject::ResetReport(about) | LinkSubject::ChangeReport(about) => about != id,
            LinkSubject::EmailConfirmation(about) | LinkSubject::EmailUndo(about) => !changes.contains(&about),
        });
        self.notices.retain(|_, row| {
            let is_about_them = match row.topic.subject() {
                TopicSubject::Address => false,
                TopicSubject::Invitation(about) => invitations.contains(&about),
                TopicSubject::Registration(about) => registrations.contains(&about),
                TopicSubject::Account(about) => about == id,
                TopicSubject::EmailChange(about) => changes.contains(&about),
                TopicSubject::Session(about) => sessions.contains(&about),
            };
            !is_about_them && !is_theirs(&row.to)
        });
        let names_them = |event: &AuditEvent| {
            let by_address = |field: &identity_core::audit::PersonalField| {
                field.kind == PersonalKind::Address && addresses.contains(&field.value)
            };
            let about = match &event.subject {
                Subject::Account(about) => *about == id,
                Subject::Invitation(about) => invitations.contains(about),
                Subject::Registration(about) => registrations.contains(about),
                _ => false,
            };
            about || event.actor == Actor::Account(id) || event.personal.iter().any(by_address)
        };
        for event in self.events.values_mut().filter(|event| names_them(event)) {
            event.personal.clear();
        }
        let Account { company, created_at, .. } = account;
        self.tombstones.insert(id, Tombstone { id, company, created_at, erased_at: at });
        Ok(())
    }

    /// The addresses that the account has or had, but for those that are somebody else's by now.
    fn addresses_of(&self, account: &Account) -> BTreeSet<String> {
        let changes = self.email_changes.values().filter(|change| change.account == account.id);
        let had = changes.map(|change| change.from.canonical().to_owned());
        let is_anothers = |address: &String| {
            self.accounts.values().any(|(other, _)| other.id != account.id && other.email.canonical() == address)
        };
        had.chain([account.email.canonical().to_owned()]).filter(|address| !is_anothers(address)).collect()
    }
}

/// An invitation that says no more whom it was for. One that was pending ends.
fn without_invitee(row: &Invitation) -> Invitation {
    let state = if row.state == InvitationState::Pending { InvitationState::Revoked } else { row.state };
    let version = row.version.saturating_add(1);
    Invitation { email: None, first_name: None, last_name: None, note: None, state, version, ..row.clone() }
}
