//! How fast passwords may be tried for one address.

use super::Throttle;
use crate::value::{SignedDuration, Timestamp};

/// Passwords tried in a row: the first few at once, then each only after a pause that doubles, and after so many none until the
/// password is reset (NIST SP 800-63B-4 §3.2.2: at most 100).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginPace {
    /// How many may follow each other without a pause.
    pub free: u32,
    /// The first pause; each further one is twice as long.
    pub first_pause: SignedDuration,
    /// The longest pause.
    pub longest_pause: SignedDuration,
    /// How many in a row there may be at all.
    pub most: u32,
}

/// How long failures are remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// No password may be tried now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// From when on one may; `None` for not before the password is reset.
    pub until: Option<Timestamp>,
}

impl Default for LoginPace {
    fn default() -> Self {
        Self { free: 5, first_pause: SignedDuration::from_secs(1), longest_pause: SignedDuration::from_mins(15), most: 100 }
    }
}

impl LoginPace {
    /// The bucket with one more attempt, which counts as failed until it has succeeded.
    ///
    /// # Errors
    /// [`Locked`]
    pub fn attempt(&self, stored: Option<&Throttle>, now: Timestamp) -> Result<Throttle, Locked> {
        let stored = stored.filter(|stored| now < stored.expires_at);
        let before = stored.map_or(0, |stored| stored.failures);
        if before >= self.most {
            return Err(Locked { until: None });
        }
        if let Some(stored) = stored.filter(|stored| now < stored.free_at) {
            return Err(Locked { until: Some(stored.free_at) });
        }
        let failures = before.saturating_add(1);
        let later = |duration| now.checked_add(duration).unwrap_or(Timestamp::MAX);
        let pause = self.pause_after(failures);
        // Without a pause any attempt may follow, also one that read the clock a moment earlier.
        let free_at = if pause.is_zero() { Timestamp::UNIX_EPOCH } else { later(pause) };
        // A browser that is known stays known for as long as it was to be.
        let expires_at = stored.map_or(Timestamp::MIN, |stored| stored.expires_at).max(later(REMEMBERED));
        Ok(Throttle { free_at, failures, expires_at })
    }

    /// The bucket of a browser that somebody has just signed in with.
    #[must_use]
    pub fn fresh(now: Timestamp) -> Throttle {
        const TRUSTED: SignedDuration = SignedDuration::from_hours(180 * 24);
        Throttle { free_at: Timestamp::UNIX_EPOCH, failures: 0, expires_at: now.checked_add(TRUSTED).unwrap_or(Timestamp::MAX) }
    }

    /// The pause after so many failures.
    fn pause_after(&self, failures: u32) -> SignedDuration {
        let Some(doublings) = failures.checked_sub(self.free.max(1)) else { return SignedDuration::ZERO };
        let factor = 1_i32.checked_shl(doublings.min(30)).unwrap_or(i32::MAX);
        self.first_pause.saturating_mul(factor).min(self.longest_pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let pace = LoginPace { free: 1, ..LoginPace::default() };
        let pauses = (1..=12).map(|failures| pace.pause_after(failures).as_secs()).collect::<Vec<_>>();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(pace.pause_after(u32::MAX).as_secs(), 900);
    }

    #[test]
    fn the_first_few_follow_each_other_and_the_hundred_and_first_needs_a_reset() {
        let pace = LoginPace::default();
        let mut stored = None;
        for _ in 0..5 {
            stored = Some(pace.attempt(stored.as_ref(), at(1000)).unwrap());
        }
        assert_eq!(pace.attempt(stored.as_ref(), at(1000)), Err(Locked { until: Some(at(1001)) }));
        let mut now = 1001;
        for _ in 5..100 {
            stored = Some(pace.attempt(stored.as_ref(), at(now)).unwrap());
            now += 900;
        }
        assert_eq!(pace.attempt(stored.as_ref(), at(now)), Err(Locked { until: None }));
    }

    #[test]
    fn attempts_of_one_moment_do_not_lock_each_other_out_by_their_clocks() {
        let pace = LoginPace::default();
        let first = pace.attempt(None, at(1000)).unwrap();
        assert!(pace.attempt(Some(&first), at(999)).is_ok());
        assert!(pace.attempt(Some(&LoginPace::fresh(at(1000))), at(999)).is_ok());
    }

    #[test]
    fn failures_are_forgotten_after_a_month_of_quiet() {
        let pace = LoginPace::default();
        let stored = Throttle { free_at: at(1000), failures: 100, expires_at: at(2000) };
        assert!(pace.attempt(Some(&stored), at(1999)).is_err());
        assert_eq!(pace.attempt(Some(&stored), at(2000)).unwrap().failures, 1);
    }
}
