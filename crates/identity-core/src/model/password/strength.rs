//! How hard a password is to guess, and what would make it harder.

use std::fmt;

use zeroize::Zeroize;

/// How hard a password is to guess, from 0 (at once) to 4 (very hard).
pub type Score = u8;

/// What would make a password better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Advice {
    /// Add another word or two; uncommon words are better.
    AddWords,
    /// Use a few words, avoid common phrases.
    UseWords,
    /// Capital letters at the start help little.
    CapitalsHelpLittle,
    /// All capitals are guessed like none.
    AllCapitalsHelpLittle,
    /// Reversed words are guessed easily.
    ReversedHelpsLittle,
    /// Look-alike characters help little.
    SubstitutionsHelpLittle,
    /// Avoid rows of keys.
    AvoidKeyRows,
    /// Avoid repeated characters and words.
    AvoidRepeats,
    /// Avoid sequences such as abc or 6543.
    AvoidSequences,
    /// Avoid years and dates.
    AvoidDates,
    /// Avoid common passwords and names.
    AvoidCommon,
}

impl Advice {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::AddWords,
        Self::UseWords,
        Self::CapitalsHelpLittle,
        Self::AllCapitalsHelpLittle,
        Self::ReversedHelpsLittle,
        Self::SubstitutionsHelpLittle,
        Self::AvoidKeyRows,
        Self::AvoidRepeats,
        Self::AvoidSequences,
        Self::AvoidDates,
        Self::AvoidCommon,
    ];

    /// The stable id.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddWords => "add_words",
            Self::UseWords => "use_words",
            Self::CapitalsHelpLittle => "capitals_help_little",
            Self::AllCapitalsHelpLittle => "all_capitals_help_little",
            Self::ReversedHelpsLittle => "reversed_helps_little",
            Self::SubstitutionsHelpLittle => "substitutions_help_little",
            Self::AvoidKeyRows => "avoid_key_rows",
            Self::AvoidRepeats => "avoid_repeats",
            Self::AvoidSequences => "avoid_sequences",
            Self::AvoidDates => "avoid_dates",
            Self::AvoidCommon => "avoid_common",
        }
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
