//! The texts of pages, by language.

pub(crate) mod countries;
pub(crate) mod device;

use std::{borrow::Cow, collections::HashMap};

use axum::http::{HeaderMap, header};
use fluent_templates::{LanguageIdentifier, Loader as _, fluent_bundle::FluentValue, static_loader};
use identity_core::{
    model::password::{Candidate, RuleId},
    value::{Language, TimeZone, Timestamp},
};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Marks of isolation keep a name of the other direction in its place; they disturb where there is none.
        customise: |bundle| bundle.set_use_isolating(bundle.locales.iter().any(|locale| locale.language.as_str() == "ar")),
    };
}

/// The texts for one reader: in a language, with times as the clocks of a time zone show them.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    language: Language,
    locale: LanguageIdentifier,
    time_zone: TimeZone,
}

impl Texts {
    /// With times in UTC.
    pub(crate) fn of(language: &Language) -> Self {
        let locale = language.as_str().parse().unwrap_or_default();
        Self { language: language.clone(), locale, time_zone: TimeZone::default() }
    }

    pub(crate) fn in_zone(self, time_zone: &TimeZone) -> Self {
        Self { time_zone: time_zone.clone(), ..self }
    }

    pub(crate) fn in_language(&self, language: &Language) -> Self {
        Self::of(language).in_zone(&self.time_zone)
    }

    pub(crate) const fn language(&self) -> &Language {
        &self.language
    }

    pub(crate) fn get(&self, key: &str) -> String {
        LOCALES.lookup(&self.locale, key)
    }

    pub(crate) fn with(&self, key: &str, arguments: &[(&'static str, &str)]) -> String {
        let arguments = arguments.iter().map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from((*value).to_owned())));
        LOCALES.lookup_with_args(&self.locale, key, &arguments.collect())
    }

    pub(crate) fn counted(&self, key: &str, number: u32) -> String {
        let arguments = HashMap::from([(Cow::Borrowed("number"), FluentValue::from(number))]);
        LOCALES.lookup_with_args(&self.locale, key, &arguments)
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

    /// What a rule for passwords asks for.
    pub(crate) fn rule(&self, rule: RuleId, number: Option<u32>) -> String {
        self.counted(&format!("rule-{}", rule.as_str()), number.unwrap_or(0))
    }
}

/// What a rule asks for, for programs.
pub(crate) fn english_rule(rule: RuleId) -> String {
    let number = if rule == RuleId::MaxLength { u32::try_from(Candidate::MAX_BYTES).ok() } else { None };
    Texts::of(&Language::english()).counted(&format!("broken-{}", rule.as_str()), number.unwrap_or(0))
}

/// The language that a browser asks for, among those there are; the first where it asks for none of them.
pub(crate) fn negotiated(headers: &HeaderMap, spoken: &[Language]) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wanted = accepted
        .split(',')
        .take(20)
        .filter_map(|part| {
            let (tag, quality) = part.split_once(';').map_or((part, 1.0), |(tag, weight)| (tag, weight_of(weight)));
            Some((Language::parse(tag.trim()).ok()?, quality)).filter(|(_, quality)| *quality > 0.0)
        })
        .collect::<Vec<_>>();
    wanted.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    wanted.iter().find_map(|(tag, _)| tag.best_of(spoken)).or_else(|| spoken.first()).cloned().unwrap_or_else(Language::english)
}

/// The weight of a language: `q=0.8`, with spaces and in any case (RFC 9110 §12.4.2).
fn weight_of(text: &str) -> f32 {
    let value = text.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q")).map(|(_, value)| value.trim());
    value.and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(file: &str) -> Vec<&str> {
        file.lines()
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
            .filter(|key| !key.starts_with([' ', '#', '[']))
            .collect()
    }

    #[test]
    fn every_text_exists_in_every_language() {
        let english = keys(include_str!("../../locales/en/pages.ftl"));
        assert!(english.len() > 50);
        assert_eq!(keys(include_str!("../../locales/ar/pages.ftl")), english);
    }

    #[test]
    fn times_are_written_as_the_readers_clocks_show_them() {
        let time = "2026-11-27T16:05:00Z".parse().unwrap();
        let written = |language: &str, zone: &str| {
            Texts::of(&Language::parse(language).unwrap()).in_zone(&TimeZone::parse(zone).unwrap()).moment(time)
        };
        assert_eq!(written("en", "UTC"), "27 November 2026, 16:05 UTC");
        assert_eq!(written("en", "America/New_York"), "27 November 2026, 11:05 EST");
        assert_eq!(written("en", "Asia/Kathmandu"), "27 November 2026, 21:50 UTC+5:45");
        assert!(written("ar", "Asia/Dubai").contains("20:05") && written("ar", "UTC").contains("العالمي"));
    }

    #[test]
    fn arabic_has_its_six_plurals() {
        let arabic = Texts::of(&Language::parse("ar").unwrap());
        let forms =
            [0, 1, 2, 3, 11, 100].map(|number| arabic.counted("rule-min_length", number).replace(|c: char| c.is_numeric(), ""));
        assert!(forms.iter().collect::<std::collections::BTreeSet<_>>().len() >= 4, "{forms:?}");
    }

    #[test]
    fn the_browser_gets_the_language_it_likes_best() {
        let spoken = [Language::english(), Language::parse("ar").unwrap()];
        let asks = |value: &str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value.parse().unwrap())]);
            negotiated(&headers, &spoken).to_string()
        };
        assert_eq!(asks("ar-EG,ar;q=0.9,en;q=0.8"), "ar");
        assert_eq!(asks("de,en;q=0.5,ar;q=0.7"), "ar");
        assert_eq!(asks("de"), "en");
        assert_eq!(asks("ar;q=0,*;q=x"), "en");
        assert_eq!(asks("en; q=0.3, ar-Arab-EG ; Q = 0.9"), "ar");
        assert_eq!(asks("*"), "en");
    }
}
