//! Time zones, by the names of the IANA database.

use std::{fmt, str::FromStr};

use jiff::tz;

/// The text names no time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time zone is a name of the IANA database such as Europe/Berlin")]
pub struct TimeZoneError;

/// A time zone of the IANA database that this program was built with, by its name; `UTC` where nobody has chosen one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(String);

impl TimeZone {
    /// Reads a name. Capitals don't matter; the spelling kept is that of the database.
    ///
    /// # Errors
    /// [`TimeZoneError`] for what is not in the database.
    pub fn parse(text: &str) -> Result<Self, TimeZoneError> {
        let found = tz::db().get(text).map_err(|_| TimeZoneError)?;
        found.iana_name().map(|name| Self(name.to_owned())).ok_or(TimeZoneError)
    }

    /// Every name there is, sorted.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = tz::db().available().map(|name| Self(name.to_string())).collect::<Vec<_>>();
        all.sort();
        all
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> tz::TimeZone {
        tz::db().get(&self.0).unwrap_or(tz::TimeZone::UTC)
    }
}

impl Default for TimeZone {
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TimeZone {
    type Err = TimeZoneError;

    fn from_str(text: &str) -> Result<Self, TimeZoneError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_database() {
        assert_eq!(TimeZone::parse("europe/BERLIN").unwrap().as_str(), "Europe/Berlin");
        assert_eq!(TimeZone::parse("UTC").unwrap(), TimeZone::default());
        for unknown in ["", "Berlin", "Europe/Nowhere", "../etc/passwd", "+02:00", "Europe/Berlin\0"] {
            assert_eq!(TimeZone::parse(unknown), Err(TimeZoneError), "{unknown:?}");
        }
    }

    #[test]
    fn every_name_can_be_chosen_and_followed() {
        let all = TimeZone::all();
        assert!(all.len() > 400, "{}", all.len());
        for zone in all {
            assert_eq!(TimeZone::parse(zone.as_str()).unwrap(), zone);
            assert_eq!(zone.rules().iana_name(), Some(zone.as_str()));
        }
    }
}
