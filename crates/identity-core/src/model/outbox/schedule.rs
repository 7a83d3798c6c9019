//! When mail is tried, and how often.

use crate::value::{Lifetime, SignedDuration};

/// How mail is worked off.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryLimits {
    /// How long a claim lasts. A worker that is at work renews it; what a worker that died had claimed is free for another after so long.
    pub lease: Lifetime,
    /// How many messages are claimed at a time.
    pub batch: u16,
    /// After how many attempts a message is given up.
    pub attempts: u32,
}

/// Claims of 20 messages for 30 seconds; a message is given up after 10 attempts.
impl Default for DeliveryLimits {
    fn default() -> Self {
        Self { lease: Lifetime::of_seconds(30), batch: 20, attempts: 10 }
    }
}

/// How long to wait before a mail that failed for now is tried again: 15 seconds at first, then four times as long each time,
/// at most 4 hours.
#[must_use]
pub fn retry_after(attempts: u32) -> SignedDuration {
    const FIRST_SECONDS: i64 = 15;
    const LONGEST: SignedDuration = SignedDuration::from_hours(4);
    let seconds = 4_i64.saturating_pow(attempts.saturating_sub(1)).saturating_mul(FIRST_SECONDS);
    SignedDuration::from_secs(seconds).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_up_to_four_hours() {
        let waits = (1..=8).map(|attempts| retry_after(attempts).as_secs()).collect::<Vec<_>>();
        assert_eq!(waits, [15, 60, 240, 960, 3840, 14400, 14400, 14400]);
        assert_eq!(retry_after(u32::MAX).as_secs(), 14400);
    }
}
