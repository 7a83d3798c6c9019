//! Everything that is kept, and what each change does to it. Only a whole set that held takes the place of what was there, so a
//! change that is refused may leave anything behind.

use identity_core::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, CompanyChange, EmailChangeChange, Entity, InvitationChange, LinkChange,
        OnboardingChange, OutboxChange, PasswordChange, PictureChange, QuestionChange, RegistrationChange, Rejection, RoleChange,
        SessionChange, SubscriptionChange, TermsChange, ThrottleChange,
    },
    model::{
        access::{Role, Subscription},
        account::{Account, Picture},
        audit::AuditEvent,
        company::Company,
        email_change::EmailChange,
        invitation::{Invitation, InvitationState},
        link::Token,
        onboarding::Onboarding,
        outbox::{DeliveryOutcome, OutboxMessage, OutboxMessageState},
        password::{Password, RetiredPassword},
        privacy::Tombstone,
        question::SecurityAnswer,
        registration::Registration,
        session::Session,
        terms::{TermsAcceptance, TermsVersion},
    },
    port::{Lease, Sweep},
    value::{AccountId, CompanyId, LeaseTicket, Timestamp},
};
use serde::{Deserialize, Serialize};

use super::{
    rows::{Applied, Counter, Credential, Event, Grant, Personal},
    table::Table,
};

/// All tables.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    applied: Table<Applied>,
    pub(super) companies: Table<Company>,
    pub(super) roles: Table<Role>,
    pub(super) subscriptions: Table<Subscription>,
    pub(super) terms: Table<TermsVersion>,
    pub(super) acceptances: Table<TermsAcceptance>,
    pub(super) accounts: Table<Account>,
    pub(super) passwords: Table<Credential>,
    pub(super) retired_passwords: Table<RetiredPassword>,
    pub(super) grants: Table<Grant>,
    pub(super) invitations: Table<Invitation>,
    pub(super) registrations: Table<Registration>,
    pub(super) throttles: Table<Counter>,
    pub(super) tokens: Table<Token>,
    pub(super) sessions: Table<Session>,
    pub(super) notices: Table<OutboxMessage>,
    pub(super) events: Table<Event>,
    pub(super) personal: Table<Personal>,
    pub(super) email_changes: Table<EmailChange>,
    pub(super) pictures: Table<Picture>,
    pub(super) setups: Table<Onboarding>,
    pub(super) security_answers: Table<SecurityAnswer>,
    pub(super) tombstones: Table<Tombstone>,
}

impl State {
    /// Applies a set, unless that was done before. The first guard that does not hold is the answer.
    pub(super) fn apply(&mut self, set: &ChangeSet) -> Result<(), Rejection> {
        if self.applied.get(&set.id()).is_some() {
            return Ok(());
        }
        set.changes().iter().try_for_each(|change| self.apply_one(change, set.at()))?;
        self.applied.insert(Applied { id: set.id(), at: set.at() })
    }

