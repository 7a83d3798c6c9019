use identity_core::{flow::question::OwnQuestions, model::question::SecurityQuestions, value::Language};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Secret, schema};

/// A security question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecurityQuestion {
    /// Its key.
    key: String,
    /// How it reads, in one's own language.
    text: String,
    /// Whether it is answered.
    answered: bool,
}

/// The security questions that there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecurityQuestionList {
    /// The questions.
    questions: Vec<SecurityQuestion>,
    /// How many have to be answered, at least.
    required_answers: usize,
    /// When they were answered (RFC 3339).
    #[schema(value_type = Option<schema::Time>)]
    set_at: Option<String>,
}

impl SecurityQuestionList {
    pub(crate) fn of(questions: &SecurityQuestions, own: &OwnQuestions, language: &Language) -> Self {
        let list = questions.as_slice().iter().map(|question| SecurityQuestion {
            key: question.key.to_string(),
            text: question.text.for_reader(language).to_owned(),
            answered: own.answered.contains(&question.key),
        });
        Self {
            questions: list.collect(),
            required_answers: questions.required_answers(),
            set_at: own.set_at.map(|set_at| set_at.to_string()),
        }
    }
}

/// The answer to one question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecurityAnswer {
    /// The question's key.
    pub(crate) question: String,
    /// The answer, 3 to 100 characters. Case and white space do not count.
    #[schema(value_type = String, format = Password)]
    pub(crate) answer: Secret,
}

/// Sets one's security answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetSecurityAnswers {
    /// All of them, in the order in which they are to be asked for.
    pub(crate) answers: Vec<SecurityAnswer>,
}

/// Sets a new password by a mailed link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompleteResetWithAnswer {
    /// The token of the link.
    #[schema(value_type = schema::Token)]
    pub(crate) token: Secret,
    /// The new password, at most 1024 bytes.
    #[schema(value_type = schema::Password)]
    pub(crate) password: Secret,
    /// The new password again.
    #[schema(value_type = schema::Password)]
    pub(crate) password_confirmation: Secret,
    /// The answer to the security question, where one is asked.
    #[schema(value_type = Option<String>, format = Password)]
    pub(crate) security_answer: Option<Secret>,
}

/// How the person was recognised who asks for a reset.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityCheckWithAnswer {
    /// `in_person`, `video_call`, `call_back`, `document`, `security_question` or `other`.
    pub(crate) method: String,
    /// What speaks for it, at most 200 characters. It stands in the audit log.
    pub(crate) note: String,
    /// What the person answered, for `security_question` and nothing else. The problem document says the question where it is left
    /// out.
    #[schema(value_type = Option<String>, format = Password)]
    pub(crate) security_answer: Option<Secret>,
}

/// Resets somebody's password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssistedResetWithAnswer {
    /// `link`: a link is mailed; `temporary_password`: one is answered, once, to be told in another way.
    pub(crate) method: String,
    /// How the person was recognised.
    pub(crate) identity_check: IdentityCheckWithAnswer,
}
