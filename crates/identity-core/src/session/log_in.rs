use std::sync::Arc;

use super::{Client, Session};
use crate::{
    account::Account,
    audit::{Action, Actor, AuditEvent, FreshEvent, Subject},
    change::{Change, ChangeSet, CommitError, ContradictingChanges, Rejection, Unavailable},
    password::{Candidate, PasswordHash},
    port::{Draw, EntropyError, LoginCandidate, Ports, Verification, WorkError},
    settings::Settings,
    value::{ChangeSetId, EmailAddress, SessionId, SignedDuration, Timestamp, TokenKind, TokenSecret},
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
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// The address, the password or the account is not right: nobody is told which.
    #[error("the e-mail address or the password is not right")]
    Refused,
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

impl From<WorkError> for LogInError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Busy { retry_after } => Self::Busy { retry_after },
            WorkError::Unavailable(error) => Self::Unavailable(error),
        }
    }
}

impl From<EntropyError> for LogInError {
    fn from(error: EntropyError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<ContradictingChanges> for LogInError {
    fn from(error: ContradictingChanges) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Signs a person in. Every path reads once, verifies once and commits once.
pub struct LogIn {
    ports: Ports,
    settings: Arc<Settings>,
}

struct Fresh {
    set: ChangeSetId,
    session: SessionId,
    secret: TokenSecret,
    event: FreshEvent,
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
        let found = self.ports.store.login_candidate(command.email.canonical()).await?;
        let verification = self.ports.hasher.verify(&command.password, found.as_ref().map(|found| &found.password)).await?;
        let draw = Draw::new(now, self.ports.entropy.as_ref());
        let (better_hash_due, admitted) = match (found, verification) {
            (Some(found), Verification::Matches { outdated }) if found.account.is_active() => (outdated, Ok(found)),
            (found, _) => (false, Err(found.map(|found| found.account))),
        };
        let better_hash =
            if better_hash_due { Some(self.ports.hasher.rehash(&command.password, draw.salt()?).await?) } else { None };
        let fresh = Fresh { set: draw.id()?, session: draw.id()?, secret: draw.secret(TokenKind::Session)?, event: draw.event()? };
        let account = match admitted {
            Ok(found) => {
                let replaces = better_hash.is_some();
                let (session, set) = admit(&found, better_hash, &command, &self.settings, now, &fresh)?;
                let mut held = self.holds(&set).await?;
                if !held && replaces {
                    // Another login of this moment replaced the hash: that is no reason to refuse this one. A changed password
                    // would have raised the account's version, which is required all the same.
                    let (_, set) = admit(&found, None, &command, &self.settings, now, &fresh)?;
                    held = self.holds(&set).await?;
                }
                if held {
                    return Ok(LoggedIn { secret: fresh.secret, session, account: found.account });
                }
                // The account or its password changed while the password was verified.
                Some(found.account)
            }
            Err(account) => account,
        };
        self.holds(&refuse(account.as_ref(), &command, now, &fresh)?).await?;
        Err(LogInError::Refused)
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

fn admit(
    found: &LoginCandidate,
    better_hash: Option<PasswordHash>,
    command: &LogInCommand,
    settings: &Settings,
    now: Timestamp,
    fresh: &Fresh,
) -> Result<(Session, ChangeSet), ContradictingChanges> {
    let account = &found.account;
    let terms = (&settings.session_limits, command.remember);
    let session = Session::start(fresh.session, fresh.secret.digest(), account.id, now, terms, command.client.clone());
    let event =
        AuditEvent::new(&fresh.event, now, Action::LoginSucceeded, Actor::Account(account.id), Subject::Session(session.id))
            .concerning(&fresh.event, &command.email)
            .from_client(&fresh.event, &command.client);
    let mut changes = vec![
        Change::RequireAccount { id: account.id, version: account.version },
        Change::StartSession(session.clone()),
        Change::Record(event),
    ];
    if let Some(to) = better_hash {
        changes.push(Change::Rehash { id: account.id, from: found.password.clone(), to });
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
