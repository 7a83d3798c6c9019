use std::collections::BTreeMap;

use identity_core::{
    change::{
        AccountChange, AuditChange, Change, CompanyChange, EmailChangeChange, Entity, InvitationChange, LinkChange,
        OnboardingChange, OutboxChange, PasswordChange, PictureChange, QuestionChange, RegistrationChange, Rejection, RoleChange,
        SessionChange, SubscriptionChange, TermsChange, ThrottleChange,
    },
    model::{
        access::Subscription,
        account::Account,
        email_change::{EmailChange, EmailChangeState},
        invitation::{Invitation, InvitationState},
        link::Token,
        outbox::{DeliveryOutcome, OutboxMessage, OutboxMessageState},
        password::{Password, PasswordHash, RetiredPassword},
        question::SecurityAnswer,
        registration::Registration,
        session::Session,
        throttle::Throttle,
    },
    value::{AccountId, EmailAddress, LeaseTicket, Timestamp},
};

use super::state::State;

fn insert<K: Ord, V>(rows: &mut BTreeMap<K, V>, key: K, row: V, entity: Entity) -> Result<(), Rejection> {
    if rows.contains_key(&key) {
        return Err(Rejection::Exists(entity));
    }
    rows.insert(key, row);
    Ok(())
}

fn replace<K: Ord, V>(
    rows: &mut BTreeMap<K, V>,
    key: &K,
    row: V,
    guard: impl FnOnce(&V) -> bool,
    entity: Entity,
) -> Result<(), Rejection> {
    let stored = rows.get_mut(key).filter(|stored| guard(stored)).ok_or(Rejection::Changed(entity))?;
    *stored = row;
    Ok(())
}

fn require(holds: bool, entity: Entity) -> Result<(), Rejection> {
    if holds { Ok(()) } else { Err(Rejection::Changed(entity)) }
}

