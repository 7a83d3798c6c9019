use std::{ops::ControlFlow, sync::Arc};

use super::attempt::{self, Attempt, NotReserved};
use crate::{
    change::{
        AccountChange, AuditChange, Change, ChangeSet, CommitError, ContradictingChanges, Entity, OutboxChange, PasswordChange,
        Rejection, SessionChange, Unavailable,
    },
    flow::{
        Fault,
        retry::retry_from,
        terms::terms_standing,
        throttle::{RateLimitedAction, RateLimits},
    },
    model::{
        Settings,
        account::{Account, RequiredAction},
        audit::{Action, Actor, AuditEvent, NewEventIds, Subject},
        outbox::{AccountMail, MailKind, OutboxMessage, PasswordMail},
        password::{Candidate, PasswordHash},
        registration::RegistrationState,
        session::{Client, Session, SignedIn},
        terms::{TermsSchedule, TermsStanding},
    },
    port::{AccountWithPassword, IdSource, PasswordVerification, Ports},
    value::{AccountId, ChangeSetId, EmailAddress, OutboxMessageId, SessionId, Timestamp, TokenKind, TokenSecret},
};

/// Who wants to sign in.
#[derive(Debug)]
pub struct LogInCommand {
    /// The address.
    pub email: EmailAddress,
    /// The password.
    pub password: Candidate,
    /// "Stay signed in".
    pub remember: bool,
    /// What the browser kept of an earlier login, if it kept it.
    pub device: Option<TokenSecret>,
    /// The session that the browser has now. It ends with the login: nothing of it is carried over.
    pub replaces: Option<SignedIn>,
    /// Where the request came from.
    pub client: Client,
}

impl LogInCommand {
    /// Logs in with this address and password, with nothing else said.
    #[must_use]
    pub fn new(email: EmailAddress, password: Candidate) -> Self {
        Self { email, password, remember: false, device: None, replaces: None, client: Client::default() }
    }
}

/// Who is signed in now.
#[derive(Debug)]
pub struct LoggedIn {
    /// The session's secret, for the client alone.
    pub secret: TokenSecret,
    /// The session.
    pub session: Session,
    /// The account.
    pub account: Account,
    /// For the browser to keep for its next login, where it is not known yet.
    pub device: Option<TokenSecret>,
    /// The version of the terms that waits to be accepted, and may wait for longer.
    pub offered_terms: Option<TermsSchedule>,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// The address, the password or the account is not right: nobody is told which.
    #[error("the e-mail address or the password is not right")]
    Refused,
    /// The password is right, and the account waits for an operator's approval: it is not open yet.
    #[error("your registration is waiting for approval")]
    AwaitingApproval,
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(LogInError);

/// Signs a person in. Every path counts the attempt, reads what the address has and how it stands to the terms, verifies once and
/// commits once.
pub struct LogIn {
    ports: Ports,
    settings: Arc<Settings>,
}

struct NewIds {
    set: ChangeSetId,
    session: SessionId,
    secret: TokenSecret,
    device: TokenSecret,
    event: NewEventIds,
    required: NewEventIds,
    ended: NewEventIds,
    message: OutboxMessageId,
    sign_in: OutboxMessageId,
}

impl LogIn {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Signs in.
    ///
    /// # Errors
    /// [`LogInError`]; the failure is recorded, and nobody is signed in.
    pub async fn run(&self, command: LogInCommand) -> Result<LoggedIn, LogInError> {
        let now = self.ports.clock.now();
        let who = (&command.email, command.device.as_ref());
        let attempt = match attempt::reserve(&self.ports, &self.settings, who, &command.client, now).await {
            Ok(attempt) => attempt,
            Err(NotReserved::Fault(fault)) => return Err(fault.into()),
            Err(NotReserved::Locked { retry_after }) => {
                self.record_not_tried(&command, now).await?;
                return Err(LogInError::Fault(Fault::RateLimited { retry_after }));
            }
        };
        let found = self.ports.store.login_candidate(command.email.canonical()).await?;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        // In the place of the account where there is none: it has accepted nothing, and the same is read.
        let nobody = ids.id()?;
        let terms = terms_standing(&self.ports, found.as_ref().map_or(nobody, |found| found.account.id), now).await?;
        let lacks_answers = self.lacks_answers(found.as_ref().map_or(nobody, |found| found.account.id)).await?;
        let application = self.application(&command.email, now).await?;
        let stored = found.as_ref().map(|found| &found.password.hash).or(application.as_ref());
        let verification = self.ports.hasher.verify(&command.password, stored).await?;
        let fresh = NewIds {
            set: ids.id()?,
            session: ids.id()?,
            secret: ids.secret(TokenKind::Session)?,
            device: ids.secret(TokenKind::Device)?,
            event: ids.event()?,
            required: ids.event()?,
            ended: ids.event()?,
            message: ids.id()?,
            sign_in: ids.id()?,
        };
        if found.is_none() && application.is_some() && verification != PasswordVerification::Differs {
            let mut changes = attempt.succeeded(now);
            changes.push(failed(None, &command, now, &fresh));
            self.holds(&ChangeSet::new(fresh.set, now, changes)?).await?;
            return Err(LogInError::AwaitingApproval);
        }
        let account = match found {
            Some(found) if verification != PasswordVerification::Differs && is_admitted(&found, now) => {
                let admission = Admission {
                    better_hash: self.better_hash(&found, verification, &command.password, &ids).await?,
                    is_compromised: self.is_compromised(&found, &command.password).await,
                    found,
                    attempt,
                    terms,
                    lacks_answers,
                    replaces: command.replaces.clone(),
                };
                match self.admit(admission, &command, now, &fresh).await? {
                    Ok(logged_in) => return Ok(logged_in),
                    Err(account) => Some(account),
                }
            }
            found => found.map(|found| found.account),
        };
        let event = failed(account.as_ref(), &command, now, &fresh);
        self.holds(&ChangeSet::new(fresh.set, now, vec![event])?).await?;
        Err(LogInError::Refused)
    }

