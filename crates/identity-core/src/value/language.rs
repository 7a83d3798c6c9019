//! Languages by their BCP 47 tag.

use std::{fmt, str::FromStr};

/// The text is no language tag such as `en` or `zh-Hans`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language tag such as en or zh-Hans")]
pub struct LanguageError;

/// A language tag (BCP 47, the `language[-Script][-REGION]` part), at most 35 characters (RFC 5646 §4.4.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// Parses a tag. Its spelling is normalised: `EN-us` is `en-US`, `zh-hans` is `zh-Hans`.
    ///
    /// # Errors
    /// [`LanguageError`] where the text has another form.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or_default();
        if text.len() > 35 || !(2..=3).contains(&primary.len()) || !primary.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(LanguageError);
        }
        let mut tag = primary.to_ascii_lowercase();
        for part in parts {
            if !(2..=8).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
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
    fn tags_have_one_spelling() {
        for (typed, tag) in [("EN", "en"), ("en-us", "en-US"), ("ZH-hans", "zh-Hans"), ("ar", "ar")] {
            assert_eq!(Language::parse(typed).unwrap().as_str(), tag);
        }
        for bad in ["", "e", "english", "en_US", "en-", "*", "en-ümlaut"] {
            assert_eq!(Language::parse(bad), Err(LanguageError), "{bad:?}");
        }
    }
}
