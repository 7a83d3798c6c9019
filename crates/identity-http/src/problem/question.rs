//! Security questions.

use identity_core::{
    flow::question::SetSecurityAnswersError,
    model::question::{AnswerFault, AskedQuestion, RefusedAnswers, SecurityQuestions},
};

use super::{FieldProblem, Problem};

pub(super) fn answer_needed(field: &str, question: &AskedQuestion) -> Problem {
    Problem::field(field, "answer_needed", format!("Answer this question as well: {}", question.text))
}

pub(super) fn wrong_answer(field: &str, question: &AskedQuestion) -> Problem {
    Problem::field(field, "wrong_answer", format!("This is not the answer to: {}", question.text))
}

impl From<RefusedAnswers> for Problem {
    fn from(refused: RefusedAnswers) -> Self {
        let mut errors = Vec::new();
        if let Some(number) = refused.number {
            let message = format!("Answer at least {number} questions, and no more than {}.", SecurityQuestions::MOST_ANSWERS);
            errors.push(FieldProblem::new("answers", "number", message));
        }
        errors.extend(refused.faults.iter().map(|(at, fault)| {
            let part = if fault.is_of_question() { "question" } else { "answer" };
            FieldProblem::new(&format!("answers[{at}].{part}"), fault.as_str(), what_to_answer(*fault))
        }));
        Self::invalid(errors)
    }
}

const fn what_to_answer(fault: AnswerFault) -> &'static str {
    match fault {
        AnswerFault::UnknownQuestion => "Send keys that GET /api/v1/me/security-questions answers.",
        AnswerFault::SameQuestion => "Answer each question once.",
        AnswerFault::TooShort => "Use at least 3 characters.",
        AnswerFault::TooLong => "Use at most 100 characters.",
        AnswerFault::Personal => "Use something that is not your name, address or company.",
        AnswerFault::TooSimple => "Use something that nobody tries first.",
        AnswerFault::SameAnswer => "Give each question an answer of its own.",
        AnswerFault::Password => "Use something that is not your password.",
    }
}

impl From<SetSecurityAnswersError> for Problem {
    fn from(error: SetSecurityAnswersError) -> Self {
        let text = error.to_string();
        match error {
            SetSecurityAnswersError::Off => Self::not_found(),
            SetSecurityAnswersError::NotProved => Self::reauthentication_required(),
            SetSecurityAnswersError::Refused(refused) => refused.into(),
            SetSecurityAnswersError::Conflict => Self::conflict(text),
            SetSecurityAnswersError::Fault(fault) => fault.into(),
        }
    }
}
