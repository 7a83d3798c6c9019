//! Switching accounts off and on.

use super::{Account, AccountState};
use crate::{
    access::{Administrator, Scope},
    audit::{Action, Actor, AuditEvent, Subject},
    change::{Change, ChangeSet, CommitError, ContradictingChanges, Unavailable},
    port::{Draw, EntropyError, Ports},
    value::AccountId,
};

/// Why an account was not switched.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// There is no such account where the administrator may act.
    #[error("there is no such account")]
    NotFound,
    /// Nobody switches off the account they are signed in with.
    #[error("you cannot disable your own account")]
    OwnAccount,
    /// Only operators switch operators.
    #[error("only an operator can disable or enable an operator")]
    NotAllowed,
    /// It changed in the meantime.
    #[error("this has just been changed by somebody else: look again")]
    Conflict,
    /// A part of the system could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<EntropyError> for SwitchError {
    fn from(error: EntropyError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<ContradictingChanges> for SwitchError {
    fn from(error: ContradictingChanges) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Disables and enables accounts. Sessions and invitations of a disabled account stop working with the commit.
pub struct SwitchAccount {
    ports: Ports,
}

impl SwitchAccount {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Brings an account into a state; one that is in it already stays as it is.
    ///
    /// # Errors
    /// [`SwitchError`]; nothing was changed.
    pub async fn run(&self, by: &Administrator, id: AccountId, state: AccountState) -> Result<Account, SwitchError> {
        let now = self.ports.clock.now();
        let found = self.ports.store.account(id).await?;
        let account = found.filter(|account| by.may_administer(account.company)).ok_or(SwitchError::NotFound)?;
        if account.id == by.account().id {
            return Err(SwitchError::OwnAccount);
        }
        if account.is_operator() && by.scope() != Scope::Everywhere {
            return Err(SwitchError::NotAllowed);
        }
        if account.state == state {
            return Ok(account);
        }
        let next = account.switched(state);
        let action = match state {
            AccountState::Active => Action::AccountEnabled,
            AccountState::Disabled => Action::AccountDisabled,
        };
        let draw = Draw::new(now, self.ports.entropy.as_ref());
        let event = draw.event()?;
        let actor = by.account();
        let recorded = AuditEvent::new(&event, now, action, Actor::Account(actor.id), Subject::Account(id));
        let mut changes = vec![
            Change::RequireAccount { id: actor.id, version: actor.version },
            Change::ReviseAccount { account: next.clone(), by: Some(actor.id) },
            Change::Record(recorded),
        ];
        // Whoever is let in again signs in again: no session survives in the hands of the one it was disabled for.
        if state == AccountState::Disabled {
            changes.push(Change::EndSessions(id));
        }
        match self.ports.store.commit(&ChangeSet::new(draw.id()?, now, changes)?).await {
            Ok(()) => Ok(next),
            Err(CommitError::Rejected(_)) => Err(SwitchError::Conflict),
            Err(CommitError::Unavailable(error)) => Err(error.into()),
        }
    }
}
