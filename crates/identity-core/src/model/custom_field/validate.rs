//! Judging what was answered.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Field, FieldKind, FieldPlace, Fields};
use crate::{
    model::account::CustomFieldValues,
    value::{Answer, TextError, with_ascii_digits},
};

/// What was typed, by the keys that came with it.
pub type RawInput = BTreeMap<String, String>;

/// Why an answer cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Nobody asks for it here.
    #[error("leave this field out: it is not asked for here")]
    Unknown,
    /// It has to be answered.
    #[error("answer this")]
    Missing,
    /// More characters than fit.
    #[error("use at most {max} characters")]
    TooLong {
        /// The most characters.
        max: usize,
    },
    /// Control characters, or ones that turn the direction of writing.
    #[error("use letters, digits and punctuation, without control characters")]
    Characters,
    /// Not a whole number, or one that is too small or too great.
    #[error("use a whole number from {min} to {max}")]
    Number {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// Not a day.
    #[error("use a day such as 2026-01-31")]
    Date,
    /// None of the choices.
    #[error("use one of the choices")]
    Choice,
    /// Neither yes nor no.
    #[error("use true or false")]
    Checkbox,
}

impl AnswerError {
    /// The word in answers of the API, and of the texts that pages say.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown_field",
            Self::Missing => "missing_field",
            Self::TooLong { .. } => "too_long",
            Self::Characters => "bad_characters",
            Self::Number { .. } => "not_a_number",
            Self::Date => "not_a_day",
            Self::Choice => "not_a_choice",
            Self::Checkbox => "not_a_checkbox",
        }
    }
}

/// An answer that cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongAnswer {
    /// The key that it came with.
    pub key: String,
    /// Why.
    pub error: AnswerError,
}

impl Fields {
    /// What was answered at a place, if all of it can be kept. An empty text is no answer.
    ///
    /// # Errors
    /// Every answer that cannot be kept, in the order of the fields.
    pub fn validate(&self, place: FieldPlace, typed: &RawInput) -> Result<CustomFieldValues, Vec<WrongAnswer>> {
        let mut errors = Vec::new();
        let mut answers = CustomFieldValues::new();
        for field in self.at(place) {
            match field.validate(typed.get(field.key.as_str()).map_or("", |text| text.trim())) {
                Ok(answer) => answers.extend(answer.map(|answer| (field.key.clone(), answer))),
                Err(error) => errors.push(WrongAnswer { key: field.key.to_string(), error }),
            }
        }
        errors.extend(self.not_asked(place, typed));
        if errors.is_empty() { Ok(answers) } else { Err(errors) }
    }

    /// The answers of somebody who answers some fields of a place again: what is not named stays. An empty text takes an answer back.
    ///
    /// # Errors
    /// Every answer that cannot be kept, in the order of the fields.
    pub fn amended(
        &self,
        place: FieldPlace,
        before: &CustomFieldValues,
        typed: &RawInput,
    ) -> Result<CustomFieldValues, Vec<WrongAnswer>> {
        let mut answers = before.clone();
        let mut errors = Vec::new();
        for (field, text) in self.at(place).filter_map(|field| Some((field, typed.get(field.key.as_str())?))) {
            answers.remove(&field.key);
            match field.validate(text.trim()) {
                Ok(answer) => answers.extend(answer.map(|answer| (field.key.clone(), answer))),
                Err(error) => errors.push(WrongAnswer { key: field.key.to_string(), error }),
            }
        }
        errors.extend(self.not_asked(place, typed));
        if errors.is_empty() { Ok(answers) } else { Err(errors) }
    }

    fn not_asked(&self, place: FieldPlace, typed: &RawInput) -> Vec<WrongAnswer> {
        let is_asked = |key: &String| self.at(place).any(|field| field.key.as_str() == key);
        let others = typed.keys().filter(|key| !is_asked(key));
        others.map(|key| WrongAnswer { key: key.clone(), error: AnswerError::Unknown }).collect()
    }
}

impl Field {
    fn validate(&self, text: &str) -> Result<Option<Answer>, AnswerError> {
        let kept = match &self.kind {
            _ if text.is_empty() => None,
            FieldKind::Text { max_length } => Some(one_line(text, (*max_length).into())?),
            FieldKind::Number { min, max } => {
                let refused = AnswerError::Number { min: *min, max: *max };
                Some(
                    with_ascii_digits(text.trim())
                        .parse::<i64>()
                        .ok()
                        .filter(|number| (min..=max).contains(&number))
                        .ok_or(refused)?
                        .to_string(),
                )
            }
            FieldKind::Date => Some(with_ascii_digits(text.trim()).parse::<Date>().map_err(|_| AnswerError::Date)?.to_string()),
            FieldKind::Choice(choices) => {
                let chosen = choices.iter().find(|choice| choice.value.as_str() == text);
                Some(chosen.ok_or(AnswerError::Choice)?.value.to_string())
            }
            FieldKind::Checkbox => match text {
                "true" => Some(text.to_owned()),
                "false" => None,
                _ => return Err(AnswerError::Checkbox),
            },
        };
        match kept {
            None if self.required => Err(AnswerError::Missing),
            kept => kept.map(|text| Answer::parse(&text).map_err(|_| AnswerError::Characters)).transpose(),
        }
    }
}