    fn apply_one(&mut self, change: &Change, at: Timestamp) -> Result<(), Rejection> {
        match change {
            Change::Company(CompanyChange::Open(company)) => self.companies.insert(company.clone()),
            Change::Company(CompanyChange::Revise(next)) => {
                let write = |stored: &mut Company| {
                    (stored.name, stored.is_trusted, stored.version) = (next.name.clone(), next.is_trusted, next.version);
                };
                self.companies.change(&next.id, |stored| is_next(stored.version, next.version), write)
            }
            Change::Role(RoleChange::Define(role)) => self.roles.insert(role.clone()),
            Change::Role(RoleChange::Revise(next)) => {
                self.roles.change(&next.key, |stored| is_next(stored.version, next.version), |stored| *stored = next.clone())
            }
            Change::Role(RoleChange::Require { key, version }) => {
                self.roles.change(key, |stored| stored.version == *version, |_| {})
            }
            Change::Subscription(SubscriptionChange::Define(subscription)) => self.subscriptions.insert(subscription.clone()),
            Change::Subscription(SubscriptionChange::Revise(next)) => {
                let guard = |stored: &Subscription| is_next(stored.version, next.version);
                self.subscriptions.change(&next.key, guard, |stored| *stored = next.clone())
            }
            Change::Subscription(SubscriptionChange::Require { key, version }) => {
                self.subscriptions.change(key, |stored| stored.version == *version, |_| {})
            }
            Change::Terms(TermsChange::Publish(terms)) => self.terms.insert(terms.clone()),
            Change::Terms(TermsChange::Accept(acceptance)) => self.acceptances.insert(acceptance.clone()),
            Change::Account(AccountChange::Require { id, version }) => {
                self.accounts.change(id, |stored| stored.version == *version, |_| {})
            }
            Change::Account(AccountChange::RequireSessionEpoch { id, epoch }) => {
                self.accounts.change(id, |stored| stored.session_epoch == *epoch, |_| {})
            }
            Change::Account(AccountChange::Open { account, password, granted_by }) => {
                self.open_account(account, password, *granted_by)
            }
            Change::Account(AccountChange::Revise { account, by }) => self.revise_account(account, *by, at),
            Change::Password(PasswordChange::Rehash { id, from, to }) => {
                self.replace_password(*id, from, |stored| stored.hash = to.clone())
            }
            Change::Password(PasswordChange::Set { id, from, to }) => {
                self.replace_password(*id, from, |stored| *stored = to.clone())
            }
            Change::Password(PasswordChange::Retire { retired, keep }) => self.retire_password(retired, *keep),
            Change::Registration(RegistrationChange::Open(registration)) => self.open_registration(registration),
            Change::Registration(RegistrationChange::Advance(next)) => self.advance_registration(next),
            Change::Registration(RegistrationChange::ReplaceCode { id, from, to }) => {
                self.replace_code(id, from.as_ref(), to.as_ref())
            }
            Change::Registration(RegistrationChange::TryCode { id, limit }) => self.try_code(id, *limit),
            Change::Invitation(InvitationChange::Issue(invitation)) => self.issue_invitation(invitation),
            Change::Invitation(InvitationChange::Advance(next)) => self.advance_invitation(next),
            Change::Invitation(InvitationChange::RecordFirstOpen { id, at }) => {
                self.invitations.change(id, |_| true, |stored| stored.opened_at = stored.opened_at.or(Some(*at)))
            }
            Change::Link(LinkChange::Issue(token)) => {
                if self.tokens.rows().any(|other| other.digest == token.digest) {
                    return Err(Rejection::Exists(Entity::Token));
                }
                self.tokens.insert(token.clone())
            }
            Change::Link(LinkChange::Spend { id, at }) => {
                let spent = self.tokens.change(id, |stored| stored.is_live(*at), |stored| stored.spent_at = Some(*at));
                spent.map_err(|_| Rejection::TokenSpent)
            }
            Change::Link(LinkChange::Extend { id, expires_at }) => {
                let guard = |stored: &Token| stored.spent_at.is_none();
                let extended = self.tokens.change(id, guard, |stored| stored.expires_at = *expires_at);
                extended.map_err(|_| Rejection::TokenSpent)
            }
            Change::Session(SessionChange::Start(session)) => self.start_session(session),
            Change::Session(SessionChange::Touch { id, at }) => self.sessions.change(id, |_| true, |stored| stored.used_at = *at),
            Change::Session(SessionChange::End(id)) => self.sessions.remove(id),
            Change::Session(SessionChange::EndAll(account)) => {
                self.sessions.retain(|session| session.account != *account);
                Ok(())
            }
            Change::Session(SessionChange::EndOthers { account, keep, epoch }) => {
                self.sessions.retain(|session| session.account != *account || session.id == *keep);
                // That it is not there is no rejection.
                let _ = self.sessions.change(keep, |stored| stored.account == *account, |stored| stored.epoch = *epoch);
                Ok(())
            }
            Change::Throttle(ThrottleChange::ConsumePermit { bucket, rate, at }) => self.consume_permit(*bucket, rate, *at),
            Change::Throttle(ThrottleChange::CountAttempt { bucket, from, to }) => self.count_attempt(*bucket, *from, *to),
            Change::Throttle(ThrottleChange::Reset { bucket, to }) => {
                self.throttles.put(Counter { bucket: *bucket, throttle: *to });
                Ok(())
            }
            Change::Throttle(ThrottleChange::Empty(bucket)) => {
                self.throttles.retain(|counter| counter.bucket != *bucket);
                Ok(())
            }
            Change::Outbox(OutboxChange::Queue(notice)) => self.notices.insert(notice.clone()),
            Change::Outbox(OutboxChange::Settle { id, ticket, at, outcome }) => {
                let guard = |stored: &OutboxMessage| stored.state == OutboxMessageState::Leased(*ticket);
                self.notices.change(id, guard, |stored| settle(stored, *at, outcome)).map_err(|_| Rejection::LeaseLost)
            }
            Change::Audit(AuditChange::Record(event)) => self.record(event),
            Change::Account(AccountChange::ChangeEmail { id, from, to }) => self.change_email(*id, from, to, at),
            Change::EmailChange(EmailChangeChange::Open(change)) => self.open_email_change(change),
            Change::EmailChange(EmailChangeChange::Advance(next)) => self.advance_email_change(next),
            Change::EmailChange(EmailChangeChange::Undo { account, since }) => {
                self.undo_email_changes(*account, *since);
                Ok(())
            }
            Change::Session(SessionChange::ConfirmReauthentication { id, from, to, at }) => {
                self.sessions.change(id, |stored| stored.digest == *from, |stored| (stored.digest, stored.proved_at) = (*to, *at))
            }
            Change::Picture(PictureChange::Store(picture)) => {
                self.pictures.retain(|other| other.account != picture.account);
                self.pictures.insert(picture.clone())?;
                self.accounts.get(&picture.account).map(drop).ok_or(Rejection::Orphaned(Entity::Picture))
            }
            Change::Picture(PictureChange::Remove(account)) => {
                self.pictures.retain(|picture| picture.account != *account);
                Ok(())
            }
            Change::Onboarding(OnboardingChange::Open(onboarding)) => {
                self.setups.insert(onboarding.clone())?;
                self.accounts.get(&onboarding.account).map(drop).ok_or(Rejection::Orphaned(Entity::Onboarding))
            }
            Change::Onboarding(OnboardingChange::Advance(next)) => {
                let guard = |stored: &Onboarding| is_next(stored.version, next.version);
                self.setups.change(&next.account, guard, |stored| *stored = next.clone())
            }
            Change::Question(QuestionChange::SetAnswers { account, answers }) => self.set_answers(*account, answers),
            Change::Question(QuestionChange::NoteAnswer { account, question, from, at }) => {
                let key = (*account, question.clone());
                self.security_answers.change(&key, |stored| stored.hash == *from, |stored| stored.given_at = Some(*at))
            }
            Change::Account(AccountChange::Erase { id, version, at }) => self.erase(*id, *version, *at),
        }
    }

