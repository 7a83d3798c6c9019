//! What will do as an answer.

use super::{GivenAnswer, SecretAnswer, SecurityQuestion, SecurityQuestions, answer::AcceptedAnswer};
use crate::{
    model::{
        account::Account,
        password::{Candidate, normalize},
    },
    value::{CompanyName, QuestionKey},
};

crate::value::vocabulary! {
    /// What is wrong with an answer, or with its question.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum AnswerFault {
        /// There is no such question.
        UnknownQuestion = "unknown_question",
        /// The question is answered twice.
        SameQuestion = "same_question",
        /// Fewer than [`SecretAnswer::MIN`] characters.
        TooShort = "too_short",
        /// More than [`SecretAnswer::MAX`] characters.
        TooLong = "too_long",
        /// What everybody knows of the person: the name, the address, the company.
        Personal = "personal",
        /// What anybody tries first, such as 123.
        TooSimple = "too_simple",
        /// Another answer is the same.
        SameAnswer = "same_answer",
        /// It is the password.
        Password = "password",
    }
}

impl AnswerFault {
    /// Whether the question is to be mended, not the answer.
    #[must_use]
    pub const fn is_of_question(self) -> bool {
        matches!(self, Self::UnknownQuestion | Self::SameQuestion)
    }
}

/// What is wrong with answers, all at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedAnswers {
    /// How many there have to be, where there are too few or too many.
    pub number: Option<usize>,
    /// What is wrong with which, counted from 0.
    pub faults: Vec<(usize, AnswerFault)>,
}

/// Whom the answers are about.
pub(crate) struct Person<'a> {
    pub(crate) account: &'a Account,
    pub(crate) company: Option<&'a CompanyName>,
    pub(crate) product: &'a str,
}

impl Person<'_> {
    fn has(&self, squeezed: &str) -> bool {
        let account = self.account;
        let (first, last) = (account.first_name.as_str(), account.last_name.as_str());
        let names = [first.to_owned(), last.to_owned(), format!("{first}{last}"), format!("{last}{first}")];
        let others = [account.email.as_str(), account.email.local_part(), self.product];
        let others = others.into_iter().chain(self.company.map(CompanyName::as_str)).map(str::to_owned);
        names.into_iter().chain(others).any(|known| squeeze(&known) == squeezed)
    }
}

/// Judges everything that can be told without a computation. The password is compared after that.
pub(crate) fn validate(
    questions: &SecurityQuestions,
    given: &[GivenAnswer],
    person: &Person<'_>,
) -> Result<Vec<(QuestionKey, AcceptedAnswer)>, RefusedAnswers> {
    let mut refused = RefusedAnswers::default();
    if given.len() < questions.required_answers() || given.len() > SecurityQuestions::MOST_ANSWERS {
        refused.number = Some(questions.required_answers());
    }
    let mut accepted = Vec::new();
    let mut seen: Vec<(&QuestionKey, String)> = Vec::new();
    for (at, one) in given.iter().enumerate().take(SecurityQuestions::MOST_ANSWERS) {
        let question = questions.find(&one.question);
        match question {
            None => refused.faults.push((at, AnswerFault::UnknownQuestion)),
            Some(question) if seen.iter().any(|(key, _)| **key == question.key) => {
                refused.faults.push((at, AnswerFault::SameQuestion));
            }
            Some(_) => {}
        }
        let squeezed = one.answer.folded().map(|folded| squeeze(folded.expose())).unwrap_or_default();
        match judge_one(&one.answer, &squeezed, question, person) {
            Err(fault) => refused.faults.push((at, fault)),
            Ok(_) if seen.iter().any(|(_, other)| *other == squeezed) => refused.faults.push((at, AnswerFault::SameAnswer)),
            Ok(folded) => accepted.extend(question.map(|question| (question.key.clone(), AcceptedAnswer(folded.clone())))),
        }
        if let Some(question) = question {
            seen.push((&question.key, squeezed));
        }
    }
    if refused == RefusedAnswers::default() { Ok(accepted) } else { Err(refused) }
}

fn judge_one<'a>(
    answer: &'a SecretAnswer,
    squeezed: &str,
    question: Option<&SecurityQuestion>,
    person: &Person<'_>,
) -> Result<&'a Candidate, AnswerFault> {
    let folded = answer.folded().ok_or(AnswerFault::TooLong)?;
    if folded.expose().chars().count() < SecretAnswer::MIN {
        return Err(AnswerFault::TooShort);
    }
    if person.has(squeezed) {
        return Err(AnswerFault::Personal);
    }
    let repeats_question =
        question.is_some_and(|question| question.text.all().chain([question.key.as_str()]).any(|text| squeeze(text) == squeezed));
    if repeats_question || is_simple(folded.expose()) {
        return Err(AnswerFault::TooSimple);
    }
    Ok(folded)
}

/// Letters and digits alone, as a guesser reads them: ways to write one answer are one.
fn squeeze(text: &str) -> String {
    let inner = text.trim_matches(|character: char| !character.is_alphanumeric());
    normalize(inner).chars().filter(|character| character.is_alphanumeric()).collect()
}

/// What people type who do not want to answer.
const EVASIONS: [&str; 14] = [
    "password",
    "passwort",
    "answer",
    "secret",
    "test",
    "none",
    "nothing",
    "unknown",
    "qwerty",
    "qwertz",
    "asdf",
    "asdfgh",
    "noidea",
    "idontknow",
];

fn is_simple(folded: &str) -> bool {
    let plain = folded.chars().filter(|character| character.is_alphanumeric()).collect::<Vec<_>>();
    let steps = plain.iter().zip(plain.iter().skip(1)).map(|(one, next)| i64::from(u32::from(*next)) - i64::from(u32::from(*one)));
    let mut steps = steps.collect::<Vec<_>>();
    steps.dedup();
    // One character again and again, or characters that follow each other: 111, 123, cba.
    let is_run = matches!(steps.as_slice(), [] | [-1..=1]);
    is_run || EVASIONS.iter().any(|evasion| plain.iter().copied().eq(evasion.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_anybody_tries_first_is_too_simple() {
        for simple in ["123", "12345678", "321", "aaa", "abc", "a-b-c", "...", "1 2 3", "password", "i don't know", "x!!"] {
            assert!(is_simple(simple), "{simple}");
        }
        for good in ["blue", "no 7", "smith", "1987", "القاهرة", "112"] {
            assert!(!is_simple(good), "{good}");
        }
    }
}
