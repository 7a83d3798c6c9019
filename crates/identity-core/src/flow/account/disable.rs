//! Switching accounts off and on.

use super::{AdministrationError, reach::reach};
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, SessionChange},
    model::{
        access::Administrator,
        account::{Account, AccountState},
        audit::{Action, Actor, AuditEvent, Subject},
    },
    port::{IdSource, Ports},
    value::AccountId,
};

/// Disables and enables accounts. Sessions and invitations of a disabled account stop working with the commit.
pub struct DisableAccount {
    ports: Ports,
}

impl DisableAccount {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Brings an account into a state; one that is in it already stays as it is.
    ///
    /// # Errors
    /// [`AdministrationError`]; nothing was changed.
    pub async fn run(&self, by: &Administrator, id: AccountId, state: AccountState) -> Result<Account, AdministrationError> {
        let now = self.ports.clock.now();
        let account = reach(&self.ports, by, id).await?;
        if account.state == state {
            return Ok(account);
        }
        let next = account.switched(state, now);
        let action = match state {
            AccountState::Active => Action::AccountEnabled,
            AccountState::Disabled => Action::AccountDisabled,
        };
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let actor = by.account();
        let recorded = AuditEvent::new(&event, now, action, Actor::Account(actor.id), Subject::Account(id));
        let mut changes = vec![
            Change::Account(AccountChange::Require { id: actor.id, version: actor.version }),
            Change::Account(AccountChange::Revise { account: next.clone(), by: Some(actor.id) }),
            Change::Audit(AuditChange::Record(recorded)),
        ];
        // A person who is let in again signs in again: no session survives in the hands of the one it was disabled for.
        if state == AccountState::Disabled {
            changes.push(Change::Session(SessionChange::EndAll(id)));
        }
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(next),
            Err(error) => Err(error.into()),
        }
    }
}