    /// The password of somebody who waits for approval with this address, where people wait at all.
    async fn application(&self, email: &EmailAddress, now: Timestamp) -> Result<Option<PasswordHash>, Unavailable> {
        if !self.settings.registration.approval {
            return Ok(None);
        }
        let waiting = self.ports.store.newest_registration(email.canonical(), RegistrationState::AwaitingApproval, now).await?;
        Ok(waiting.and_then(|registration| registration.application).map(|application| application.password))
    }

    /// The hash under the parameters of today, where the stored one is of older ones. A temporary password is used up by this login, and
    /// needs no better hash.
    async fn better_hash(
        &self,
        found: &AccountWithPassword,
        verification: PasswordVerification,
        password: &Candidate,
        ids: &IdSource<'_>,
    ) -> Result<Option<PasswordHash>, LogInError> {
        match verification {
            PasswordVerification::Matches { outdated: true } if found.password.ends_at.is_none() => {
                Ok(Some(self.ports.hasher.rehash(password, ids.salt()?).await?))
            }
            _ => Ok(None),
        }
    }

    /// Whether security questions have to be answered that are not; an account that is not there has answered none.
    async fn lacks_answers(&self, account: AccountId) -> Result<bool, Unavailable> {
        match self.settings.security_questions.as_ref().filter(|questions| questions.are_required()) {
            Some(questions) => Ok(!questions.are_answered(&self.ports.store.security_answers(account).await?)),
            None => Ok(false),
        }
    }

    /// Whether a password that is right is known to others, and its person has not been told yet.
    async fn is_compromised(&self, found: &AccountWithPassword, password: &Candidate) -> bool {
        self.settings.password_policy.breached
            && !found.account.required_actions.contains(&RequiredAction::ChangePassword)
            && self.ports.breached.is_breached(password).await
    }

