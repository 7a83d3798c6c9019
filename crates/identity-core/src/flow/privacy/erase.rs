//! Erasing the accounts whose time has come.

use super::operator::operator_beside;
use crate::{
    change::{AccountChange, AuditChange, Change, ChangeSet, CommitError, Unavailable},
    model::{
        account::Account,
        audit::{Action, Actor, AuditEvent, Subject},
    },
    port::{IdSource, Ports},
    value::Timestamp,
};

/// How many accounts one round looks at.
const BATCH: u16 = 50;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Accounts that are gone.
    pub accounts: u32,
    /// Accounts that stay because nobody else would operate the installation.
    pub kept: u32,
}

/// Erases every account whose deletion was asked for and can be undone no longer: one commit for each, which takes along whatever is
/// personal about it. To be run every so often, in one process or in several.
pub struct EraseAccounts {
    ports: Ports,
}

impl EraseAccounts {
    /// The flow over these ports.
    #[must_use]
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Erases what is due.
    ///
    /// # Errors
    /// [`Unavailable`], after all that are due were tried; what was erased stays erased, the others are tried with the next round.
    pub async fn run(&self) -> Result<Erased, Unavailable> {
        let now = self.ports.clock.now();
        let mut erased = Erased::default();
        let (mut after, mut failed) = (None, None);
        loop {
            let due = self.ports.store.accounts_to_erase(now, after, BATCH).await?;
            for account in &due {
                match self.erase(account, now).await {
                    Ok(ErasureOutcome::Gone) => erased.accounts = erased.accounts.saturating_add(1),
                    Ok(ErasureOutcome::Stays) => erased.kept = erased.kept.saturating_add(1),
                    // It was undone or changed just now: the next round looks again.
                    Ok(ErasureOutcome::Changed) => {}
                    // Nobody waits for the one that cannot be erased.
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            after = due.last().and_then(|last| Some((last.deletion?.erase_at, last.id)));
            if due.len() < usize::from(BATCH) {
                return failed.map_or(Ok(erased), Err);
            }
        }
    }

    async fn erase(&self, account: &Account, now: Timestamp) -> Result<ErasureOutcome, Unavailable> {
        let ids = IdSource::new(now, self.ports.entropy.as_ref());
        let event = ids.event()?;
        let recorded = AuditEvent::new(&event, now, Action::AccountErased, Actor::System, Subject::Account(account.id));
        let mut changes = vec![
            Change::Account(AccountChange::Erase { id: account.id, version: account.version, at: now }),
            Change::Audit(AuditChange::Record(recorded)),
        ];
        if account.is_active() && account.is_operator() {
            match operator_beside(&self.ports, account).await? {
                Some(other) => changes.push(Change::Account(AccountChange::Require { id: other.id, version: other.version })),
                None => return Ok(ErasureOutcome::Stays),
            }
        }
        match self.ports.store.commit(&ChangeSet::new(ids.id()?, now, changes)?).await {
            Ok(()) => Ok(ErasureOutcome::Gone),
            Err(CommitError::Rejected(_)) => Ok(ErasureOutcome::Changed),
            Err(CommitError::Unavailable(error)) => Err(error),
        }
    }
}

enum ErasureOutcome {
    Gone,
    Stays,
    Changed,
}