    fn open_account(&mut self, account: &Account, password: &Password, by: Option<AccountId>) -> Result<(), Rejection> {
        self.accounts.insert(account.clone())?;
        if self.has_another(account.email.canonical(), account.id) {
            return Err(Rejection::AddressTaken);
        }
        self.needs_company(account.company, Entity::Account)?;
        self.grant(account, by, account.created_at);
        self.passwords.insert(Credential { account: account.id, password: password.clone() })
    }

    /// The address, the company and the time it was opened are not written.
    fn revise_account(&mut self, next: &Account, by: Option<AccountId>, at: Timestamp) -> Result<(), Rejection> {
        let write = |stored: &mut Account| {
            *stored =
                Account { email: stored.email.clone(), company: stored.company, created_at: stored.created_at, ..next.clone() }
        };
        self.accounts.change(&next.id, |stored| is_next(stored.version, next.version), write)?;
        self.grant(next, by, at);
        Ok(())
    }

    /// Notes who gave what an account holds. What it held before keeps whoever gave it then: its key is taken.
    fn grant(&mut self, account: &Account, by: Option<AccountId>, at: Timestamp) {
        let roles = account.roles.iter().map(|key| format!("role {key}"));
        let held = roles.chain(account.subscriptions.iter().map(|key| format!("subscription {key}"))).collect::<Vec<_>>();
        self.grants.retain(|grant| grant.account != account.id || held.contains(&grant.entry));
        for entry in held {
            let _ = self.grants.insert(Grant { account: account.id, entry, by, at });
        }
    }

    fn issue_invitation(&mut self, invitation: &Invitation) -> Result<(), Rejection> {
        self.invitations.insert(invitation.clone())?;
        self.needs_its_address(invitation)?;
        invitation.company.map_or(Ok(()), |company| self.needs_company(company, Entity::Invitation))
    }

    /// The first opening is not written.
    fn advance_invitation(&mut self, next: &Invitation) -> Result<(), Rejection> {
        let write = |stored: &mut Invitation| *stored = Invitation { opened_at: stored.opened_at, ..next.clone() };
        self.invitations.change(&next.id, |stored| is_next(stored.version, next.version), write)?;
        self.needs_its_address(next)
    }

    /// Of one company, an address has one invitation that is pending.
    fn needs_its_address(&self, invitation: &Invitation) -> Result<(), Rejection> {
        let Some((company, email)) = invitation.company.zip(invitation.email.as_ref()) else { return Ok(()) };
        let mut others = self.invitations.rows().filter(|other| other.id != invitation.id);
        let is_clash =
            invitation.state == InvitationState::Pending && others.any(|other| is_pending_for(other, company, email.canonical()));
        if is_clash { Err(Rejection::InvitationPending) } else { Ok(()) }
    }