    /// Commits the login. What changed while the password was verified is read again and decides: a right password is not refused for
    /// a profile that was saved at the same time. Answers the account where it lets nobody in any more.
    async fn admit(
        &self,
        admission: Admission,
        command: &LogInCommand,
        now: Timestamp,
        fresh: &NewIds,
    ) -> Result<Result<LoggedIn, Account>, LogInError> {
        let lost = Unavailable::new("login", Rejection::Changed(Entity::Account)).into();
        retry_from(admission, lost, |mut admission| async move {
            let (session, set) = admit(&admission, command, &self.settings, now, fresh)?;
            if self.holds(&set).await? {
                let device = (!admission.attempt.is_trusted()).then(|| fresh.device.clone());
                let offered_terms = admission.terms.waiting().filter(|waiting| now < waiting.due_at());
                let account = admission.account(now);
                return Ok(ControlFlow::Break(Ok(LoggedIn {
                    secret: fresh.secret.clone(),
                    session,
                    account,
                    device,
                    offered_terms,
                })));
            }
            let Some(found) = self.ports.store.login_candidate(command.email.canonical()).await? else {
                return Ok(ControlFlow::Break(Err(admission.found.account)));
            };
            if let Some(older) = &admission.replaces
                && self.ports.store.session(older.session.id).await?.is_none()
            {
                admission.replaces = None;
            }
            let is_same = found.password == admission.found.password;
            if !is_same {
                let verified = self.ports.hasher.verify(&command.password, Some(&found.password.hash)).await?;
                if verified == PasswordVerification::Differs {
                    return Ok(ControlFlow::Break(Err(found.account)));
                }
                // Another login of this moment has replaced the hash, or the same password was set again.
                admission.better_hash = None;
            }
            if !is_admitted(&found, now) {
                return Ok(ControlFlow::Break(Err(found.account)));
            }
            // Its person is told once.
            admission.is_compromised &= !found.account.required_actions.contains(&RequiredAction::ChangePassword);
            admission.found = found;
            Ok(ControlFlow::Continue(admission))
        })
        .await
    }

    /// Records that a password was not tried. It takes its network's permit all the same: nobody writes without end.
    async fn record_not_tried(&self, command: &LogInCommand, now: Timestamp) -> Result<(), Fault> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, Action::LoginLocked, Actor::Anonymous, Subject::Nothing)
            .concerning(&event, &command.email)
            .from_client(&event, &command.client);
        let limits = RateLimits::of(RateLimitedAction::LogIn, &command.client, &self.settings.throttle);
        limits.consume_with(&self.ports, now, vec![Change::Audit(AuditChange::Record(recorded))]).await
    }

    /// Commits; `false` where something has changed since it was read.
    async fn holds(&self, set: &ChangeSet) -> Result<bool, Unavailable> {
        match self.ports.store.commit(set).await {
            Ok(()) => Ok(true),
            Err(CommitError::Rejected(Rejection::Changed(_))) => Ok(false),
            Err(CommitError::Rejected(rejection)) => Err(Unavailable::new("login", rejection)),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }
}

/// Whether the owner of this password gets in by it.
fn is_admitted(found: &AccountWithPassword, now: Timestamp) -> bool {
    found.account.is_active() && found.password.is_valid(now)
}

/// A person whose password was right.
struct Admission {
    found: AccountWithPassword,
    better_hash: Option<PasswordHash>,
    is_compromised: bool,
    attempt: Attempt,
    terms: TermsStanding,
    lacks_answers: bool,
    /// The session that ends with this login, as long as it is there.
    replaces: Option<SignedIn>,
}

impl Admission {
    /// Whether this login uses a temporary password up.
    const fn is_temporary(&self) -> bool {
        self.found.password.ends_at.is_some()
    }

    /// Whether this login makes the terms a condition: what the account accepted is older, and the time of grace is over.
    fn asks_for_terms(&self, now: Timestamp) -> bool {
        self.terms.is_due(now) && !self.found.account.required_actions.contains(&RequiredAction::AcceptTerms)
    }

    /// Whether this login makes security questions a condition.
    fn asks_questions(&self) -> bool {
        self.lacks_answers && !self.found.account.required_actions.contains(&RequiredAction::AnswerSecurityQuestions)
    }

