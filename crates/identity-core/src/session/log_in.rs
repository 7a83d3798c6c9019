use std::sync::Arc;

use super::{
    Client, Session,
    attempt::{self, Attempt, NotReserved},
};
use crate::{
    account::{Account, RequiredAction},
    audit::{Action, Actor, AuditEvent, FreshEvent, Subject},
    change::{Change, ChangeSet, CommitError, ContradictingChanges, Rejection, Unavailable},
    notice::{Notice, Topic},
    password::{Candidate, PasswordHash},
    port::{Draw, LoginCandidate, Ports, Verification},
    settings::Settings,
    terms::{TermsSchedule, TermsStanding},
    throttle::{Bucket, Closed, Door, LoginPace, Turns},
    value::{AccountId, ChangeSetId, EmailAddress, NoticeId, SessionId, SignedDuration, Timestamp, TokenKind, TokenSecret},
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
    /// Where the request came from.
    pub client: Client,
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
    /// Too many attempts for this address, whether or not it has an account, or from this network.
    #[error("too many attempts: try again in {retry_after:#}")]
    Throttled {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// Too many passwords are being hashed.
    #[error("too busy: try again in {retry_after:#}")]
    Busy {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// A part of the system could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

crate::error::busy_from!(LogInError);
crate::error::throttled_from!(LogInError);

/// Signs a person in. Every path counts the attempt, reads what the address has and how it stands to the terms, verifies once and
/// commits once.
pub struct LogIn {
    ports: Ports,
    settings: Arc<Settings>,
}

#[derive(Clone)]
struct Fresh {
    set: ChangeSetId,
    session: SessionId,
    secret: TokenSecret,
    device: TokenSecret,
    event: FreshEvent,
    required: FreshEvent,
    notice: NoticeId,
    sign_in: NoticeId,
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
            Err(NotReserved::Closed(closed)) => return Err(closed.into()),
            Err(NotReserved::Locked { retry_after }) => {
                self.record_not_tried(&command, now).await?;
                return Err(LogInError::Throttled { retry_after });
            }
        };
        let found = self.ports.store.login_candidate(command.email.canonical()).await?;
        let draw = Draw::new(now, self.ports.entropy.as_ref());
        // In the place of the account where there is none: it has accepted nothing, and the same is read.
        let nobody = draw.id()?;
        let terms = TermsStanding::load(&self.ports, found.as_ref().map_or(nobody, |found| found.account.id), now).await?;
        let lacks_answers = self.lacks_answers(found.as_ref().map_or(nobody, |found| found.account.id)).await?;
        let stored = found.as_ref().map(|found| &found.password.hash);
        let verification = self.ports.hasher.verify(&command.password, stored).await?;
        let fresh = Fresh {
            set: draw.id()?,
            session: draw.id()?,
            secret: draw.secret(TokenKind::Session)?,
            device: draw.secret(TokenKind::Device)?,
            event: draw.event()?,
            required: draw.event()?,
            notice: draw.id()?,
            sign_in: draw.id()?,
        };
        let account = match (found, verification) {
            (Some(found), Verification::Matches { outdated }) if found.account.is_active() && found.password.counts(now) => {
                // A temporary password is used up by this login: no better hash of it is needed.
                let better_hash = if outdated && found.password.ends_at.is_none() {
                    Some(self.ports.hasher.rehash(&command.password, draw.salt()?).await?)
                } else {
                    None
                };
                let admission = Admission {
                    is_compromised: self.is_compromised(&found, &command.password).await,
                    found,
                    better_hash,
                    attempt,
                    terms,
                    lacks_answers,
                };
                match self.admit(admission, &command, now, fresh.clone()).await? {
                    Ok(logged_in) => return Ok(logged_in),
                    // The account or its password changed while the password was verified.
                    Err(account) => Some(account),
                }
            }
            (found, _) => found.map(|found| found.account),
        };
        self.holds(&refuse(account.as_ref(), &command, now, &fresh)?).await?;
        Err(LogInError::Refused)
    }

    /// Whether security questions have to be answered that are not; an account that is not there has answered none.
    async fn lacks_answers(&self, account: AccountId) -> Result<bool, Unavailable> {
        match self.settings.security_questions.as_ref().filter(|questions| questions.are_required()) {
            Some(questions) => Ok(!questions.are_answered(&self.ports.store.security_answers(account).await?)),
            None => Ok(false),
        }
    }

    /// Whether a password that is right is known to others, and its person has not been told yet.
    async fn is_compromised(&self, found: &LoginCandidate, password: &Candidate) -> bool {
        self.settings.password_policy.breached
            && !found.account.required_actions.contains(&RequiredAction::ChangePassword)
            && self.ports.breached.is_breached(password).await
    }

    async fn admit(
        &self,
        admission: Admission,
        command: &LogInCommand,
        now: Timestamp,
        fresh: Fresh,
    ) -> Result<Result<LoggedIn, Account>, LogInError> {
        let (session, set) = admit(&admission, command, &self.settings, now, &fresh)?;
        let mut held = self.holds(&set).await?;
        let mut admission = admission;
        if !held && admission.better_hash.take().is_some() {
            // Another login of this moment replaced the hash: that is no reason to refuse this one. A changed password
            // would have raised the account's version, which is required all the same.
            let (_, set) = admit(&admission, command, &self.settings, now, &fresh)?;
            held = self.holds(&set).await?;
        }
        if !held && self.is_done(&mut admission, command, now).await? {
            let (_, set) = admit(&admission, command, &self.settings, now, &fresh)?;
            held = self.holds(&set).await?;
        }
        let device = (!admission.attempt.is_trusted()).then_some(fresh.device);
        let account = admission.account(now);
        let offered_terms = admission.terms.waiting().filter(|waiting| now < waiting.due_at());
        Ok(if held { Ok(LoggedIn { secret: fresh.secret, session, account, device, offered_terms }) } else { Err(account) })
    }

    /// Whether all that changed is that another login of this moment has asked for the same: that is no reason to refuse this one.
    async fn is_done(&self, admission: &mut Admission, command: &LogInCommand, now: Timestamp) -> Result<bool, Unavailable> {
        let before = &admission.found;
        if admission.is_compromised || admission.is_temporary() {
            return Ok(false);
        }
        let now_there = self.ports.store.login_candidate(command.email.canonical()).await?;
        let asked = [before.account.with_terms_required(), admission.account(now)];
        let Some(found) = now_there.filter(|found| asked.contains(&found.account) && found.password == before.password) else {
            return Ok(false);
        };
        admission.found = found;
        Ok(true)
    }

    /// Records that a password was not tried. It takes its network's turn all the same: nobody writes without end.
    async fn record_not_tried(&self, command: &LogInCommand, now: Timestamp) -> Result<(), Closed> {
        let draw = Draw::new(now, self.ports.entropy.as_ref());
        let event = draw.event()?;
        let recorded = AuditEvent::new(&event, now, Action::LoginLocked, Actor::Anonymous, Subject::Nothing)
            .concerning(&event, &command.email)
            .from_client(&event, &command.client);
        let turns = Turns::at(Door::LogIn, &command.client, &self.settings.throttle);
        turns.take_with(&self.ports, now, vec![Change::Record(recorded)]).await
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

/// A person whose password was right.
struct Admission {
    found: LoginCandidate,
    better_hash: Option<PasswordHash>,
    is_compromised: bool,
    attempt: Attempt,
    terms: TermsStanding,
    lacks_answers: bool,
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
    fresh: &Fresh,
) -> Result<(Session, ChangeSet), ContradictingChanges> {
    let LoginCandidate { account, password } = &admission.found;
    // A session of a temporary password lasts no longer than that password.
    let terms = (&settings.session_limits, command.remember && !admission.is_temporary());
    let mut session = Session::start(fresh.session, fresh.secret.digest(), account.id, now, terms, command.client.clone());
    session.expires_at = password.ends_at.map_or(session.expires_at, |ends_at| session.expires_at.min(ends_at));
    let event =
        AuditEvent::new(&fresh.event, now, Action::LoginSucceeded, Actor::Account(account.id), Subject::Session(session.id))
            .concerning(&fresh.event, &command.email)
            .from_client(&fresh.event, &command.client);
    let mut changes = admission.attempt.succeeded(now);
    changes.extend([Change::StartSession(session.clone()), Change::Record(event)]);
    if settings.throttle.enabled && !admission.attempt.is_trusted() {
        let bucket = Bucket::logins_by(&fresh.device, &account.email);
        changes.push(Change::ResetBucket { bucket, to: LoginPace::fresh(now) });
    }
    if admission.account(now).version > account.version {
        changes.push(Change::ReviseAccount { account: admission.account(now), by: None });
    } else {
        changes.push(Change::RequireAccount { id: account.id, version: account.version });
    }
    if admission.attempt.is_unknown() {
        let topic = Topic::SignedIn { session: session.id };
        let told = Notice::queue(fresh.sign_in, account.email.clone(), account.language.clone(), topic, now);
        changes.push(Change::QueueNotice(told));
    }
    if admission.is_compromised {
        let topic = Topic::PasswordChangeRequired { account: account.id };
        changes.extend([
            Change::QueueNotice(Notice::queue(fresh.notice, account.email.clone(), account.language.clone(), topic, now)),
            Change::Record(AuditEvent::new(
                &fresh.required,
                now,
                Action::PasswordChangeRequired,
                Actor::System,
                Subject::Account(account.id),
            )),
        ]);
    }
    if admission.is_temporary() {
        changes.push(Change::SetPassword { id: account.id, from: password.hash.clone(), to: password.ended(now) });
    } else if let Some(to) = &admission.better_hash {
        changes.push(Change::Rehash { id: account.id, from: password.hash.clone(), to: to.clone() });
    }
    Ok((session, ChangeSet::new(fresh.set, now, changes)?))
}

fn refuse(
    account: Option<&Account>,
    command: &LogInCommand,
    now: Timestamp,
    fresh: &Fresh,
) -> Result<ChangeSet, ContradictingChanges> {
    let subject = account.map_or(Subject::Nothing, |account| Subject::Account(account.id));
    let event = AuditEvent::new(&fresh.event, now, Action::LoginFailed, Actor::Anonymous, subject)
        .concerning(&fresh.event, &command.email)
        .from_client(&fresh.event, &command.client);
    ChangeSet::new(fresh.set, now, vec![Change::Record(event)])
}
