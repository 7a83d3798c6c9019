//! Changing one's own password.

use std::sync::Arc;

use super::{
    Candidate, NewPassword, Unacceptable,
    replace::{FreshReplacement, NotChosen, Replacement, Sessions, chosen, faults},
};
use crate::{
    audit::Action,
    change::{ChangeSet, CommitError, Unavailable},
    port::{Draw, Ports, Verification, WorkError},
    session::{Client, SignedIn, attempt},
    settings::Settings,
    value::SignedDuration,
};

/// What a signed-in person submits.
#[derive(Debug)]
pub struct ChangePasswordCommand {
    /// The password in force.
    pub current: Candidate,
    /// The new one.
    pub password: Candidate,
    /// The new one again.
    pub confirmation: Candidate,
    /// Where the request came from.
    pub client: Client,
}

/// Why the password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The current password is not right, nor may the new one be, as far as that shows without the passwords that were used before.
    #[error("the current password is not right")]
    WrongPassword(Unacceptable),
    /// The new password has to be mended.
    #[error("the new password was refused")]
    Refused(Unacceptable),
    /// The account changed in the meantime.
    #[error("the account has just been changed: sign in again")]
    Conflict,
    /// Too many wrong passwords.
    #[error("too many attempts: try again in {retry_after:#}")]
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

crate::error::busy_from!(ChangePasswordError);
crate::error::throttled_from!(ChangePasswordError);

impl From<NotChosen> for ChangePasswordError {
    fn from(error: NotChosen) -> Self {
        match error {
            NotChosen::Unacceptable(unacceptable) => Self::Refused(unacceptable),
            NotChosen::Work(error) => WorkError::into(error),
        }
    }
}

/// Changes the password of whoever is signed in and knows the one in force. Every other session ends.
pub struct ChangePassword {
    ports: Ports,
    settings: Arc<Settings>,
}

impl ChangePassword {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports, settings: Arc<Settings>) -> Self {
        Self { ports, settings }
    }

    /// Changes it.
    ///
    /// # Errors
    /// [`ChangePasswordError`]; nothing was changed.
    pub async fn run(&self, signed_in: &SignedIn, command: ChangePasswordCommand) -> Result<(), ChangePasswordError> {
        let now = self.ports.clock.now();
        let id = signed_in.account.id;
        let owner = self.ports.store.credential(id).await?.filter(|owner| owner.account.is_active());
        let owner = owner.ok_or(ChangePasswordError::Conflict)?;
        // Whoever finds an open session does not get to guess the password either.
        let attempt = attempt::reserve_for_session(&self.ports, &self.settings, signed_in, now).await?;
        let verified = self.ports.hasher.verify(&command.current, Some(&owner.password.hash)).await?;
        let new = NewPassword { password: command.password, confirmation: command.confirmation };
        if verified == Verification::Differs {
            return Err(ChangePasswordError::WrongPassword(faults(&self.ports, &self.settings, &owner.account, &new).await?));
        }
        let judged = chosen(&self.ports, &self.settings, &owner, new, now).await;
        let draw = Draw::new(now, self.ports.entropy.as_ref());
        let forget = attempt.succeeded(now);
        let chosen = match judged {
            Ok(chosen) => chosen,
            Err(NotChosen::Work(WorkError::Unavailable(error))) => return Err(error.into()),
            Err(error) => {
                // The current password was right: that is no failed attempt.
                if !forget.is_empty() {
                    let set = ChangeSet::new(draw.id()?, now, forget)?;
                    self.ports.store.commit(&set).await.map_err(|error| Unavailable::new("throttle", error))?;
                }
                return Err(error.into());
            }
        };
        let fresh = FreshReplacement::draw(&draw)?;
        let replacement = Replacement {
            owner: &owner,
            chosen: &chosen,
            sessions: Sessions::AllBut(signed_in.session.id),
            action: Action::PasswordChanged,
            client: &command.client,
        };
        // Which forgets the attempts, too.
        let changes = replacement.changes(&self.settings, now, &fresh);
        match self.ports.store.commit(&ChangeSet::new(draw.id()?, now, changes)?).await {
            Ok(()) => Ok(()),
            Err(CommitError::Rejected(_)) => Err(ChangePasswordError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}
