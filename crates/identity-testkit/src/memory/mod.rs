//! A store in memory: clone, apply, swap. It keeps the same laws as every other, which the contract checks.

mod apply;
mod email_change;
mod erasure;
mod reads;
mod state;

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use identity_core::{
    change::{ChangeSet, CommitError, Unavailable},
    port::{Commit, Sweep},
};

use self::state::State;
use crate::Faults;

/// A store in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    state: Mutex<State>,
    faults: Faults,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that fails when `faults` says so, and counts its calls there.
    #[must_use]
    pub fn with_faults(faults: Faults) -> Self {
        Self { state: Mutex::default(), faults }
    }

    fn call(&self, name: &'static str) -> Result<MutexGuard<'_, State>, Unavailable> {
        self.faults.port(name)?;
        Ok(self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A test that panicked while it held the lock left a whole state: it is only ever swapped.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Commit for MemoryStore {
    async fn commit(&self, set: &ChangeSet) -> Result<(), CommitError> {
        let mut state = self.call("commit")?;
        if state.commits.contains_key(&set.id()) {
            return Ok(());
        }
        let mut next = state.clone();
        for change in set.changes() {
            next.apply(change, set.at())?;
        }
        next.commits.insert(set.id(), set.at());
        *state = next;
        Ok(())
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        self.call("ping").map(|_| ())
    }

    async fn sweep(&self, sweep: &Sweep) -> Result<u64, Unavailable> {
        Ok(self.call("sweep")?.sweep(sweep))
    }
}
