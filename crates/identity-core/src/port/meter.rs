use async_trait::async_trait;

use super::WorkError;
use crate::password::Candidate;

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

/// What a meter found of a password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// How hard it is to guess.
    pub strength: Strength,
    /// Whether one of the guesses stands in the lists of common words and passwords.
    pub is_common: bool,
}

/// Measures how strong passwords are, bounded: whatever it is given takes a limited time, and it never takes more threads than it
/// was given.
#[async_trait]
pub trait StrengthMeter: Send + Sync {
    /// Measures a password. `words` are the person's own, which make it weaker; `guesses` are the lower-case words and
    /// passwords that it may be a dressing of, the barest first: a meter may look at the first alone.
    ///
    /// # Errors
    /// [`WorkError`]; nothing was measured.
    async fn measure(&self, candidate: &Candidate, words: &[String], guesses: &[String]) -> Result<Measured, WorkError>;
}
