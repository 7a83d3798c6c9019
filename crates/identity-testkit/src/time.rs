//! A clock that the test moves, and randomness that it can repeat.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use identity_core::{
    port::{Clock, Entropy, EntropyError},
    value::{SignedDuration, Timestamp},
};
use sha2::{Digest as _, Sha256};

use crate::Faults;

/// Stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl Default for ManualClock {
    /// 2026-01-05 09:00:00 UTC.
    fn default() -> Self {
        Self(Mutex::new(Timestamp::from_second(1_767_603_600).unwrap_or(Timestamp::UNIX_EPOCH)))
    }
}

impl ManualClock {
    /// Moves forward.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(Timestamp::MAX);
    }

    /// Jumps to a time.
    pub fn set(&self, to: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes from a seed and a counter: the same in every run, never the same twice in one.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    drawn: AtomicU64,
    faults: Faults,
}

impl SeededEntropy {
    /// Bytes of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with_faults(seed, Faults::default())
    }

    /// Bytes of this seed, failing when `faults` says so.
    #[must_use]
    pub const fn with_faults(seed: u64, faults: Faults) -> Self {
        Self { seed, drawn: AtomicU64::new(0), faults }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        self.faults.call("entropy").map_err(|error| EntropyError(Box::new(error)))?;
        for chunk in buffer.chunks_mut(32) {
            let block: [u8; 32] = Sha256::new()
                .chain_update(self.seed.to_be_bytes())
                .chain_update(self.drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes())
                .finalize()
                .into();
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }
}