    /// The account as it is after the login. A temporary password raises its version: of two logins at once one uses it up.
    fn account(&self, now: Timestamp) -> Account {
        let account = &self.found.account;
        let mut next = account.clone();
        if self.asks_for_terms(now) {
            next = next.with_terms_required();
        }
        if self.asks_questions() {
            next = next.with_questions_required();
        }
        if self.is_compromised || self.is_temporary() {
            next = next.with_password_change_required();
        }
        // One commit raises the version once.
        Account { version: next.version.min(account.version.saturating_add(1)), ..next }
    }
}

fn admit(
    admission: &Admission,
    command: &LogInCommand,
    settings: &Settings,
    now: Timestamp,
    fresh: &NewIds,
) -> Result<(Session, ChangeSet), ContradictingChanges> {
    let AccountWithPassword { account, password } = &admission.found;
    // A session of a temporary password lasts no longer than that password.
    let terms = (&settings.session_limits, command.remember && !admission.is_temporary());
    let mut session = Session::start(
        fresh.session,
        fresh.secret.digest(),
        (account.id, account.session_epoch),
        now,
        terms,
        command.client.clone(),
    );
    session.expires_at = password.ends_at.map_or(session.expires_at, |ends_at| session.expires_at.min(ends_at));
    let event =
        AuditEvent::new(&fresh.event, now, Action::LoginSucceeded, Actor::Account(account.id), Subject::Session(session.id))
            .concerning(&fresh.event, &command.email)
            .from_client(&fresh.event, &command.client);
    let mut changes = admission.attempt.succeeded(now);
    changes.extend([Change::Session(SessionChange::Start(session.clone())), Change::Audit(AuditChange::Record(event))]);
    if let Some(SignedIn { session, account }) = &admission.replaces {
        let (by, of) = (Actor::Account(account.id), Subject::Session(session.id));
        changes.push(Change::Session(SessionChange::End(session.id)));
        changes.push(Change::Audit(AuditChange::Record(AuditEvent::new(&fresh.ended, now, Action::SessionEnded, by, of))));
    }
    if !admission.attempt.is_trusted() {
        changes.extend(attempt::known(settings, &fresh.device, &account.email, now));
    }
    if admission.account(now).version > account.version {
        changes.push(Change::Account(AccountChange::Revise { account: admission.account(now), by: None }));
    } else {
        // A profile that is saved at the same time is no reason to refuse; whatever ends sessions is.
        changes.push(Change::Account(AccountChange::RequireSessionEpoch { id: account.id, epoch: account.session_epoch }));
    }
    if admission.attempt.is_unknown() {
        let kind = MailKind::Account(AccountMail::SignedIn { session: session.id });
        let told = OutboxMessage::queue(fresh.sign_in, account.email.clone(), account.language.clone(), kind, now);
        changes.push(Change::Outbox(OutboxChange::Queue(told)));
    }
    if admission.is_compromised {
        let kind = MailKind::Password(PasswordMail::Breached { account: account.id });
        changes.extend([
            Change::Outbox(OutboxChange::Queue(OutboxMessage::queue(
                fresh.message,
                account.email.clone(),
                account.language.clone(),
                kind,
                now,
            ))),
            Change::Audit(AuditChange::Record(AuditEvent::new(
                &fresh.required,
                now,
                Action::PasswordChangeRequired,
                Actor::System,
                Subject::Account(account.id),
            ))),
        ]);
    }
    if admission.is_temporary() {
        changes.push(Change::Password(PasswordChange::Set {
            id: account.id,
            from: password.hash.clone(),
            to: password.ended(now),
        }));
    } else if let Some(to) = &admission.better_hash {
        changes.push(Change::Password(PasswordChange::Rehash { id: account.id, from: password.hash.clone(), to: to.clone() }));
    }
    Ok((session, ChangeSet::new(fresh.set, now, changes)?))
}

/// The event of a login that let nobody in.
fn failed(account: Option<&Account>, command: &LogInCommand, now: Timestamp, fresh: &NewIds) -> Change {
    let subject = account.map_or(Subject::Nothing, |account| Subject::Account(account.id));
    let event = AuditEvent::new(&fresh.event, now, Action::LoginFailed, Actor::Anonymous, subject);
    Change::Audit(AuditChange::Record(event.concerning(&fresh.event, &command.email).from_client(&fresh.event, &command.client)))
}
