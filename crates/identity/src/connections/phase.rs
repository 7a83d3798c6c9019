//! What a connection is doing.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use std::time::Duration;

use tokio::{sync::Notify, time::Instant};

/// What one connection is doing: working on a request, or waiting for its peer since some time. A waiting one can be asked to leave.
#[derive(Clone, Debug)]
pub(super) struct Phase(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    epoch: Instant,
    /// Since when it waits for its peer, in milliseconds after the epoch and one more; nothing while it works.
    waiting: AtomicU64,
    asked_to_leave: Notify,
}

impl Phase {
    /// A connection that waits for its first request.
    pub(super) fn start(epoch: Instant) -> Self {
        let phase = Self(Arc::new(Inner { epoch, waiting: AtomicU64::new(0), asked_to_leave: Notify::new() }));
        phase.wait();
        phase
    }

    /// From now on it waits for its peer: for a head, for a body, or until an answer was taken.
    pub(super) fn wait(&self) {
        let since = u64::try_from(self.0.epoch.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.0.waiting.store(since + 1, Ordering::Release);
    }

    /// From now on its peer waits for us.
    pub(super) fn work(&self) {
        self.0.waiting.store(0, Ordering::Release);
    }

    /// How long it has waited for its peer; `None` while it works.
    pub(super) fn waited(&self) -> Option<Duration> {
        let since = self.0.waiting.load(Ordering::Acquire).checked_sub(1)?;
        Some(self.0.epoch.elapsed().saturating_sub(Duration::from_millis(since)))
    }

    /// Asks it to leave, if it still waits by the time it is asked.
    pub(super) fn ask_to_leave(&self) {
        self.0.asked_to_leave.notify_one();
    }

    /// Resolves when it was asked to leave while it waits for its peer.
    pub(super) async fn left(&self) {
        loop {
            self.0.asked_to_leave.notified().await;
            if self.waited().is_some() {
                return;
            }
        }
    }
}
