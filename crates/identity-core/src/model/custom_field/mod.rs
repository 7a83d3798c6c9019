//! Fields that an operator asks people for, beyond what every installation does.

mod validate;

pub use validate::{AnswerError, RawInput, WrongAnswer};

use std::collections::{BTreeMap, BTreeSet};

use crate::value::{FieldKey, Language};

/// The same words in several languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(BTreeMap<Language, String>);

impl Words {
    /// Words; `None` where there are none in any language.
    #[must_use]
    pub fn new(words: BTreeMap<Language, String>) -> Option<Self> {
        (!words.is_empty()).then_some(Self(words))
    }

    /// For a reader: in that language or the nearest, else in English, else in the first there is.
    #[must_use]
    pub fn for_reader(&self, language: &Language) -> &str {
        let found = language.best_of(self.0.keys()).or(Some(&Language::english())).and_then(|found| self.0.get(found));
        found.or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// In every language that there are any in.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

/// One of the answers that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChoice {
    /// What is kept.
    pub value: FieldKey,
    /// What is read.
    pub label: Words,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of text.
    Text {
        /// The most characters, from 1 to 500.
        max_length: u16,
    },
    /// A whole number.
    Number {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// A day.
    Date,
    /// One of several.
    Choice(Vec<FieldChoice>),
    /// Yes, or nothing.
    Checkbox,
}

impl FieldKind {
    /// The word in the configuration and the API.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Number { .. } => "number",
            Self::Date => "date",
            Self::Choice(_) => "choice",
            Self::Checkbox => "checkbox",
        }
    }
}

crate::value::vocabulary! {
    /// Where people are asked.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum FieldPlace {
        /// When they sign up, and when they register by invitation.
        Registration = "registration",
        /// In their profile.
        Profile = "profile",
    }
}

/// A field that an operator asks people for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key, in requests and tables.
    pub key: FieldKey,
    /// What it is called.
    pub label: Words,
    /// What helps to answer it.
    pub hint: Option<Words>,
    /// What can be answered.
    pub kind: FieldKind,
    /// Whether it has to be answered where it is shown; a checkbox, whether it has to be ticked.
    pub required: bool,
    /// Where it is shown.
    pub shown: BTreeSet<FieldPlace>,
}

/// The fields of one installation, in the order in which they are shown; no key twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// The most fields.
    pub const MAX: usize = 30;

    /// Fields in this order.
    ///
    /// # Errors
    /// The key that is there twice.
    pub fn new(fields: Vec<Field>) -> Result<Self, FieldKey> {
        let mut keys = BTreeSet::new();
        match fields.iter().find(|field| !keys.insert(&field.key)) {
            Some(twice) => Err(twice.key.clone()),
            None => Ok(Self(fields)),
        }
    }

    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[Field] {
        &self.0
    }

    /// Those that are shown at a place.
    pub fn at(&self, place: FieldPlace) -> impl Iterator<Item = &Field> {
        self.0.iter().filter(move |field| field.shown.contains(&place))
    }
}
