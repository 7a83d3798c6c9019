//! What stands in the place of the terms until an operator publishes some.

use std::collections::BTreeMap;

use super::TermsVersion;
use crate::value::Language;

/// The text, by language. It says that there are no terms yet, so nobody publishes it.
const TEXTS: [(&str, &str); 2] = [
    ("en", "## Placeholder\n\nThe operator of this installation has not published terms yet. Ask them which terms apply."),
    ("ar", "## نص مؤقت\n\nلم ينشر مشغّل هذا النظام الشروط والأحكام بعد. اسأله عن الشروط السارية."),
];

impl TermsVersion {
    /// The texts of the first version, which is a placeholder.
    #[must_use]
    pub fn placeholder() -> BTreeMap<Language, String> {
        let texts = TEXTS.into_iter();
        texts.filter_map(|(language, text)| Some((Language::parse(language).ok()?, text.to_owned()))).collect()
    }

    /// Whether a text is the placeholder, in whatever language and however its lines are broken.
    #[must_use]
    pub fn is_placeholder(text: &str) -> bool {
        TEXTS.iter().any(|(_, placeholder)| text.split_whitespace().eq(placeholder.split_whitespace()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_placeholder_is_known_in_every_language_and_however_its_lines_are_broken() {
        assert_eq!(TermsVersion::placeholder().len(), TEXTS.len());
        for text in TermsVersion::placeholder().values() {
            assert!(TermsVersion::is_placeholder(text));
            assert!(TermsVersion::is_placeholder(&format!("\r\n{}\r\n", text.replace('\n', "\r\n"))));
            assert!(!TermsVersion::is_placeholder(&format!("{text} Be kind.")));
        }
        assert!(!TermsVersion::is_placeholder(""));
    }
}
