//! Failing the n-th call of a port, for every n.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use identity_core::change::Unavailable;

/// Counts the calls of all ports it was given to, and fails one of them.
#[derive(Clone, Debug)]
pub struct Faults(Arc<State>);

#[derive(Debug)]
struct State {
    calls: AtomicU64,
    fail_at: AtomicU64,
    names: Mutex<Vec<&'static str>>,
}

impl Default for Faults {
    fn default() -> Self {
        Self(Arc::new(State { calls: AtomicU64::new(0), fail_at: AtomicU64::new(u64::MAX), names: Mutex::default() }))
    }
}

/// A fault that a test asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Injected(pub &'static str);

impl std::fmt::Display for Injected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} failed because the test said so", self.0)
    }
}

impl std::error::Error for Injected {}

impl Faults {
    /// Starts counting from zero, and fails the call with this index (from 0), once.
    pub fn fail_at(&self, index: u64) {
        self.0.calls.store(0, Ordering::SeqCst);
        self.0.fail_at.store(index, Ordering::SeqCst);
        self.names().clear();
    }

    /// Starts counting from zero, and fails nothing.
    pub fn none(&self) {
        self.fail_at(u64::MAX);
    }

    /// How many calls were counted.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.0.calls.load(Ordering::SeqCst)
    }

    /// Which calls were counted, in their order.
    #[must_use]
    pub fn trace(&self) -> Vec<&'static str> {
        self.names().clone()
    }

    fn names(&self) -> std::sync::MutexGuard<'_, Vec<&'static str>> {
        self.0.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call.
    ///
    /// # Errors
    /// [`Injected`], when this is the call to fail.
    pub fn call(&self, name: &'static str) -> Result<(), Injected> {
        self.names().push(name);
        let index = self.0.calls.fetch_add(1, Ordering::SeqCst);
        if index == self.0.fail_at.load(Ordering::SeqCst) { Err(Injected(name)) } else { Ok(()) }
    }

    pub(crate) fn port(&self, name: &'static str) -> Result<(), Unavailable> {
        self.call(name).map_err(|error| Unavailable::new(name, error))
    }
}
