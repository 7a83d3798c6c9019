//! How long a peer may keep us waiting while bytes are to flow.

use std::time::Duration;

/// The fewest bytes a second that a connection has to move, on average, while something waits for it: 8 kbit/s, less than the slowest
/// mobile network gives.
const LEAST_RATE: u32 = 1024;

/// The time that a peer may still keep us waiting for bytes. Waiting uses it up, and bytes earn it back at 1 KiB a second, so that
/// neither a peer that does nothing nor one that moves a byte now and then holds its connection for ever (CWE-400, "slow read" and
/// "slow post").
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    left: Duration,
    most: Duration,
}

impl Patience {
    /// A peer that may keep us waiting for `most` without moving anything.
    #[must_use]
    pub const fn new(most: Duration) -> Self {
        Self { left: most, most }
    }

    /// How long it may still keep us waiting.
    #[must_use]
    pub const fn left(self) -> Duration {
        self.left
    }

    /// What is left after so much waiting and so many bytes.
    #[must_use]
    pub fn after(self, waited: Duration, bytes: usize) -> Self {
        let earned = Duration::from_secs(1).saturating_mul(u32::try_from(bytes).unwrap_or(u32::MAX)) / LEAST_RATE;
        Self { left: self.left.saturating_sub(waited).saturating_add(earned).min(self.most), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waiting_uses_it_up_and_bytes_earn_it_back() {
        let patience = Patience::new(SECOND * 30);
        assert_eq!(patience.after(SECOND * 10, 0).left(), SECOND * 20);
        assert_eq!(patience.after(SECOND * 10, 5 * 1024).left(), SECOND * 25);
        assert_eq!(patience.after(SECOND * 10, 1 << 20).left(), SECOND * 30, "no more than at first");
        assert_eq!(patience.after(SECOND * 31, 0).left(), Duration::ZERO);
    }

    #[test]
    fn a_byte_now_and_then_is_not_enough_and_the_least_rate_is() {
        let after = |bytes| (0..120).fold(Patience::new(SECOND * 30), |patience, _| patience.after(SECOND, bytes)).left();
        assert!(after(1) < SECOND / 100);
        assert_eq!(after(1024), SECOND * 30);
    }
}
