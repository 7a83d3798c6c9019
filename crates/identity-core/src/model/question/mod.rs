//! Security questions: off unless an operator declares them, and never more than a step beside another proof (OWASP ASVS 5.0 §6.4.2
//! wants none at all).

mod answer;
mod ask;
mod given;
mod validate;

pub use answer::{AcceptedAnswer, SecretAnswer, SecurityAnswer};
pub use ask::AskedQuestion;
pub(crate) use ask::asked;
pub use given::GivenAnswer;
pub use validate::{AnswerFault, RefusedAnswers};
pub(crate) use validate::{Person, validate};

use std::collections::BTreeSet;

use crate::{model::custom_field::Words, value::QuestionKey};

/// A question that people may answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityQuestion {
    /// Its key, in requests and tables.
    pub key: QuestionKey,
    /// How it reads.
    pub text: Words,
}

/// Why questions cannot be declared like this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionsError {
    /// A key is there twice.
    #[error("{0} is there twice")]
    Twice(QuestionKey),
    /// Too few, or too many.
    #[error("declare {} to {} questions", SecurityQuestions::LEAST, SecurityQuestions::MOST)]
    Number,
    /// As many answers cannot be asked for.
    #[error(
        "ask for {} to {} answers, and for no more than there are questions",
        SecurityQuestions::LEAST,
        SecurityQuestions::MOST_ANSWERS
    )]
    Answers,
}

/// The questions of one installation, in the order in which they are offered; no key twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityQuestions {
    questions: Vec<SecurityQuestion>,
    required_answers: usize,
    required: bool,
}

impl SecurityQuestions {
    /// The fewest questions, and the fewest answers of a person.
    pub const LEAST: usize = 3;
    /// The most questions.
    pub const MOST: usize = 30;
    /// The most answers of a person. Each costs a computation of its own.
    pub const MOST_ANSWERS: usize = 10;

    /// Questions in this order. `required`: whether they have to be answered before anything else.
    ///
    /// # Errors
    /// [`QuestionsError`]
    pub fn new(questions: Vec<SecurityQuestion>, required_answers: usize, required: bool) -> Result<Self, QuestionsError> {
        let mut keys = BTreeSet::new();
        if let Some(twice) = questions.iter().find(|question| !keys.insert(&question.key)) {
            return Err(QuestionsError::Twice(twice.key.clone()));
        }
        if !(Self::LEAST..=Self::MOST).contains(&questions.len()) {
            return Err(QuestionsError::Number);
        }
        if !(Self::LEAST..=Self::MOST_ANSWERS.min(questions.len())).contains(&required_answers) {
            return Err(QuestionsError::Answers);
        }
        Ok(Self { questions, required_answers, required })
    }

    /// All of them.
    #[must_use]
    pub fn as_slice(&self) -> &[SecurityQuestion] {
        &self.questions
    }

    /// The question with that key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&SecurityQuestion> {
        self.questions.iter().find(|question| question.key.as_str() == key)
    }

    /// How many a person answers, at least.
    #[must_use]
    pub const fn required_answers(&self) -> usize {
        self.required_answers
    }

    /// Whether they have to be answered before anything else.
    #[must_use]
    pub const fn are_required(&self) -> bool {
        self.required
    }

    /// Whether there are answers enough, by the questions that there are now.
    #[must_use]
    pub fn are_answered(&self, kept: &[SecurityAnswer]) -> bool {
        kept.iter().filter(|kept| self.find(kept.question.as_str()).is_some()).count() >= self.required_answers
    }
}
