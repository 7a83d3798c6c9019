//! The system clock.

use identity_core::port::Clock;
use jiff::{SignedDuration, Timestamp};

/// The wall clock of the machine. It may step backwards when the machine's time is corrected.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the adapter of the clock port")]
    fn now(&self) -> Timestamp {
        floor_to_micros(Timestamp::now())
    }
}

/// Rounds towards the past, before 1970 too, where a plain division would round up.
fn floor_to_micros(t: Timestamp) -> Timestamp {
    let excess = t.subsec_nanosecond().rem_euclid(1000);
    // Only fails within a microsecond of the earliest instant there is, in the year -9999.
    t.checked_sub(SignedDuration::from_nanos(i64::from(excess))).unwrap_or(t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_down_on_both_sides_of_1970() {
        for (nanos, expected) in [(1_999, 1_000), (1_000, 1_000), (0, 0), (-1, -1_000), (-1_000, -1_000)] {
            let t = Timestamp::from_nanosecond(nanos).unwrap();
            assert_eq!(floor_to_micros(t).as_nanosecond(), expected, "{nanos}");
        }
        assert_eq!(floor_to_micros(Timestamp::MIN), Timestamp::MIN);
    }

    #[test]
    fn now_is_in_whole_microseconds() {
        let now = SystemClock.now();
        assert_eq!(now.as_nanosecond() % 1000, 0);
        assert!(now.as_second() > 1_700_000_000);
    }
}
