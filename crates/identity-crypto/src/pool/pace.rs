//! How long a hash takes lately, for the advice in a busy answer.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// A moving average over about eight hashes.
pub(super) struct Pace(AtomicU64);

impl Pace {
    /// Before the first measurement: a plausible hash with the default parameters.
    pub(super) const fn new() -> Self {
        Self(AtomicU64::new(40_000))
    }

    pub(super) fn record(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX / 8);
        // Two threads may overwrite each other here; an estimate does not mind.
        let mean = self.0.load(Ordering::Relaxed);
        self.0.store(mean - mean / 8 + micros / 8, Ordering::Relaxed);
    }

    /// Time until `jobs` jobs are done by `threads` threads, in whole seconds, from 1 to 60.
    pub(super) fn drain_time(&self, jobs: usize, threads: usize) -> Duration {
        let jobs = u64::try_from(jobs.div_ceil(threads.max(1))).unwrap_or(u64::MAX);
        let micros = self.0.load(Ordering::Relaxed).saturating_mul(jobs);
        Duration::from_secs(micros.div_ceil(1_000_000).clamp(1, 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_measurements() {
        let pace = Pace::new();
        assert_eq!(pace.drain_time(4, 2), Duration::from_secs(1));
        for _ in 0..100 {
            pace.record(Duration::from_millis(500));
        }
        assert_eq!(pace.drain_time(20, 2), Duration::from_secs(5));
        assert_eq!(pace.drain_time(usize::MAX, 1), Duration::from_mins(1));
    }
}