    fn start_session(&mut self, session: &Session) -> Result<(), Rejection> {
        if self.sessions.rows().any(|other| other.digest == session.digest) {
            return Err(Rejection::Exists(Entity::Session));
        }
        self.sessions.insert(session.clone())?;
        self.accounts.get(&session.account).map(drop).ok_or(Rejection::Orphaned(Entity::Session))
    }

    fn record(&mut self, event: &AuditEvent) -> Result<(), Rejection> {
        self.events.insert(event.into())?;
        event.personal.iter().try_for_each(|field| {
            let kind = field.kind.as_str().to_owned();
            self.personal.insert(Personal { event: event.id, kind, salt: field.salt, value: field.value.clone() })
        })
    }

    fn needs_company(&self, company: CompanyId, child: Entity) -> Result<(), Rejection> {
        self.companies.get(&company).map(drop).ok_or(Rejection::Orphaned(child))
    }

    /// Claims what is due, the longest waiting first.
    pub(super) fn lease(&mut self, lease: &Lease) -> Vec<OutboxMessage> {
        let is_due = |notice: &&mut OutboxMessage| {
            matches!(notice.state, OutboxMessageState::Queued | OutboxMessageState::Leased(_)) && notice.due_at <= lease.now
        };
        let mut due = self.notices.rows_mut().filter(is_due).collect::<Vec<_>>();
        due.sort_by_key(|notice| (notice.due_at, notice.id));
        let claim = |notice: &mut OutboxMessage| {
            notice.state = OutboxMessageState::Leased(lease.ticket);
            notice.due_at = lease.until;
            notice.attempts = notice.attempts.saturating_add(1);
            notice.clone()
        };
        due.into_iter().take(lease.limit.into()).map(claim).collect()
    }

    /// Moves the end of a lease for whatever its claim still holds.
    pub(super) fn renew_lease(&mut self, ticket: LeaseTicket, until: Timestamp) -> u64 {
        let held = self.notices.rows_mut().filter(|notice| notice.state == OutboxMessageState::Leased(ticket));
        held.fold(0, |count, notice| {
            notice.due_at = until;
            count + 1
        })
    }

    /// Takes away what has lapsed.
    pub(super) fn sweep(&mut self, sweep: &Sweep) -> usize {
        self.sessions.retain(|session| session.expires_at >= sweep.sessions_before)
            + self.tokens.retain(|token| token.expires_at >= sweep.links_before)
            + self.registrations.retain(|registration| registration.expires_at >= sweep.registrations_before)
            + self.throttles.retain(|counter| counter.throttle.expires_at >= sweep.throttles_before)
            + self.email_changes.retain(|change| change.undo_until >= sweep.email_changes_before)
            + self.applied.retain(|applied| applied.at >= sweep.change_sets_before)
            + self.notices.retain(|notice| notice.settled_at.is_none_or(|at| at >= sweep.notices_before))
    }
}

pub(super) fn is_next(stored: u32, next: u32) -> bool {
    stored.checked_add(1) == Some(next)
}

pub(super) fn is_pending_for(invitation: &Invitation, company: CompanyId, canonical: &str) -> bool {
    invitation.state == InvitationState::Pending
        && invitation.company == Some(company)
        && invitation.email.as_ref().is_some_and(|email| email.canonical() == canonical)
}

fn settle(notice: &mut OutboxMessage, at: Timestamp, outcome: &DeliveryOutcome) {
    match outcome {
        DeliveryOutcome::Retry { due_at, error } => {
            (notice.state, notice.due_at, notice.last_error) = (OutboxMessageState::Queued, *due_at, Some(error.clone()));
        }
        DeliveryOutcome::Returned => {
            (notice.state, notice.due_at, notice.attempts) = (OutboxMessageState::Queued, at, notice.attempts.saturating_sub(1));
        }
        DeliveryOutcome::Sent => (notice.state, notice.settled_at, notice.last_error) = (OutboxMessageState::Sent, Some(at), None),
        DeliveryOutcome::Dropped => (notice.state, notice.settled_at) = (OutboxMessageState::Dropped, Some(at)),
        DeliveryOutcome::Failed { error } => {
            (notice.state, notice.settled_at, notice.last_error) = (OutboxMessageState::Failed, Some(at), Some(error.clone()));
        }
    }
}
