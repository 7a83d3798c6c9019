//! Changing one's own password.

use std::sync::Arc;

use super::{
    NewPassword, Unacceptable,
    replace::{NewReplacementIds, NotChosen, Replacement, Sessions, chosen, faults},
};
use crate::{
    change::{ChangeSet, CommitError, Unavailable},
    flow::{Fault, session::attempt},
    model::{
        Settings,
        account::RequiredAction,
        audit::Action,
        password::{Candidate, Password},
        session::{Client, SessionLimits, SignedIn},
    },
    port::{IdSource, PasswordVerification, Ports, WorkError},
    value::Timestamp,
};

/// What a signed-in person submits.
#[derive(Debug)]
pub struct ChangePasswordCommand {
    /// The password in force; not needed where [`ChangePassword::knows_current`].
    pub current: Option<Candidate>,
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
    /// Nothing that the caller did wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::flow::error::fault_from!(ChangePasswordError);

impl From<NotChosen> for ChangePasswordError {
    fn from(error: NotChosen) -> Self {
        match error {
            NotChosen::Unacceptable(unacceptable) => Self::Refused(unacceptable),
            NotChosen::Work(error) => WorkError::into(error),
        }
    }
}

/// Whether a session shows by itself that its person knows the password in force. Sessions end with the password that started them, so
/// one of a temporary password was started by that one.
fn shows_current(signed_in: &SignedIn, password: &Password, limits: &SessionLimits, now: Timestamp) -> bool {
    password.ends_at.is_some()
        && signed_in.account.required_actions.contains(&RequiredAction::ChangePassword)
        && signed_in.session.started_at >= password.set_at
        && signed_in.session.is_proved(limits, now)
}

/// Changes the password of the person who is signed in and knows the one in force. Every other session ends.
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

    /// Whether the password in force need not be said again: it is a temporary one, the session was started by it a moment ago
    /// ([`SessionLimits::reauthenticate_after`]), and choosing another is all that the session opens.
    ///
    /// # Errors
    /// [`Unavailable`]; nothing is known of it.
    pub async fn knows_current(&self, signed_in: &SignedIn) -> Result<bool, Unavailable> {
        if !signed_in.account.required_actions.contains(&RequiredAction::ChangePassword) {
            return Ok(false);
        }
        let owner = self.ports.store.credential(signed_in.account.id).await?;
        let (limits, now) = (&self.settings.session_limits, self.ports.clock.now());
        Ok(owner.is_some_and(|owner| shows_current(signed_in, &owner.password, limits, now)))
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
        // A person who finds an open session does not get to guess the password either.
        let attempt = attempt::reserve_for_session(&self.ports, &self.settings, signed_in, now).await?;
        let is_known = match &command.current {
            Some(current) => self.ports.hasher.verify(current, Some(&owner.password.hash)).await? != PasswordVerification::Differs,
            None => shows_current(signed_in, &owner.password, &self.settings.session_limits, now),
        };
        let new = NewPassword { password: command.password, confirmation: command.confirmation };
        if !is_known {
            return Err(ChangePasswordError::WrongPassword(faults(&self.ports, &self.settings, &owner.account, &new).await?));
        }
        let judged = chosen(&self.ports, &self.settings, &owner, new, now).await;
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let forget = attempt.succeeded(now);
        let chosen = match judged {
            Ok(chosen) => chosen,
            Err(NotChosen::Work(WorkError::Unavailable(error))) => return Err(error.into()),
            Err(error) => {
                // The current password was right: that is no failed attempt.
                if !forget.is_empty() {
                    let set = ChangeSet::new(ids.id()?, now, forget)?;
                    self.ports.store.commit(&set).await.map_err(|error| Unavailable::new("throttle", error))?;
                }
                return Err(error.into());
            }
        };
        let fresh = NewReplacementIds::generate(&ids)?;
        let replacement = Replacement {
            owner: &owner,
            chosen: &chosen,
            sessions: Sessions::AllBut(signed_in.session.id),
            action: Action::PasswordChanged,
            client: &command.client,
        };
        // Which forgets the attempts, too.
        let changes = replacement.changes(&self.settings, now, &fresh);
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(()),
            Err(CommitError::Rejected(_)) => Err(ChangePasswordError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}