impl State {
    pub(super) fn apply(&mut self, change: &Change, at: Timestamp) -> Result<(), Rejection> {
        match change.clone() {
            Change::Company(CompanyChange::Open(company)) => insert(&mut self.companies, company.id, company, Entity::Company),
            Change::Company(CompanyChange::Revise(company)) => {
                let before = company.version.saturating_sub(1);
                replace(&mut self.companies, &company.id.clone(), company, |stored| stored.version == before, Entity::Company)
            }
            Change::Role(RoleChange::Define(role)) => insert(&mut self.roles, role.key.clone(), role, Entity::Role),
            Change::Role(RoleChange::Revise(role)) => {
                let before = role.version.saturating_sub(1);
                replace(&mut self.roles, &role.key.clone(), role, |stored| stored.version == before, Entity::Role)
            }
            Change::Role(RoleChange::Require { key, version }) => {
                require(self.roles.get(&key).is_some_and(|role| role.version == version), Entity::Role)
            }
            Change::Subscription(SubscriptionChange::Define(entry)) => {
                insert(&mut self.subscriptions, entry.key.clone(), entry, Entity::Subscription)
            }
            Change::Subscription(SubscriptionChange::Revise(entry)) => {
                let before = entry.version.saturating_sub(1);
                let guard = |stored: &Subscription| stored.version == before;
                replace(&mut self.subscriptions, &entry.key.clone(), entry, guard, Entity::Subscription)
            }
            Change::Subscription(SubscriptionChange::Require { key, version }) => {
                let holds = self.subscriptions.get(&key).is_some_and(|entry| entry.version == version);
                require(holds, Entity::Subscription)
            }
            Change::Terms(TermsChange::Publish(terms)) => insert(&mut self.terms, terms.number, terms, Entity::Terms),
            Change::Account(AccountChange::Require { id, version }) => {
                require(self.accounts.get(&id).is_some_and(|(account, _)| account.version == version), Entity::Account)
            }
            Change::Account(AccountChange::RequireSessionEpoch { id, epoch }) => {
                require(self.accounts.get(&id).is_some_and(|(account, _)| account.session_epoch == epoch), Entity::Account)
            }
            Change::Account(AccountChange::Open { account, password, granted_by: _ }) => {
                self.account_is_possible(&account)?;
                insert(&mut self.accounts, account.id, (account, password), Entity::Account)
            }
            Change::Account(AccountChange::Revise { account, by: _ }) => {
                let before = account.version.saturating_sub(1);
                let stored = self
                    .accounts
                    .get_mut(&account.id)
                    .filter(|(stored, _)| stored.version == before)
                    .ok_or(Rejection::Changed(Entity::Account))?;
                // The address, the company and the time it was opened are not this change's to write.
                stored.0 = Account {
                    email: stored.0.email.clone(),
                    company: stored.0.company,
                    created_at: stored.0.created_at,
                    ..account
                };
                Ok(())
            }
            Change::Password(PasswordChange::Rehash { id, from, to }) => {
                self.password(id, &from)?.hash = to;
                Ok(())
            }
            Change::Password(PasswordChange::Set { id, from, to }) => {
                *self.password(id, &from)? = to;
                Ok(())
            }
            Change::Password(PasswordChange::Retire { retired, keep }) => self.retire_password(retired, keep),
            Change::Registration(RegistrationChange::Open(registration)) => self.open_registration(registration),
            Change::Registration(RegistrationChange::Advance(next)) => {
                let before = next.version.saturating_sub(1);
                let stored = self.registrations.get_mut(&next.id).filter(|stored| stored.version == before);
                let stored = stored.ok_or(Rejection::Changed(Entity::Registration))?;
                *stored = Registration { code: stored.code.clone(), code_tries: stored.code_tries, ..next };
                Ok(())
            }
            Change::Registration(RegistrationChange::ReplaceCode { id, from, to }) => {
                let stored = self.registrations.get_mut(&id);
                let stored = stored.filter(|stored| stored.code.as_ref().map(|code| &code.hash) == from.as_ref());
                let stored = stored.ok_or(Rejection::Changed(Entity::Registration))?;
                (stored.code, stored.code_tries) = (to, 0);
                Ok(())
            }
            Change::Registration(RegistrationChange::TryCode { id, limit }) => {
                let stored = self.registrations.get_mut(&id).filter(|stored| stored.code_tries < limit);
                stored.ok_or(Rejection::CodeSpent)?.code_tries += 1;
                Ok(())
            }
            Change::Terms(TermsChange::Accept(acceptance)) => {
                insert(&mut self.acceptances, (acceptance.account, acceptance.number), acceptance, Entity::Acceptance)
            }
            Change::Invitation(InvitationChange::Issue(invitation)) => {
                self.invitation_is_possible(&invitation)?;
                insert(&mut self.invitations, invitation.id, invitation, Entity::Invitation)
            }
            Change::Invitation(InvitationChange::Advance(next)) => self.advance_invitation(next),
            Change::Invitation(InvitationChange::RecordFirstOpen { id, at }) => {
                let invitation = self.invitations.get_mut(&id).ok_or(Rejection::Changed(Entity::Invitation))?;
                invitation.opened_at.get_or_insert(at);
                Ok(())
            }
            Change::Link(LinkChange::Issue(token)) => self.issue_token(token),
            Change::Link(LinkChange::Spend { id, at }) => {
                let token = self.tokens.get_mut(&id).filter(|token| token.is_live(at)).ok_or(Rejection::TokenSpent)?;
                token.spent_at = Some(at);
                Ok(())
            }
            Change::Link(LinkChange::Extend { id, expires_at }) => {
                let token = self.tokens.get_mut(&id).filter(|token| token.spent_at.is_none()).ok_or(Rejection::TokenSpent)?;
                token.expires_at = expires_at;
                Ok(())
            }
            Change::Session(SessionChange::Start(session)) => self.start_session(session),
            Change::Session(SessionChange::Touch { id, at }) => {
                self.sessions.get_mut(&id).ok_or(Rejection::Changed(Entity::Session))?.used_at = at;
                Ok(())
            }
            Change::Session(SessionChange::End(id)) => {
                self.sessions.remove(&id).map(|_| ()).ok_or(Rejection::Changed(Entity::Session))
            }
            Change::Session(SessionChange::EndAll(account)) => {
                self.sessions.retain(|_, session| session.account != account);
                Ok(())
            }
            Change::Session(SessionChange::EndOthers { account, keep, epoch }) => {
                self.sessions.retain(|id, session| session.account != account || *id == keep);
                if let Some(kept) = self.sessions.get_mut(&keep).filter(|kept| kept.account == account) {
                    kept.epoch = epoch;
                }
                Ok(())
            }
            Change::Throttle(ThrottleChange::ConsumePermit { bucket, rate, at }) => {
                let next = Throttle::turned(self.throttles.get(&bucket), at, &rate).ok_or(Rejection::Throttled)?;
                self.throttles.insert(bucket, next);
                Ok(())
            }
            Change::Throttle(ThrottleChange::CountAttempt { bucket, from, to }) => {
                require(self.throttles.get(&bucket) == from.as_ref(), Entity::Throttle)?;
                self.throttles.insert(bucket, to);
                Ok(())
            }
            Change::Throttle(ThrottleChange::Reset { bucket, to }) => {
                self.throttles.insert(bucket, to);
                Ok(())
            }
            Change::Throttle(ThrottleChange::Empty(bucket)) => {
                self.throttles.remove(&bucket);
                Ok(())
            }
            Change::Outbox(OutboxChange::Queue(notice)) => insert(&mut self.notices, notice.id, notice, Entity::OutboxMessage),
            Change::Outbox(OutboxChange::Settle { id, ticket, at, outcome }) => {
                let notice = self.notices.get_mut(&id).ok_or(Rejection::LeaseLost)?;
                settle(notice, ticket, at, outcome)
            }
            Change::Audit(AuditChange::Record(event)) => insert(&mut self.events, event.id, event, Entity::Event),
            Change::Account(AccountChange::ChangeEmail { id, from, to }) => self.change_email(id, &from, to, at),
            Change::EmailChange(EmailChangeChange::Open(change)) => self.open_email_change(change),
            Change::EmailChange(EmailChangeChange::Advance(next)) => {
                let before = next.version.saturating_sub(1);
                let stored = self.email_changes.get_mut(&next.id).filter(|stored| stored.version == before);
                let stored = stored.ok_or(Rejection::Changed(Entity::EmailChange))?;
                (stored.state, stored.undo_until, stored.version) = (next.state, next.undo_until, next.version);
                Ok(())
            }
            Change::EmailChange(EmailChangeChange::Undo { account, since }) => {
                for change in self.email_changes.range_mut(since..).map(|(_, change)| change) {
                    if change.account == account && change.state != EmailChangeState::Undone {
                        (change.state, change.version) = (EmailChangeState::Undone, change.version.saturating_add(1));
                    }
                }
                Ok(())
            }
            Change::Session(SessionChange::ConfirmReauthentication { id, from, to, at }) => {
                let stored = self.sessions.get_mut(&id).filter(|stored| stored.digest == from);
                let stored = stored.ok_or(Rejection::Changed(Entity::Session))?;
                (stored.digest, stored.proved_at) = (to, at);
                Ok(())
            }
            Change::Picture(PictureChange::Store(picture)) => {
                self.pictures.retain(|_, stored| stored.account != picture.account);
                if !self.accounts.contains_key(&picture.account) {
                    return Err(Rejection::Orphaned(Entity::Picture));
                }
                insert(&mut self.pictures, picture.name.clone(), picture, Entity::Picture)
            }
            Change::Picture(PictureChange::Remove(account)) => {
                self.pictures.retain(|_, picture| picture.account != account);
                Ok(())
            }
            Change::Onboarding(OnboardingChange::Open(onboarding)) => {
                if !self.accounts.contains_key(&onboarding.account) {
                    return Err(Rejection::Orphaned(Entity::Onboarding));
                }
                insert(&mut self.setups, onboarding.account, onboarding, Entity::Onboarding)
            }
            Change::Onboarding(OnboardingChange::Advance(next)) => {
                let before = next.version.saturating_sub(1);
                replace(&mut self.setups, &next.account.clone(), next, |stored| stored.version == before, Entity::Onboarding)
            }
            Change::Question(QuestionChange::SetAnswers { account, answers }) => self.set_answers(account, answers),
            Change::Question(QuestionChange::NoteAnswer { account, question, from, at }) => {
                let stored = self.security_answers.get_mut(&(account, question)).filter(|stored| stored.hash == from);
                stored.ok_or(Rejection::Changed(Entity::SecurityAnswer))?.given_at = Some(at);
                Ok(())
            }
            Change::Account(AccountChange::Erase { id, version, at }) => self.erase(id, version, at),
        }
    }

