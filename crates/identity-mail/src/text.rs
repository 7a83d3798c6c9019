//! The texts of mails, by language.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, Loader as _, fluent_bundle::FluentValue, static_loader};
use identity_core::value::{Language, TimeZone, Timestamp};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Marks of isolation keep a name of the other direction in its place; they disturb where there is none.
        customise: |bundle| bundle.set_use_isolating(bundle.locales.iter().any(|locale| locale.language.as_str() == "ar")),
    };
}

/// The texts for one reader: in a language, with times as the clocks of a time zone show them.
pub(crate) struct Texts {
    locale: LanguageIdentifier,
    time_zone: TimeZone,
}

impl Texts {
    pub(crate) fn of(language: &Language, time_zone: &TimeZone) -> Self {
        Self { locale: language.as_str().parse().unwrap_or_default(), time_zone: time_zone.clone() }
    }

    pub(crate) fn get(&self, key: &str, arguments: &[(&'static str, &str)]) -> String {
        let arguments = arguments.iter().map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from((*value).to_owned())));
        LOCALES.lookup_with_args(&self.locale, key, &arguments.collect())
    }

    /// A time as people write it, to the minute, in the reader's time zone.
    pub(crate) fn moment(&self, time: Timestamp) -> String {
        let zoned = time.to_zoned(self.time_zone.rules());
        let arguments = HashMap::from([
            (Cow::Borrowed("day"), FluentValue::from(zoned.day().to_string())),
            (Cow::Borrowed("month"), FluentValue::from(i64::from(zoned.month()))),
            (Cow::Borrowed("year"), FluentValue::from(zoned.year().to_string())),
            (Cow::Borrowed("time"), FluentValue::from(format!("{:02}:{:02}", zoned.hour(), zoned.minute()))),
            (Cow::Borrowed("zone"), FluentValue::from(self.time_zone.abbreviation(time))),
        ]);
        LOCALES.lookup_with_args(&self.locale, "moment", &arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of a file, as they stand at the start of its lines.
    fn keys(file: &str) -> Vec<&str> {
        file.lines()
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
            .filter(|key| !key.starts_with([' ', '#', '[']))
            .collect()
    }

    #[test]
    fn every_text_exists_in_every_language() {
        let english = keys(include_str!("../locales/en/mail.ftl"));
        assert!(english.len() > 10);
        assert_eq!(keys(include_str!("../locales/ar/mail.ftl")), english);
    }

    #[test]
    fn moments_read_as_people_write_them() {
        let time = "2026-11-27T16:05:00Z".parse().unwrap();
        let written = |language: &str, zone: &str| {
            Texts::of(&Language::parse(language).unwrap(), &TimeZone::parse(zone).unwrap()).moment(time)
        };
        assert_eq!(written("en", "UTC"), "27 November 2026, 16:05 UTC");
        assert_eq!(written("en", "Europe/Berlin"), "27 November 2026, 17:05 CET");
        assert_eq!(written("en", "Asia/Tokyo"), "28 November 2026, 01:05 JST");
        assert!(written("ar", "UTC").contains("نوفمبر") && written("ar", "UTC").contains("العالمي"));
        assert!(written("ar", "Asia/Dubai").contains("20:05") && written("ar", "Asia/Dubai").contains("UTC+4"));
    }
}
