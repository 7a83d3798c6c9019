//! Answers, as they are typed and as they are kept.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::{
    model::password::{Candidate, PasswordHash},
    value::{AccountId, QuestionKey, Timestamp},
};

/// The answer to a security question, as somebody typed it. Two spellings that differ by case, by the form of their characters
/// (NFKC) or by white space are the same answer.
#[derive(Clone)]
pub struct SecretAnswer(Option<Forms>);

#[derive(Clone)]
struct Forms {
    folded: Candidate,
    typed: Candidate,
}

impl SecretAnswer {
    /// The fewest characters.
    pub const MIN: usize = 3;
    /// The most characters.
    pub const MAX: usize = 100;

    /// Takes what was typed. What is too long is nobody's answer.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let forms = || {
            let typed = Candidate::new(typed.trim()).ok()?;
            let folded = Candidate::new(&fold(typed.expose())).ok()?;
            (folded.expose().chars().count() <= Self::MAX).then_some(Forms { folded, typed })
        };
        Self(forms())
    }

    /// What is kept and compared; `None` for what is too long.
    pub(crate) fn folded(&self) -> Option<&Candidate> {
        self.0.as_ref().map(|forms| &forms.folded)
    }

    /// Every spelling under which it might be somebody's password.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = &Candidate> {
        let folded = self.0.iter().map(|forms| &forms.folded);
        folded.chain(self.0.iter().filter(|forms| !forms.typed.is_same(&forms.folded)).map(|forms| &forms.typed))
    }
}

impl fmt::Debug for SecretAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretAnswer(…)")
    }
}

/// Folds case and the forms of characters, takes white space off both ends, and makes one space of any within.
fn fold(text: &str) -> Zeroizing<String> {
    // By way of capitals: ß is ss, and ς is σ.
    let folded = text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc();
    let mut one_spaced = Zeroizing::new(String::with_capacity(4 * Candidate::MAX_BYTES));
    let mut is_apart = false;
    for character in folded {
        if character.is_whitespace() {
            is_apart = !one_spaced.is_empty();
            continue;
        }
        if std::mem::take(&mut is_apart) {
            one_spaced.push(' ');
        }
        one_spaced.push(character);
    }
    one_spaced
}

/// An answer that was judged. Nothing else makes one, so nothing unjudged is ever hashed.
#[derive(Debug)]
pub struct AcceptedAnswer(pub(super) Candidate);

impl AcceptedAnswer {
    /// The folded text, for the adapter that hashes it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The answer of an account to a question, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SecurityAnswer {
    /// Whose it is.
    pub account: AccountId,
    /// To which question.
    pub question: QuestionKey,
    /// Its hash.
    pub hash: PasswordHash,
    /// Its place among the answers of the account, in the order in which they were given.
    pub place: u32,
    /// When it was set.
    pub set_at: Timestamp,
    /// When it was last given when it was asked for.
    pub given_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn folded(text: &str) -> String {
        SecretAnswer::new(text).folded().unwrap().expose().to_owned()
    }

    #[test]
    fn spellings_of_one_answer_are_one_answer() {
        for (typed, kept) in [
            ("  Blue   Whale\t", "blue whale"),
            ("BLUE\u{a0}WHALE", "blue whale"),
            ("Straße", "strasse"),
            ("ＴＯＫＹＯ", "tokyo"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
            ("Οδυσσεύς", "οδυσσεύσ"),
            ("Zoe\u{308}", "zoë"),
            ("القاهرة", "القاهرة"),
            ("ﬁsh", "fish"),
        ] {
            assert_eq!(folded(typed), kept, "{typed:?}");
        }
    }

    #[test]
    fn an_answer_may_be_told_with_its_spelling_as_a_password() {
        let answer = SecretAnswer::new(" Blue Whale ");
        assert_eq!(answer.spellings().map(Candidate::expose).collect::<Vec<_>>(), ["blue whale", "Blue Whale"]);
        assert_eq!(SecretAnswer::new("blue").spellings().count(), 1);
    }

    #[test]
    fn what_is_too_long_is_no_answer() {
        assert!(SecretAnswer::new(&"x".repeat(100)).folded().is_some());
        for long in ["x".repeat(101), "x".repeat(100_000), "\u{fdfa}".repeat(90)] {
            assert!(SecretAnswer::new(&long).folded().is_none());
        }
    }

    #[test]
    fn debug_output_holds_no_answer() {
        assert_eq!(format!("{:?}", SecretAnswer::new("Blue Whale")), "SecretAnswer(…)");
    }
}
