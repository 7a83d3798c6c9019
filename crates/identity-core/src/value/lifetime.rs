//! How long something lasts, written as an ISO 8601 duration.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

/// The text is no usable duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LifetimeError {
    /// Not an ISO 8601 duration of weeks, days, hours, minutes and seconds.
    #[error("not a duration such as P7D, PT1H or PT30M (weeks, days, hours, minutes and seconds)")]
    Form,
    /// Zero or negative.
    #[error("a duration must be at least one second")]
    NotPositive,
    /// Longer than ten years.
    #[error("a duration can be at most ten years")]
    TooLong,
}

/// A positive length of time in whole seconds, at most ten years. A day is 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lifetime(SignedDuration);

const TEN_YEARS: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

impl Lifetime {
    /// A lifetime of so many seconds.
    ///
    /// # Errors
    /// [`LifetimeError`] for zero, a negative number, or more than ten years.
    pub const fn from_seconds(seconds: i64) -> Result<Self, LifetimeError> {
        if seconds < 1 {
            return Err(LifetimeError::NotPositive);
        }
        if seconds > TEN_YEARS.as_secs() {
            return Err(LifetimeError::TooLong);
        }
        Ok(Self(SignedDuration::from_secs(seconds)))
    }

    /// A lifetime that stands in the code: at least one second, at most ten years.
    pub(crate) const fn of_seconds(seconds: i64) -> Self {
        match Self::from_seconds(seconds) {
            Ok(lifetime) => lifetime,
            Err(LifetimeError::TooLong) => Self(TEN_YEARS),
            Err(_) => Self(SignedDuration::from_secs(1)),
        }
    }

    pub(crate) const fn of_minutes(minutes: i64) -> Self {
        Self::of_seconds(minutes.saturating_mul(60))
    }

    pub(crate) const fn of_hours(hours: i64) -> Self {
        Self::of_minutes(hours.saturating_mul(60))
    }

    pub(crate) const fn of_days(days: i64) -> Self {
        Self::of_hours(days.saturating_mul(24))
    }

    /// Parses an ISO 8601 duration: `P7D`, `PT1H`, `P1DT12H`.
    ///
    /// # Errors
    /// [`LifetimeError`] says what is wrong. Months and years are refused: they have no fixed length.
    pub fn parse(text: &str) -> Result<Self, LifetimeError> {
        if !text.starts_with('P') || text.len() > 64 {
            return Err(LifetimeError::Form);
        }
        let span = text.parse::<Span>().map_err(|_| LifetimeError::Form)?;
        if span.get_months() != 0 || span.get_years() != 0 {
            return Err(LifetimeError::Form);
        }
        let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| LifetimeError::TooLong)?;
        Self::from_seconds(duration.as_secs())
    }

    /// The length in seconds.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.as_secs()
    }

    /// The end of a lifetime that starts at `start`; the end of time where that lies beyond it.
    #[must_use]
    pub fn from(self, start: Timestamp) -> Timestamp {
        start.checked_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

/// Writes days, hours, minutes and seconds: `P7D`, `PT1H30M`.
impl fmt::Display for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.as_seconds();
        let (days, rest) = (seconds / 86_400, seconds % 86_400);
        f.write_str("P")?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if rest > 0 {
            f.write_str("T")?;
            for (amount, unit) in [(rest / 3600, 'H'), (rest % 3600 / 60, 'M'), (rest % 60, 'S')] {
                if amount > 0 {
                    write!(f, "{amount}{unit}")?;
                }
            }
        }
        Ok(())
    }
}

impl FromStr for Lifetime {
    type Err = LifetimeError;

    fn from_str(text: &str) -> Result<Self, LifetimeError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_iso_8601() {
        for (text, seconds, written) in [
            ("P7D", 604_800, "P7D"),
            ("PT1H", 3_600, "PT1H"),
            ("P1W", 604_800, "P7D"),
            ("P1DT90M", 91_800, "P1DT1H30M"),
            ("PT1S", 1, "PT1S"),
        ] {
            let lifetime = Lifetime::parse(text).unwrap();
            assert_eq!((lifetime.as_seconds(), lifetime.to_string().as_str()), (seconds, written));
        }
    }

    #[test]
    fn refuses_what_has_no_fixed_positive_length() {
        for (text, error) in [
            ("", LifetimeError::Form),
            ("7d", LifetimeError::Form),
            ("P1M", LifetimeError::Form),
            ("P1Y", LifetimeError::Form),
            ("-P1D", LifetimeError::Form),
            ("P-1D", LifetimeError::Form),
            ("PT0S", LifetimeError::NotPositive),
            ("P4000D", LifetimeError::TooLong),
        ] {
            assert_eq!(Lifetime::parse(text), Err(error), "{text:?}");
        }
    }
}
