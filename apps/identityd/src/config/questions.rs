//! Security questions: none, unless they are switched on.

use std::collections::BTreeMap;

use anyhow::{Context as _, Error, anyhow};
use identity_core::{
    model::{
        custom_field::Words,
        question::{SecurityQuestion, SecurityQuestions},
    },
    value::QuestionKey,
};
use serde::Deserialize;

use super::{fields::words, values::Values};

/// A question as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    key: String,
    text: BTreeMap<String, String>,
}

pub(super) fn questions(values: &Values) -> Result<Option<SecurityQuestions>, Error> {
    // What is declared is read either way: a mistake shows before they are switched on.
    let declared = values.tables("security_questions.questions").unwrap_or_default();
    let questions = declared.iter().enumerate().map(|(at, table)| {
        let place = format!("security_questions.questions, number {}", at + 1);
        question(&table.clone().try_into::<Declared>().context(place.clone())?)
    });
    let questions = questions.collect::<Result<Vec<_>, _>>()?;
    if !values.switch("security_questions.enabled").unwrap_or(false) {
        return Ok(None);
    }
    let answers = values.number("security_questions.required_answers")?;
    let answers = answers.map_or(Ok(SecurityQuestions::LEAST), usize::try_from).context("security_questions.required_answers")?;
    let required = values.switch("security_questions.required").unwrap_or(false);
    SecurityQuestions::new(questions, answers, required).map(Some).context("security_questions")
}

fn question(declared: &Declared) -> Result<SecurityQuestion, Error> {
    let place = format!("security_questions.questions, {}", declared.key);
    let key = QuestionKey::parse(&declared.key).context(place.clone())?;
    let text: Option<Words> = words(&declared.text, &place)?;
    let text = text.ok_or_else(|| anyhow!("{place}: text: say how it reads, such as {{ en = \"Which book …?\" }}"))?;
    Ok(SecurityQuestion { key, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::one_line;

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
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("identity.toml");
        std::fs::write(&file, text).unwrap();
        let mut values = Values::default();
        values.read_file(&file).and_then(|()| questions(&values)).map_err(|error| one_line(&error))
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
        let mut values = Values::default();
        let question = |key: &str| format!("{{ key = \"{key}\", text = {{ en = \"Why?\" }} }}");
        let text = format!("[{}]", ["a", "b", "c"].map(question).join(", "));
        let variables = [("IDENTITY_SECURITY_QUESTIONS__ENABLED", "true"), ("IDENTITY_SECURITY_QUESTIONS__QUESTIONS", &text)];
        values.read_environment(variables.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
        assert_eq!(questions(&values).unwrap().unwrap().as_slice().len(), 3);
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