    fn password(&mut self, id: AccountId, from: &PasswordHash) -> Result<&mut Password, Rejection> {
        let stored = self.accounts.get_mut(&id).filter(|(_, password)| password.hash == *from);
        stored.map(|(_, password)| password).ok_or(Rejection::Changed(Entity::Account))
    }

    fn set_answers(&mut self, account: AccountId, answers: Vec<SecurityAnswer>) -> Result<(), Rejection> {
        self.security_answers.retain(|(owner, _), _| *owner != account);
        if !answers.is_empty() && !self.accounts.contains_key(&account) {
            return Err(Rejection::Orphaned(Entity::SecurityAnswer));
        }
        let mut answers = answers.into_iter();
        answers.try_for_each(|answer| {
            insert(&mut self.security_answers, (account, answer.question.clone()), answer, Entity::SecurityAnswer)
        })
    }

    fn retire_password(&mut self, retired: RetiredPassword, keep: u32) -> Result<(), Rejection> {
        let account = retired.account;
        if !self.accounts.contains_key(&account) {
            return Err(Rejection::Orphaned(Entity::RetiredPassword));
        }
        insert(&mut self.retired_passwords, retired.id, retired, Entity::RetiredPassword)?;
        let of_account = self.retired_passwords.iter().filter(|(_, retired)| retired.account == account).map(|(id, _)| *id);
        let gone = of_account.rev().skip(usize::try_from(keep).unwrap_or(usize::MAX)).collect::<Vec<_>>();
        self.retired_passwords.retain(|id, _| !gone.contains(id));
        Ok(())
    }

