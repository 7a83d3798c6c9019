//! `[security_questions]`: none, unless they are switched on.

use std::collections::BTreeMap;

use anyhow::{Context as _, Error, anyhow};
use identity_core::{
    model::{
        custom_field::Words,
        question::{SecurityQuestion, SecurityQuestions},
    },
    value::QuestionKey,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    fields::translated,
    typed::{Number, Tables},
};

/// Security questions. Read [what they are](operating.md#security-questions) first.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Questions {
    /// Whether people answer security questions.
    enabled: bool,
    /// 3 to 30 questions.
    questions: Tables<Question>,
    /// How many of them a person answers.
    required_answers: Number<3, 10>,
    /// Whether everybody answers them before anything else, from the next login on.
    required: bool,
}

/// A security question.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct Question {
    /// The name for programs.
    key: String,
    /// How it reads, by language: `{ en = "Which book …?" }`.
    text: BTreeMap<String, String>,
}

impl Default for Questions {
    fn default() -> Self {
        let required_answers = Number::new(SecurityQuestions::LEAST);
        Self { enabled: false, questions: Tables::default(), required_answers, required: false }
    }
}

impl Questions {
    pub(super) fn settings(&self) -> Result<Option<SecurityQuestions>, Error> {
        // What is declared is read either way: a mistake shows before they are switched on.
        let questions = self.questions.0.iter().map(question).collect::<Result<Vec<_>, _>>()?;
        if !self.enabled {
            return Ok(None);
        }
        SecurityQuestions::new(questions, self.required_answers.as_usize(), self.required).map(Some).context("security_questions")
    }
}

fn question(declared: &Question) -> Result<SecurityQuestion, Error> {
    let place = format!("security_questions.questions, {}", declared.key);
    let key = QuestionKey::parse(&declared.key).context(place.clone())?;
    let text: Option<Words> = translated(&declared.text, &place)?;
    let text = text.ok_or_else(|| anyhow!("{place}: text: say how it reads, such as {{ en = \"Which book …?\" }}"))?;
    Ok(SecurityQuestion { key, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{sections::Sections, source},
        say::one_line,
    };

    const THREE: &str = r#"
        [[security_questions.questions]]
        key = "pet"
        text = { en = "What was your first pet called?", ar = "ما اسم أول حيوان أليف لديك؟" }
        [[security_questions.questions]]
        key = "street"
        text = { en = "In which street did you grow up?" }
        [[security_questions.questions]]
        key = "book"
        text = { en = "Which book did you read first?" }
        "#;

    fn read(text: &str) -> Result<Option<SecurityQuestions>, String> {
        let settings = |sections: Sections| sections.security_questions.settings().map_err(|error| one_line(&error));
        crate::config::tests::sections(text).and_then(settings)
    }

    #[test]
    fn they_are_off_until_they_are_switched_on() {
        assert_eq!(read("").unwrap(), None);
        assert_eq!(read(THREE).unwrap(), None);
        let on = read(&format!("[security_questions]\nenabled = true\n{THREE}")).unwrap().unwrap();
        assert_eq!((on.as_slice().len(), on.required_answers(), on.are_required()), (3, 3, false));
        let required = read(&format!("[security_questions]\nenabled = true\nrequired = true\n{THREE}")).unwrap().unwrap();
        assert!(required.are_required());
    }

    #[test]
    fn the_environment_can_carry_them_too() {
        let question = |key: &str| format!("{{ key = \"{key}\", text = {{ en = \"Why?\" }} }}");
        let text = format!("[{}]", ["a", "b", "c"].map(question).join(", "));
        let variables = [("IDENTITY_SECURITY_QUESTIONS__ENABLED", "true"), ("IDENTITY_SECURITY_QUESTIONS__QUESTIONS", &text)];
        let sections = source::read(None, variables.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
        assert_eq!(sections.security_questions.settings().unwrap().unwrap().as_slice().len(), 3);
    }

    #[test]
    fn what_cannot_be_asked_is_refused_by_name() {
        let on = "[security_questions]\nenabled = true\n";
        for (text, said) in [
            (on.to_owned(), "3"),
            (format!("{on}{}", THREE.split("key = \"book\"").next().unwrap().rsplit_once("[[").unwrap().0), "3"),
            (format!("{on}required_answers = 2\n{THREE}"), "3"),
            (format!("{on}required_answers = 4\n{THREE}"), "no more"),
            (format!("{on}{}", THREE.replace("\"street\"", "\"pet\"")), "twice"),
            (THREE.replace("\"street\"", "\"Street\""), "key"),
            (THREE.replace("text = { en = \"Which book did you read first?\" }", "text = {}"), "text"),
            (THREE.replace("key = \"book\"", "key = \"book\"\nanswer = \"x\""), "answer"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains("security_questions") && error.contains(said) && !error.contains('\n'), "{text}: {error}");
        }
    }
}
