//! Time zones, by the names of the IANA database.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, tz};

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

    /// The names to choose from, sorted: places and `UTC`. Others that the database knows are older names of the same.
    #[must_use]
    pub fn places() -> Vec<Self> {
        let is_place = |name: &str| {
            name == "UTC"
                || name.split_once('/').is_some_and(|(area, _)| !matches!(area, "Etc" | "US" | "SystemV" | "posix" | "right"))
        };
        Self::all().into_iter().filter(|zone| is_place(zone.as_str())).collect()
    }

    /// Reads what somebody typed to find a zone: a name, or only its city where one place alone has it.
    ///
    /// # Errors
    /// [`TimeZoneError`] where no zone, or more than one, is meant.
    pub fn find(text: &str) -> Result<Self, TimeZoneError> {
        let wanted = text.trim().replace(' ', "_");
        Self::parse(&wanted).or_else(|_| {
            let is_meant = |zone: &Self| zone.city().eq_ignore_ascii_case(&wanted);
            let mut meant = Self::places().into_iter().filter(is_meant);
            match (meant.next(), meant.next()) {
                (Some(zone), None) => Ok(zone),
                _ => Err(TimeZoneError),
            }
        })
    }

    /// The last part of the name.
    fn city(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |(_, city)| city)
    }

    /// How far its clocks are from UTC at a time: `UTC`, `UTC+1`, `UTC−3:30`.
    #[must_use]
    pub fn offset(&self, time: Timestamp) -> String {
        let minutes = self.rules().to_offset(time).seconds() / 60;
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let sign = if minutes < 0 { '\u{2212}' } else { '+' };
        match (hours, rest) {
            (0, 0) => "UTC".to_owned(),
            (_, 0) => format!("UTC{sign}{hours}"),
            _ => format!("UTC{sign}{hours}:{rest:02}"),
        }
    }

    /// What its clocks are called at a time, as people write it behind a time: `CET`; the offset where there is no such name.
    #[must_use]
    pub fn abbreviation(&self, time: Timestamp) -> String {
        let rules = self.rules();
        let info = rules.to_offset_info(time);
        let name = info.abbreviation();
        if name.bytes().all(|byte| byte.is_ascii_alphabetic()) { name.to_owned() } else { self.offset(time) }
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
    fn a_city_is_enough_where_one_place_alone_has_it() {
        for (typed, zone) in [("berlin", "Europe/Berlin"), (" new york ", "America/New_York"), ("Asia/dubai", "Asia/Dubai")] {
            assert_eq!(TimeZone::find(typed).unwrap().as_str(), zone);
        }
        for unknown in ["", "Atlantis", "Europe", "/Berlin"] {
            assert_eq!(TimeZone::find(unknown), Err(TimeZoneError), "{unknown:?}");
        }
    }

    #[test]
    fn clocks_are_named_as_people_write_them() {
        let at = |name: &str, time: &str| {
            let (zone, time) = (TimeZone::parse(name).unwrap(), time.parse().unwrap());
            (zone.abbreviation(time), zone.offset(time))
        };
        let pair = |name: &str, offset: &str| (name.to_owned(), offset.to_owned());
        assert_eq!(at("UTC", "2026-01-01T00:00:00Z"), pair("UTC", "UTC"));
        assert_eq!(at("Europe/Berlin", "2026-01-01T00:00:00Z"), pair("CET", "UTC+1"));
        assert_eq!(at("Europe/Berlin", "2026-07-01T00:00:00Z"), pair("CEST", "UTC+2"));
        assert_eq!(at("America/St_Johns", "2026-01-01T00:00:00Z"), pair("NST", "UTC\u{2212}3:30"));
        assert_eq!(at("Asia/Dubai", "2026-01-01T00:00:00Z"), pair("UTC+4", "UTC+4"));
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