fn one_line(text: &str, max: usize) -> Result<String, AnswerError> {
    let answer = Answer::parse(text).map_err(|error| match error {
        TextError::TooLong { .. } => AnswerError::TooLong { max },
        TextError::Empty | TextError::Control | TextError::Forbidden(_) => AnswerError::Characters,
    })?;
    if answer.as_str().chars().count() > max { Err(AnswerError::TooLong { max }) } else { Ok(answer.as_str().to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::custom_field::{FieldChoice, Words},
        value::{FieldKey, Language},
    };

    fn words(text: &str) -> Words {
        Words::new([(Language::english(), text.to_owned())].into()).unwrap()
    }

    fn field(key: &str, kind: FieldKind, required: bool, shown: &[FieldPlace]) -> Field {
        let key = FieldKey::parse(key).unwrap();
        Field { key, label: words("?"), hint: None, kind, required, shown: shown.iter().copied().collect() }
    }

    fn fields() -> Fields {
        let both = FieldPlace::ALL;
        let choice = |value| FieldChoice { value: FieldKey::parse(value).unwrap(), label: words(value) };
        Fields::new(vec![
            field("team", FieldKind::Text { max_length: 5 }, true, &both),
            field("size", FieldKind::Number { min: -1, max: 10 }, false, &[FieldPlace::Registration]),
            field("since", FieldKind::Date, false, &both),
            field("shirt", FieldKind::Choice(vec![choice("s"), choice("xl")]), false, &both),
            field("agreed", FieldKind::Checkbox, true, &[FieldPlace::Registration]),
            field("desk", FieldKind::Text { max_length: 500 }, false, &[FieldPlace::Profile]),
        ])
        .unwrap()
    }

    fn typed(pairs: &[(&str, &str)]) -> RawInput {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    fn kept(answers: &CustomFieldValues) -> Vec<(&str, &str)> {
        answers.iter().map(|(key, answer)| (key.as_str(), answer.as_str())).collect()
    }

    #[test]
    fn answers_are_kept_in_one_form() {
        let given = [("team", "  Zoe\u{308} "), ("size", "+7"), ("since", "2026-02-28"), ("shirt", "xl"), ("agreed", "true")];
        let answers = fields().validate(FieldPlace::Registration, &typed(&given)).unwrap();
        assert_eq!(kept(&answers), [("agreed", "true"), ("shirt", "xl"), ("since", "2026-02-28"), ("size", "7"), ("team", "Zoë")]);
        let least =
            fields().validate(FieldPlace::Registration, &typed(&[("team", "A"), ("size", " "), ("agreed", "true")])).unwrap();
        assert_eq!(kept(&least), [("agreed", "true"), ("team", "A")]);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let given =
            [("size", "11"), ("since", "2026-02-30"), ("shirt", "m"), ("agreed", "false"), ("desk", "3"), ("admin", "true")];
        let wrong = fields().validate(FieldPlace::Registration, &typed(&given)).unwrap_err();
        let wrong = wrong.iter().map(|wrong| (wrong.key.as_str(), wrong.error.code())).collect::<Vec<_>>();
        let expected = [
            ("team", "missing_field"),
            ("size", "not_a_number"),
            ("since", "not_a_day"),
            ("shirt", "not_a_choice"),
            ("agreed", "missing_field"),
            ("admin", "unknown_field"),
            ("desk", "unknown_field"),
        ];
        assert_eq!(wrong, expected);
        for (key, text, code) in [
            ("team", "sixsix", "too_long"),
            ("team", &"x".repeat(100_000), "too_long"),
            ("team", "a\nb", "bad_characters"),
            ("team", "a\u{202e}b", "bad_characters"),
            ("size", "1.5", "not_a_number"),
            ("size", "99999999999999999999", "not_a_number"),
            ("since", "31.01.2026", "not_a_day"),
            ("agreed", "on", "not_a_checkbox"),
        ] {
            let given = typed(&[("team", "A"), ("agreed", "true"), (key, text)]);
            let wrong = fields().validate(FieldPlace::Registration, &given).unwrap_err();
            assert_eq!(
                wrong.iter().map(|wrong| (wrong.key.as_str(), wrong.error.code())).collect::<Vec<_>>(),
                [(key, code)],
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_named_or_asked_elsewhere_stays() {
        let fields = fields();
        let before = fields
            .validate(FieldPlace::Registration, &typed(&[("team", "A"), ("size", "3"), ("shirt", "s"), ("agreed", "true")]))
            .unwrap();
        let amended = fields.amended(FieldPlace::Profile, &before, &typed(&[("desk", "7")])).unwrap();
        assert_eq!(kept(&amended), [("agreed", "true"), ("desk", "7"), ("shirt", "s"), ("size", "3"), ("team", "A")]);
        let amended = fields.amended(FieldPlace::Profile, &amended, &typed(&[("team", "B"), ("desk", " ")])).unwrap();
        assert_eq!(kept(&amended), [("agreed", "true"), ("shirt", "s"), ("size", "3"), ("team", "B")]);
        let wrong = fields.amended(FieldPlace::Profile, &before, &typed(&[("team", ""), ("size", "3")])).unwrap_err();
        let wrong = wrong.iter().map(|wrong| (wrong.key.as_str(), wrong.error.code())).collect::<Vec<_>>();
        assert_eq!(wrong, [("team", "missing_field"), ("size", "unknown_field")]);
    }

    #[test]
    fn a_key_is_there_once() {
        let twice = vec![field("a", FieldKind::Date, false, &[]), field("a", FieldKind::Checkbox, false, &[])];
        assert_eq!(Fields::new(twice).unwrap_err().as_str(), "a");
    }
}