    fn open_registration(&mut self, registration: Registration) -> Result<(), Rejection> {
        if self.registrations.values().any(|other| other.flow == registration.flow) {
            return Err(Rejection::Exists(Entity::Registration));
        }
        insert(&mut self.registrations, registration.id, registration, Entity::Registration)
    }

    /// Whether no other account has an address, nor can have it back by an undo.
    fn address_is_free(&self, canonical: &str, id: AccountId, at: Timestamp) -> Result<(), Rejection> {
        let is_had = self.accounts.values().any(|(other, _)| other.id != id && other.email.canonical() == canonical);
        let is_kept = self.email_changes.values().any(|change| change.account != id && change.can_give_back(canonical, at));
        if is_had || is_kept { Err(Rejection::AddressTaken) } else { Ok(()) }
    }

    fn change_email(&mut self, id: AccountId, from: &EmailAddress, to: EmailAddress, at: Timestamp) -> Result<(), Rejection> {
        let stored = self.accounts.get(&id).filter(|(stored, _)| stored.email.canonical() == from.canonical());
        require(stored.is_some(), Entity::Account)?;
        self.address_is_free(to.canonical(), id, at)?;
        let stored = self.accounts.get_mut(&id).ok_or(Rejection::Changed(Entity::Account))?;
        stored.0.email = to;
        Ok(())
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

    fn account_is_possible(&self, account: &Account) -> Result<(), Rejection> {
        // An id that is taken is another account's.
        let canonical = account.email.canonical();
        if self.accounts.values().any(|(other, _)| other.email.canonical() == canonical) {
            return Err(Rejection::AddressTaken);
        }
        if self.companies.contains_key(&account.company) { Ok(()) } else { Err(Rejection::Orphaned(Entity::Account)) }
    }

    fn invitation_is_possible(&self, invitation: &Invitation) -> Result<(), Rejection> {
        if let Some((company, email)) = invitation.company.zip(invitation.email.as_ref()) {
            let same = |other: &Invitation| {
                other.state == InvitationState::Pending
                    && other.company == Some(company)
                    && other.email.as_ref().is_some_and(|other| other.canonical() == email.canonical())
            };
            if self.invitations.values().any(same) {
                return Err(Rejection::InvitationPending);
            }
        }
        if invitation.company.is_none_or(|company| self.companies.contains_key(&company)) {
            Ok(())
        } else {
            Err(Rejection::Orphaned(Entity::Invitation))
        }
    }

    fn advance_invitation(&mut self, next: Invitation) -> Result<(), Rejection> {
        let before = next.version.saturating_sub(1);
        let stored = self
            .invitations
            .get_mut(&next.id)
            .filter(|stored| stored.version == before)
            .ok_or(Rejection::Changed(Entity::Invitation))?;
        *stored = Invitation { opened_at: stored.opened_at, ..next };
        Ok(())
    }

    fn issue_token(&mut self, token: Token) -> Result<(), Rejection> {
        if self.tokens.values().any(|other| other.digest == token.digest) {
            return Err(Rejection::Exists(Entity::Token));
        }
        insert(&mut self.tokens, token.id, token, Entity::Token)
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

fn settle(notice: &mut OutboxMessage, ticket: LeaseTicket, at: Timestamp, outcome: DeliveryOutcome) -> Result<(), Rejection> {
    if notice.state != OutboxMessageState::Leased(ticket) {
        return Err(Rejection::LeaseLost);
    }
    match outcome {
        DeliveryOutcome::Sent => (notice.state, notice.last_error, notice.settled_at) = (OutboxMessageState::Sent, None, Some(at)),
        DeliveryOutcome::Dropped => (notice.state, notice.settled_at) = (OutboxMessageState::Dropped, Some(at)),
        DeliveryOutcome::Returned => {
            (notice.state, notice.due_at, notice.attempts) = (OutboxMessageState::Queued, at, notice.attempts.saturating_sub(1));
        }
        DeliveryOutcome::Failed { error } => {
            (notice.state, notice.last_error, notice.settled_at) = (OutboxMessageState::Failed, Some(error), Some(at));
        }
        DeliveryOutcome::Retry { due_at, error } => {
            (notice.state, notice.last_error, notice.due_at) = (OutboxMessageState::Queued, Some(error), due_at);
        }
    }
    Ok(())
}
