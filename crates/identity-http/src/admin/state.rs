//! States, as lists and pages show them: a word and how it looks.

use crate::text::Texts;

/// A word and how it looks.
pub(crate) struct StateView {
    pub(crate) class: &'static str,
    pub(crate) word: String,
}

impl StateView {
    pub(crate) fn of(word: &'static str, texts: &Texts) -> Self {
        Self { class: word, word: texts.get(&format!("state-{word}")) }
    }
}
