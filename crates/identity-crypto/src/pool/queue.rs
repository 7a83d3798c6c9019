//! Jobs waiting for a hashing thread, first come, first served.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use argon2::password_hash::phc::Output;
use secrecy::SecretSlice;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{HashError, stored::Recipe};

/// Who gets a job: the thread that starts it or the caller that gives it up, the first of the two.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim(Arc<AtomicBool>);

impl Claim {
    /// Whether this call was the first.
    pub(super) fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// One computation. The permit lives and dies with it, not with its caller: a caller that goes away
/// makes no room for another until its job has left the queue or the thread.
pub(super) struct Job {
    pub(super) password: SecretSlice<u8>,
    pub(super) recipe: Recipe,
    pub(super) claim: Claim,
    pub(super) reply: oneshot::Sender<Result<Output, HashError>>,
    pub(super) permit: OwnedSemaphorePermit,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
}

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

impl Queue {
    // No code panics while it holds the lock, so a poisoned state is still a sound one.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends a job, or answers `false` and drops it if the queue is closed.
    pub(super) fn push(&self, job: Job) -> bool {
        let mut state = self.lock();
        if state.closed {
            return false;
        }
        state.jobs.push_back(job);
        drop(state);
        self.changed.notify_one();
        true
    }

    /// The oldest job, when there is one. `None` once the queue is closed.
    pub(super) fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Drops the waiting jobs, whose callers learn it from the dropped reply, and ends the threads.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let jobs = std::mem::take(&mut state.jobs);
        drop(state);
        self.changed.notify_all();
        // Outside the lock: it wakes the callers.
        drop(jobs);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }
}
