//! How hard a password is to guess, and what would make it harder.

use std::fmt;

use zeroize::Zeroize;

/// How hard a password is to guess, from 0 (at once) to 4 (very hard).
pub type Score = u8;

crate::value::vocabulary! {
    /// What would make a password better.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Advice {
        /// Add another word or two; uncommon words are better.
        AddWords = "add_words",
        /// Use a few words, avoid common phrases.
        UseWords = "use_words",
        /// Capital letters at the start help little.
        CapitalsHelpLittle = "capitals_help_little",
        /// All capitals are guessed like none.
        AllCapitalsHelpLittle = "all_capitals_help_little",
        /// Reversed words are guessed easily.
        ReversedHelpsLittle = "reversed_helps_little",
        /// Look-alike characters help little.
        SubstitutionsHelpLittle = "substitutions_help_little",
        /// Avoid rows of keys.
        AvoidKeyRows = "avoid_key_rows",
        /// Avoid repeated characters and words.
        AvoidRepeats = "avoid_repeats",
        /// Avoid sequences such as abc or 6543.
        AvoidSequences = "avoid_sequences",
        /// Avoid years and dates.
        AvoidDates = "avoid_dates",
        /// Avoid common passwords and names.
        AvoidCommon = "avoid_common",
    }
}

/// A measured password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strength {
    /// From 0 to 4.
    pub score: Score,
    /// What would make it better.
    pub advice: Vec<Advice>,
}

/// The common words of four letters and more inside a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CommonWords {
    /// In lower case.
    pub words: Vec<String>,
    /// The score of the password without the one that is hardest to guess; words that are typed twice, or with special characters for
    /// letters, count for nothing either.
    pub without_one: Score,
}

impl Drop for CommonWords {
    fn drop(&mut self) {
        self.words.zeroize();
    }
}

/// The words are pieces of a password.
impl fmt::Debug for CommonWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { words: _, without_one } = self;
        write!(f, "CommonWords {{ without_one: {without_one} }}")
    }
}

/// What a meter found of a password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// How hard it is to guess.
    pub strength: Strength,
    /// Whether the whole password is a common word or password, in one of its readings.
    pub is_common: bool,
    /// The common words inside it, if there are any.
    pub inside: Option<CommonWords>,
}
