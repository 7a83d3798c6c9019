//! Setting a new password by a mailed link.

use std::sync::Arc;

use super::link;
use crate::{
    audit::Action,
    change::{Change, ChangeSet, CommitError, Unavailable},
    password::{Candidate, FreshReplacement, NewPassword, NotChosen, Replacement, Sessions, Unacceptable, chosen},
    port::{Draw, Ports, WorkError},
    session::Client,
    settings::Settings,
    throttle::{Bucket, Door, LoginPace, Turns},
    value::{SignedDuration, Timestamp, TokenKind, TokenSecret},
};

/// What the person submits.
#[derive(Debug)]
pub struct ResetCommand {
    /// The secret of the link.
    pub secret: TokenSecret,
    /// The new password.
    pub password: Candidate,
    /// The new password again.
    pub confirmation: Candidate,
    /// Where the request came from.
    pub client: Client,
}

/// The password is set. Nobody is signed in by it.
#[derive(Debug)]
pub struct ResetDone {
    /// For the browser to keep: whatever strangers try for the address, this one may sign in.
    pub device: TokenSecret,
}

/// Why the password was not set.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// The link is unknown, expired or used, or a later act ended it: a stranger is not told which.
    #[error("this link does not work any more")]
    DeadLink,
    /// The new password has to be mended.
    #[error("the new password was refused")]
    Refused(Unacceptable),
    /// Too many requests from this network.
    #[error("too many requests: try again in {retry_after:#}")]
    Throttled {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// Too many passwords are being judged or hashed.
    #[error("too busy: try again in {retry_after:#}")]
    Busy {
        /// When trying again makes sense.
        retry_after: SignedDuration,
    },
    /// A part of the system could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

crate::error::busy_from!(ResetError);
crate::error::throttled_from!(ResetError);

impl From<NotChosen> for ResetError {
    fn from(error: NotChosen) -> Self {
        match error {
            NotChosen::Unacceptable(unacceptable) => Self::Refused(unacceptable),
            NotChosen::Work(error) => WorkError::into(error),
        }
    }
}

/// How often a decision is made anew because what it stood on changed before its commit.
const TRIES: usize = 3;

/// Sets a new password: every session, every other link and what was required ends with the same commit, and a notice is mailed.
pub struct ResetPassword {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ResetPassword {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Sets it.
    ///
    /// # Errors
    /// [`ResetError`]; nothing was changed, and the link still works unless it is dead.
    pub async fn run(&self, command: ResetCommand) -> Result<ResetDone, ResetError> {
        let now = self.ports.clock.now();
        Turns::at(Door::Link, &command.client, &self.settings.throttle).take(&self.ports, now).await?;
        let mut behind = self.live(&command.secret, now).await?;
        let new = NewPassword { password: command.password, confirmation: command.confirmation };
        let chosen = chosen(&self.ports, &self.settings, &behind.owner, new, now).await?;
        for _ in 0..TRIES {
            let draw = Draw::new(now, self.ports.entropy.as_ref());
            let device = draw.secret(TokenKind::Device)?;
            let replacement = Replacement {
                owner: &behind.owner,
                chosen: &chosen,
                sessions: Sessions::All,
                action: Action::PasswordReset,
                client: &command.client,
            };
            let mut changes = replacement.changes(&self.settings, now, &FreshReplacement::draw(&draw)?);
            changes.push(Change::SpendToken { id: behind.token.id, at: now });
            if self.settings.throttle.enabled {
                let bucket = Bucket::logins_by(&device, &behind.owner.account.email);
                changes.push(Change::ResetBucket { bucket, to: LoginPace::fresh(now) });
            }
            match self.ports.store.commit(&ChangeSet::new(draw.id()?, now, changes)?).await {
                Ok(()) => return Ok(ResetDone { device }),
                // Something it stood on has changed: what the link leads to now decides.
                Err(CommitError::Rejected(_)) => behind = self.live(&command.secret, now).await?,
                Err(CommitError::Unavailable(error)) => return Err(error.into()),
            }
        }
        Err(ResetError::DeadLink)
    }

    async fn live(&self, secret: &TokenSecret, now: Timestamp) -> Result<link::Behind, ResetError> {
        link::load(&self.ports, secret).await?.filter(|behind| behind.counts(now)).ok_or(ResetError::DeadLink)
    }
}
