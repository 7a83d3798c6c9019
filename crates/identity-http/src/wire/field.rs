use std::collections::BTreeMap;

use identity_core::{
    model::{
        account::CustomFieldValues,
        custom_field::{self as field, FieldKind, Fields, RawInput},
    },
    value::Language,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::whole;

/// An answer as a program sends and gets it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum AnswerValue {
    /// A checkbox.
    Ticked(bool),
    /// A number.
    Number(#[serde(deserialize_with = "whole::signed")] i64),
    /// A text, a day such as `2026-01-31`, or the value of a choice.
    Text(String),
}

/// What a program answered, as a person would have typed it.
pub(crate) fn typed(values: BTreeMap<String, AnswerValue>) -> RawInput {
    let text = |value| match value {
        AnswerValue::Ticked(ticked) => ticked.to_string(),
        AnswerValue::Number(number) => number.to_string(),
        AnswerValue::Text(text) => text,
    };
    values.into_iter().map(|(key, value)| (key, text(value))).collect()
}

/// Answers as a program gets them. What is not asked for any more is a text.
pub(crate) fn answers(fields: &Fields, answers: &CustomFieldValues) -> BTreeMap<String, AnswerValue> {
    let value = |(key, answer): (&_, &identity_core::value::Answer)| {
        let text = answer.as_str();
        let kind = fields.as_slice().iter().find(|field| field.key == *key).map(|field| &field.kind);
        let read = match kind {
            Some(FieldKind::Checkbox) => text.parse().ok().map(AnswerValue::Ticked),
            Some(FieldKind::Number { .. }) => text.parse().ok().map(AnswerValue::Number),
            _ => None,
        };
        (key.to_string(), read.unwrap_or_else(|| AnswerValue::Text(text.to_owned())))
    };
    answers.iter().map(value).collect()
}

/// One of the answers that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldChoice {
    value: String,
    label: String,
}

/// A field that people are asked for, beyond what every installation asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Field {
    key: String,
    label: String,
    hint: Option<String>,
    /// `text`, `number`, `date`, `choice` or `checkbox`.
    kind: &'static str,
    /// The most characters of a text.
    max_length: Option<u16>,
    /// The least number.
    min: Option<i64>,
    /// The greatest number.
    max: Option<i64>,
    /// What can be chosen.
    choices: Option<Vec<FieldChoice>>,
    /// Whether it has to be answered where it is shown; a checkbox, whether it has to be ticked.
    required: bool,
    /// Where it is shown: `registration`, `profile`.
    shown: Vec<&'static str>,
}

/// The fields that people are asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldList {
    items: Vec<Field>,
}

impl FieldList {
    pub(crate) fn of(fields: &Fields, language: &Language) -> Self {
        Self { items: fields.as_slice().iter().map(|field| Field::of(field, language)).collect() }
    }
}

impl Field {
    fn of(field: &field::Field, language: &Language) -> Self {
        let (max_length, min, max, choices) = match &field.kind {
            FieldKind::Text { max_length } => (Some(*max_length), None, None, None),
            FieldKind::Number { min, max } => (None, Some(*min), Some(*max), None),
            FieldKind::Choice(choices) => (None, None, None, Some(choices)),
            FieldKind::Date | FieldKind::Checkbox => (None, None, None, None),
        };
        let choice = |choice: &field::FieldChoice| FieldChoice {
            value: choice.value.to_string(),
            label: choice.label.for_reader(language).to_owned(),
        };
        Self {
            key: field.key.to_string(),
            label: field.label.for_reader(language).to_owned(),
            hint: field.hint.as_ref().map(|hint| hint.for_reader(language).to_owned()),
            kind: field.kind.as_str(),
            max_length,
            min,
            max,
            choices: choices.map(|choices| choices.iter().map(choice).collect()),
            required: field.required,
            shown: field.shown.iter().map(|place| place.as_str()).collect(),
        }
    }
}
