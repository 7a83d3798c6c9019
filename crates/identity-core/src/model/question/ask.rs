//! Which question is asked.

use super::{SecurityAnswer, SecurityQuestions};
use crate::value::{Language, QuestionKey};

/// The question that an account is asked, in somebody's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedQuestion {
    /// Its key.
    pub key: QuestionKey,
    /// How it reads.
    pub text: String,
}

impl AskedQuestion {
    /// The question that this answer answers; `None` where it is not asked any more.
    pub(crate) fn of(questions: &SecurityQuestions, kept: &SecurityAnswer, language: &Language) -> Option<Self> {
        let question = questions.find(kept.question.as_str())?;
        Some(Self { key: question.key.clone(), text: question.text.for_reader(language).to_owned() })
    }
}

/// The answer that is asked for: the one that was given longest ago, in the order of the person where none was. It stays the same
/// until it is given, so that nobody chooses which question to guess at.
pub(crate) fn asked<'a>(questions: &SecurityQuestions, kept: &'a [SecurityAnswer]) -> Option<&'a SecurityAnswer> {
    let declared = kept.iter().filter(|kept| questions.find(kept.question.as_str()).is_some());
    declared.min_by_key(|kept| (kept.given_at, kept.place))
}
