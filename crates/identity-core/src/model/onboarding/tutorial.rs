use std::collections::BTreeMap;

use crate::value::Language;

/// What newcomers are told: a few pages of Markdown in each language. No language is without a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tutorial(BTreeMap<Language, Vec<String>>);

impl Tutorial {
    /// The most pages in one language.
    pub const MAX_PAGES: usize = 20;

    /// The pages, in their order; a language without any is left out.
    #[must_use]
    pub fn new(pages: BTreeMap<Language, Vec<String>>) -> Self {
        Self(pages.into_iter().filter(|(_, pages)| !pages.is_empty()).collect())
    }

    /// Whether there is no page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pages for a reader: in that language or the nearest, else in English, else in the first.
    #[must_use]
    pub fn for_reader(&self, language: &Language) -> Option<(&Language, &[String])> {
        let found = language.best_of(self.0.keys()).or(Some(&Language::english())).and_then(|found| self.0.get_key_value(found));
        found.or_else(|| self.0.first_key_value()).map(|(language, pages)| (language, pages.as_slice()))
    }
}
