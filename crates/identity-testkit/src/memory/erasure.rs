//! Erasure: everything that is personal about one account, in one place.

use std::collections::BTreeSet;

use identity_core::{
    change::{Entity, Rejection},
    model::{
        account::Account,
        audit::{Action, Actor, AuditEvent, PersonalKind, Subject},
        invitation::{Invitation, InvitationState},
        link::LinkPurpose,
        outbox::MailSubject,
        privacy::Tombstone,
    },
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
        self.grants.remove(&id);
        self.retired_passwords.retain(|_, row| row.account != id);
        self.acceptances.remove(&id);
        self.sessions.retain(|_, row| row.account != id);
        self.email_changes.retain(|_, row| row.account != id);
        self.pictures.retain(|_, row| row.account != id);
        self.setups.remove(&id);
        self.security_answers.remove(&id);
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
            LinkPurpose::Invitation(about) => !invitations.contains(&about),
            LinkPurpose::Registration(about) => !registrations.contains(&about),
            LinkPurpose::Recovery(about) | LinkPurpose::ResetReport(about) | LinkPurpose::ChangeReport(about) => about != id,
            LinkPurpose::EmailConfirmation(about) | LinkPurpose::EmailUndo(about) => !changes.contains(&about),
        });
        self.messages.retain(|_, row| {
            let is_about_them = match row.kind.subject() {
                MailSubject::Address => false,
                MailSubject::Invitation(about) => invitations.contains(&about),
                MailSubject::Registration(about) => registrations.contains(&about),
                MailSubject::Account(about) => about == id,
                MailSubject::EmailChange(about) => changes.contains(&about),
                MailSubject::Session(about) => sessions.contains(&about),
            };
            !is_about_them && !is_theirs(&row.to)
        });
        let wanted = self.addresses_in_log(id, &[Action::EmailChangeRequested]);
        let names_them = |event: &AuditEvent| {
            let of_address = address_in(event);
            let by_address = of_address.is_some_and(|address| addresses.contains(address));
            let failed = event.action == Action::MessageFailed && of_address.is_some_and(|address| wanted.contains(address));
            let about = match &event.subject {
                Subject::Account(about) => *about == id,
                Subject::Invitation(about) => invitations.contains(about),
                Subject::Registration(about) => registrations.contains(about),
                _ => false,
            };
            about || event.actor == Actor::Account(id) || by_address || failed
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
        let moved_from = changes.map(|change| change.from.canonical().to_owned());
        let known = moved_from.chain([account.email.canonical().to_owned()]).filter(|one| !self.is_anothers(one, account.id));
        known.chain(self.addresses_in_log(account.id, &Action::OF_ADDRESSES_HAD)).collect()
    }

    /// The addresses of these events that an account caused or that are about it, but for those that are somebody else's by now.
    fn addresses_in_log(&self, id: AccountId, actions: &[Action]) -> BTreeSet<String> {
        let of_account = |event: &&AuditEvent| event.actor == Actor::Account(id) || event.subject == Subject::Account(id);
        let told = self.events.values().filter(of_account).filter(|event| actions.contains(&event.action)).filter_map(address_in);
        told.filter(|address| !self.is_anothers(address, id)).map(str::to_owned).collect()
    }

    fn is_anothers(&self, address: &str, id: AccountId) -> bool {
        self.accounts.values().any(|(other, _)| other.id != id && other.email.canonical() == address)
    }
}

/// The address that an event concerns.
fn address_in(event: &AuditEvent) -> Option<&str> {
    event.personal.iter().find(|field| field.kind == PersonalKind::Address).map(|field| field.value.as_str())
}

/// An invitation that says no more whom it was for. One that was pending ends.
fn without_invitee(row: &Invitation) -> Invitation {
    let state = if row.state == InvitationState::Pending { InvitationState::Revoked } else { row.state };
    let version = row.version.saturating_add(1);
    Invitation { email: None, first_name: None, last_name: None, note: None, state, version, ..row.clone() }
}
