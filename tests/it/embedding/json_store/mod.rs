//! A store of one's own, as a small product would write one: everything in one JSON file.
//!
//! Whoever opens the file has it alone, and holds its state in memory; the handles of one process are clones and share it.
//! Readers see the last state that was committed, and never wait. Writers come one after another: each changes a copy, writes it
//! to the disk, and only then lets everybody see it. So a set holds as one or not at all, and nothing is to be retried by replay.
//! What a write costs grows with the file: this is for hundreds of people, not for thousands.

mod email_changes;
mod erasure;
mod file;
mod kept;
mod lists;
mod reads;
mod rows;
mod state;
mod table;
mod ways_in;

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use async_trait::async_trait;
use identity_core::{
    change::{ChangeSet, CommitError, Unavailable},
    port::{Commit, Sweep},
};

use self::{file::StateFile, state::State};

/// The store; a clone is the same store.
#[derive(Clone)]
pub(super) struct JsonStore(Arc<Shared>);

struct Shared {
    /// Whoever holds it writes.
    file: Mutex<StateFile>,
    committed: RwLock<Arc<State>>,
}

impl JsonStore {
    /// Opens the store in a folder.
    ///
    /// # Errors
    /// Where the folder cannot be used, the file cannot be read, or somebody else has it.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let (file, state) = StateFile::open(folder)?;
        Ok(Self(Arc::new(Shared { file: Mutex::new(file), committed: RwLock::new(Arc::new(state)) })))
    }

    fn committed(&self) -> Arc<State> {
        self.0.committed()
    }

    /// Does one piece of work to a copy, off the runtime's threads, since it waits for the disk. A caller who goes away stops
    /// nothing half-way.
    async fn write<T, E>(&self, work: impl FnOnce(&mut State) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Unavailable> + Send + 'static,
    {
        let shared = self.0.clone();
        let done = tokio::task::spawn_blocking(move || shared.write(work)).await;
        done.map_err(unavailable)?
    }
}

impl Shared {
    // A state is only ever swapped: whoever panicked with a lock left a whole one.
    fn committed(&self) -> Arc<State> {
        self.committed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn write<T, E: From<Unavailable>>(&self, work: impl FnOnce(&mut State) -> Result<T, E>) -> Result<T, E> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.committed();
        let mut next = State::clone(&before);
        let answer = work(&mut next)?;
        if next != *before {
            file.save(&next).map_err(unavailable)?;
            *self.committed.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        }
        Ok(answer)
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> Unavailable {
    Unavailable::new("the JSON file", error)
}

#[async_trait]
impl Commit for JsonStore {
    async fn commit(&self, set: &ChangeSet) -> Result<(), CommitError> {
        let set = set.clone();
        self.write(move |state| Ok(state.apply(&set)?)).await
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn sweep(&self, sweep: &Sweep) -> Result<u64, Unavailable> {
        let sweep = *sweep;
        self.write(move |state| Ok(state.sweep(&sweep) as u64)).await
    }
}
