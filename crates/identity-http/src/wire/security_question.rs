use identity_core::{
    flow::{
        question::{OwnQuestions, SetSecurityAnswersCommand},
        recovery::ResetCommand,
    },
    model::{
        question::{GivenAnswer, SecretAnswer, SecurityQuestions},
        recovery::{CheckMethod, IdentityCheck},
        session::Client,
    },
    value::{Language, TokenSecret},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AssistedReset, CompleteReset, FieldErrors, Reader, Secret, new_password, schema};

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

impl SetSecurityAnswers {
    /// With empty answers up to so many.
    pub(crate) fn fill(&mut self, number: usize) {
        let number = number.max(self.answers.len());
        self.answers.resize_with(number, || SecurityAnswer { question: String::new(), answer: Secret::from(String::new()) });
    }

    pub(crate) fn read(self, client: Client) -> SetSecurityAnswersCommand {
        let given = self.answers.into_iter();
        let given = given.map(|one| GivenAnswer { answer: SecretAnswer::new(one.answer.expose()), question: one.question });
        SetSecurityAnswersCommand { answers: given.collect(), client }
    }
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

impl From<CompleteReset> for CompleteResetWithAnswer {
    fn from(CompleteReset { token, password, password_confirmation }: CompleteReset) -> Self {
        Self { token, password, password_confirmation, security_answer: None }
    }
}

impl CompleteResetWithAnswer {
    pub(crate) fn read(&self, secret: TokenSecret, client: Client) -> Result<ResetCommand, FieldErrors> {
        let (password, confirmation) = new_password(&self.password, &self.password_confirmation)?;
        let answer = self.security_answer.as_ref().map(|answer| SecretAnswer::new(answer.expose()));
        Ok(ResetCommand { secret, password, confirmation, answer, client })
    }
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

impl From<AssistedReset> for AssistedResetWithAnswer {
    fn from(AssistedReset { method, identity_check: check }: AssistedReset) -> Self {
        let identity_check = IdentityCheckWithAnswer { method: check.method, note: check.note, security_answer: None };
        Self { method, identity_check }
    }
}

/// How somebody's password is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResetMethod {
    Link,
    TemporaryPassword,
}

impl AssistedResetWithAnswer {
    /// How it is reset, and how the person was recognised. `asks`: whether there are security questions.
    pub(crate) fn read(&self, asks: bool) -> Result<(ResetMethod, IdentityCheck), FieldErrors> {
        let mut reader = Reader::default();
        let by = match self.method.as_str() {
            "link" => Ok(ResetMethod::Link),
            "temporary_password" => Ok(ResetMethod::TemporaryPassword),
            _ => Err("use link or temporary_password"),
        };
        let by = reader.read("method", by);
        let check = &self.identity_check;
        let method = CheckMethod::parse(&check.method).filter(|method| asks || *method != CheckMethod::SecurityQuestion);
        let method = method.ok_or(if asks {
            "use in_person, video_call, call_back, document, security_question or other"
        } else {
            "use in_person, video_call, call_back, document or other"
        });
        let method = reader.read("identity_check.method", method);
        let answer = check.security_answer.as_ref().map(|answer| SecretAnswer::new(answer.expose()));
        if answer.is_some() && method.is_some_and(|method| method != CheckMethod::SecurityQuestion) {
            let stray: Result<(), _> = Err("leave this out: it is for security_question alone");
            reader.read("identity_check.security_answer", stray);
        }
        let check = reader.read("identity_check.note", IdentityCheck::new(method.unwrap_or(CheckMethod::Other), &check.note));
        let check = check.map(|check| match answer {
            Some(answer) => check.answered(answer),
            None => check,
        });
        reader.finish(by.zip(check))
    }
}
