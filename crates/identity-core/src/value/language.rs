//! Languages by their BCP 47 tag.

use std::{fmt, iter, str::FromStr};

/// The text is no language tag such as `en` or `zh-Hans`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language tag such as en or zh-Hans")]
pub struct LanguageError;

/// A language tag (BCP 47, the `language[-Script][-REGION]` part), at most 35 characters (RFC 5646 §4.4.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Parses a tag. Its spelling is normalised: `EN-us` is `en-US`, `zh-hans` is `zh-Hans`. A locale of POSIX, such as `ar_EG.UTF-8`, is
    /// taken for its language and region.
    ///
    /// # Errors
    /// [`LanguageError`] where the text has another form.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let text = text.trim();
        // What a locale says of characters and of variants (POSIX.1-2024 §8.2) is nothing that a tag says.
        let text = text.split(['.', '@']).next().unwrap_or_default();
        let mut parts = text.split(['-', '_']);
        let primary = parts.next().unwrap_or_default();
        if text.len() > 35 || !(2..=3).contains(&primary.len()) || !primary.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(LanguageError);
        }
        let mut tag = primary.to_ascii_lowercase();
        for part in parts {
            if !(1..=8).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(LanguageError);
            }
            tag.push('-');
            match part.len() {
                2 => tag.push_str(&part.to_ascii_uppercase()),
                4 => {
                    let (first, rest) = part.split_at(1);
                    tag.push_str(&first.to_ascii_uppercase());
                    tag.push_str(&rest.to_ascii_lowercase());
                }
                _ => tag.push_str(&part.to_ascii_lowercase()),
            }
        }
        Ok(Self(tag))
    }

    /// The one among the languages offered that is meant: the lookup of RFC 4647 §3.4, which leaves out one subtag after the other from
    /// the end (`zh-Hant-TW`, `zh-Hant`, `zh`). Where that finds none, the first that is offered in another region of the same language
    /// is taken, but never one in another script.
    pub fn best_of<'a>(&self, offered: impl IntoIterator<Item = &'a Self, IntoIter: Clone>) -> Option<&'a Self> {
        let offered = offered.into_iter();
        let ranges = iter::successors(Some(self.as_str()), |range| {
            let (shorter, _) = range.rsplit_once('-')?;
            // A letter alone introduces what follows it (RFC 4647 §3.4).
            Some(shorter.rsplit_once('-').filter(|(_, last)| last.len() == 1).map_or(shorter, |(rest, _)| rest))
        });
        let exact = ranges.into_iter().find_map(|range| offered.clone().find(|language| language.as_str() == range));
        let is_near = |language: &&Self| {
            let scripts = self.script().zip(language.script());
            language.primary() == self.primary() && scripts.is_none_or(|(one, other)| one == other)
        };
        exact.or_else(|| offered.clone().find(is_near))
    }

    /// The script subtag, where there is one: `Hant` of `zh-Hant-TW`.
    fn script(&self) -> Option<&str> {
        let is_script = |part: &&str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
        self.0.split('-').nth(1).filter(is_script)
    }

    /// English, the language every text exists in.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary subtag: `zh` of `zh-Hans`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split_once('-').map_or(self.0.as_str(), |(primary, _)| primary)
    }

    /// Whether the language is written from right to left.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        matches!(self.primary(), "ar" | "dv" | "fa" | "he" | "ps" | "ur" | "yi")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_language_is_found_and_no_other() {
        let all = |tags: &[&str]| tags.iter().map(|tag| Language::parse(tag).unwrap()).collect::<Vec<_>>();
        for (asked, offered, found) in [
            ("ar-EG", &["en", "ar"][..], Some("ar")),
            ("en-GB", &["en", "ar"], Some("en")),
            ("en-GB", &["en", "en-GB"], Some("en-GB")),
            ("zh-Hant-TW", &["en", "zh", "zh-Hant"], Some("zh-Hant")),
            ("zh-Hant-TW", &["en", "zh"], Some("zh")),
            ("zh-Hant-TW", &["en", "zh-Hans"], None),
            ("zh-TW", &["zh-Hans", "zh-TW"], Some("zh-TW")),
            ("en", &["ar", "en-GB", "en-US"], Some("en-GB")),
            ("en-AU", &["ar", "en-GB"], Some("en-GB")),
            ("sr-Latn-RS", &["sr-Cyrl", "sr-Latn"], Some("sr-Latn")),
            ("ar-EG-u-nu-latn", &["en", "ar"], Some("ar")),
            ("de-DE-x-goethe", &["de-DE", "de"], Some("de-DE")),
            ("arz", &["ar"], None),
            ("de", &["en", "ar"], None),
            ("en", &[], None),
        ] {
            let offered = all(offered);
            let best = Language::parse(asked).unwrap().best_of(&offered).map(ToString::to_string);
            assert_eq!(best.as_deref(), found, "{asked} among {offered:?}");
        }
    }

    #[test]
    fn tags_have_one_spelling() {
        for (typed, tag) in [("EN", "en"), ("en-us", "en-US"), ("ZH-hans", "zh-Hans"), ("ar", "ar")] {
            assert_eq!(Language::parse(typed).unwrap().as_str(), tag);
        }
        for bad in ["", "e", "english", "en-", "en__US", "*", "en-ümlaut", ".UTF-8"] {
            assert_eq!(Language::parse(bad), Err(LanguageError), "{bad:?}");
        }
    }
}
