//! A store in memory: a copy of the state is changed, and takes the place of the state when the whole set held. It keeps the same laws
//! as every other store, which the contract checks.

mod access;
mod account;
mod audit;
mod company;
mod email_change;
mod erasure;
mod guard;
mod invitation;
mod link;
mod onboarding;
mod outbox;
mod password;
mod picture;
mod question;
mod registration;
mod session;
mod state;
mod terms;
mod throttle;

use std::{
    future::{Future, ready},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use async_trait::async_trait;
use identity_core::{
    change::{ChangeSet, CommitError, Unavailable},
    port::{Commit, Sweep},
};

pub use self::state::State;
use crate::Faults;

/// Keeps the state of a [`MemoryStore`] beyond the process, a file for example.
pub trait Persist: Send + Sync + 'static {
    /// Keeps the state `next` in the place of `before`; they can be equal. Until it returns, nobody reads `next`. One call runs at a
    /// time. A set counts as committed when this returns, so `next` must be durable by then.
    ///
    /// # Errors
    /// [`Unavailable`] where it cannot be kept. The state before stays.
    fn save(&self, before: &State, next: &State) -> Result<(), Unavailable>;

    /// Runs a write: at once, in the thread of the caller. A [`save`](Self::save) that waits for a disk needs another thread, and must
    /// end there even where the caller does not wait for it.
    fn run<T: Send + 'static>(write: impl FnOnce() -> T + Send + 'static) -> impl Future<Output = Result<T, Unavailable>> + Send {
        ready(Ok(write()))
    }
}

/// Keeps nothing beyond the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Volatile;

impl Persist for Volatile {
    fn save(&self, _: &State, _: &State) -> Result<(), Unavailable> {
        Ok(())
    }
}

/// A store whose state is in memory. Readers see the state of the last commit and never wait; writers come one after another.
#[derive(Debug, Default)]
pub struct MemoryStore<P = Volatile> {
    shared: Arc<Shared<P>>,
    faults: Faults,
}

#[derive(Debug, Default)]
struct Shared<P> {
    committed: RwLock<Arc<State>>,
    /// Held by the writer.
    persist: Mutex<P>,
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
        Self { shared: Arc::default(), faults }
    }
}

impl<P: Persist> MemoryStore<P> {
    /// A store that begins with `state` and keeps every later one by `persist`.
    #[must_use]
    pub fn persisted(state: State, persist: P) -> Self {
        let shared = Shared { committed: RwLock::new(Arc::new(state)), persist: Mutex::new(persist) };
        Self { shared: Arc::new(shared), faults: Faults::default() }
    }

    fn read(&self, call: &'static str) -> Result<Arc<State>, Unavailable> {
        self.faults.port(call)?;
        Ok(self.shared.committed())
    }

    async fn write<T, E>(
        &self,
        call: &'static str,
        change: impl FnOnce(&mut State) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Unavailable> + Send + 'static,
    {
        self.faults.port(call)?;
        let shared = self.shared.clone();
        P::run(move || shared.write(change)).await?
    }
}

impl<P: Persist> Shared<P> {
    // A panic of a writer leaves a whole state: it is only ever replaced.
    fn committed(&self) -> Arc<State> {
        self.committed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn write<T, E: From<Unavailable>>(&self, change: impl FnOnce(&mut State) -> Result<T, E>) -> Result<T, E> {
        let persist = self.persist.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.committed();
        let mut next = State::clone(&before);
        let answer = change(&mut next)?;
        persist.save(&before, &next)?;
        *self.committed.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(answer)
    }
}

#[async_trait]
impl<P: Persist> Commit for MemoryStore<P> {
    async fn commit(&self, set: &ChangeSet) -> Result<(), CommitError> {
        let set = set.clone();
        self.write("commit", move |state| Ok(state.apply_to_copy(&set)?)).await
    }

    async fn ping(&self) -> Result<(), Unavailable> {
        self.read("ping").map(|_| ())
    }

    async fn sweep(&self, sweep: &Sweep) -> Result<u64, Unavailable> {
        let sweep = *sweep;
        self.write("sweep", move |state| Ok(state.sweep(&sweep))).await
    }
}
