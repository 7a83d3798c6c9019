//! The fields that an operator asks for, on the pages that show them.

use std::collections::BTreeMap;

use identity_core::model::{
    account::CustomFieldValues,
    custom_field::{AnswerError, Field, FieldKind, FieldPlace, Fields, RawInput, WrongAnswer},
};

use crate::{app::App, text::Texts, view::Choice, web::form::FormState, wire::AnswerValue};

/// A field as a page shows it.
pub(crate) struct FieldView {
    /// Its name in the form.
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) kind: &'static str,
    pub(crate) required: bool,
    /// The most characters of a text; for nothing else.
    pub(crate) max_length: u16,
    /// The least and the greatest number; for nothing else.
    pub(crate) range: (i64, i64),
    pub(crate) choices: Vec<Choice>,
}

/// The name of a field in forms.
fn name(field: &Field) -> String {
    format!("fields.{}", field.key)
}

/// The fields of a place, as its page shows them.
pub(super) fn views(app: &App, place: FieldPlace, texts: &Texts) -> Vec<FieldView> {
    let view = |field: &Field| {
        let language = texts.language();
        let choices = match &field.kind {
            FieldKind::Choice(choices) => {
                let nothing = Choice { value: String::new(), label: texts.get("choose-nothing"), hint: None };
                let all =
                    choices.iter().map(|choice| Choice::new(&choice.value, &choice.label.for_reader(language), None::<&String>));
                std::iter::once(nothing).chain(all).collect()
            }
            _ => Vec::new(),
        };
        FieldView {
            name: name(field),
            label: field.label.for_reader(language).to_owned(),
            hint: field.hint.as_ref().map_or("", |hint| hint.for_reader(language)).to_owned(),
            kind: field.kind.as_str(),
            required: field.required,
            max_length: if let FieldKind::Text { max_length } = field.kind { max_length } else { 0 },
            range: if let FieldKind::Number { min, max } = field.kind { (min, max) } else { (0, 0) },
            choices,
        }
    };
    app.settings().fields.at(place).map(view).collect()
}

/// The form with what was answered before.
pub(super) fn filled(app: &App, place: FieldPlace, answers: &CustomFieldValues, filled: FormState) -> FormState {
    app.settings().fields.at(place).fold(filled, |filled, field| filled.with(name(field), answers.get(&field.key)))
}

/// What a form with the fields of a place says of them: one that was left out is empty, as a box that is not ticked.
pub(super) fn complete(app: &App, place: FieldPlace, typed: &mut BTreeMap<String, AnswerValue>) {
    // A field that was taken out of the configuration while the form was open is not asked for any more.
    typed.retain(|key, _| app.settings().fields.at(place).any(|field| field.key.as_str() == key));
    for field in app.settings().fields.at(place) {
        typed.entry(field.key.to_string()).or_insert_with(|| AnswerValue::Text(String::new()));
    }
}

/// The names of the fields that earlier answers leave to be asked for: what is required now and was not answered, or not so.
pub(super) fn open_names(app: &App, place: FieldPlace, answers: &CustomFieldValues) -> Vec<String> {
    let wrong = app.settings().fields.validate(place, &as_typed(app, place, answers)).err().unwrap_or_default();
    let is_open = |field: &&Field| wrong.iter().any(|wrong| wrong.key == field.key.as_str());
    app.settings().fields.at(place).filter(is_open).map(name).collect()
}

/// Earlier answers as they would be typed again.
fn as_typed(app: &App, place: FieldPlace, answers: &CustomFieldValues) -> RawInput {
    let answer = |field: &Field| answers.get(&field.key).map_or_else(String::new, |answer| answer.as_str().to_owned());
    app.settings().fields.at(place).map(|field| (field.key.to_string(), answer(field))).collect()
}

/// What a form with the open fields of a place says of all of them: the others stay as they were answered.
pub(super) fn complete_open(app: &App, place: FieldPlace, typed: &mut BTreeMap<String, AnswerValue>, answers: &CustomFieldValues) {
    let open = open_names(app, place, answers);
    for field in app.settings().fields.at(place).filter(|field| !open.contains(&name(field))) {
        let earlier = answers.get(&field.key).map_or_else(String::new, |answer| answer.as_str().to_owned());
        typed.insert(field.key.to_string(), AnswerValue::Text(earlier));
    }
    complete(app, place, typed);
}

/// Says what a flow found wrong.
pub(super) fn say_what_is_wrong(app: &App, place: FieldPlace, texts: &Texts, wrong: &[WrongAnswer], filled: &mut FormState) {
    for field in app.settings().fields.at(place) {
        let Some(found) = wrong.iter().find(|wrong| wrong.key == field.key.as_str()) else { continue };
        let label = field.label.for_reader(texts.language());
        let number = |number: &dyn std::fmt::Display| number.to_string();
        let more = match &found.error {
            AnswerError::TooLong { max } => vec![("max", number(max))],
            AnswerError::Number { min, max } => vec![("min", number(min)), ("max", number(max))],
            _ => Vec::new(),
        };
        let code = match (&found.error, &field.kind) {
            (AnswerError::Missing, FieldKind::Checkbox) => "unticked".to_owned(),
            (AnswerError::Checkbox, _) => "not-a-choice".to_owned(),
            (error, _) => error.code().replace('_', "-"),
        };
        let words = more.iter().map(|(key, text)| (*key, text.as_str())).chain([("field", label)]).collect::<Vec<_>>();
        filled.wrong(name(field), texts.with(&format!("answer-{code}"), &words));
    }
}

/// What was answered, as somebody else reads it: what each field is called, and the answer in the reader's words.
pub(crate) fn told(fields: &Fields, answers: &CustomFieldValues, texts: &Texts) -> Vec<(String, String)> {
    let words = |field: &Field| {
        let answer = answers.get(&field.key)?.as_str();
        let answer = match &field.kind {
            FieldKind::Choice(choices) => {
                let chosen = choices.iter().find(|choice| choice.value.as_str() == answer);
                chosen.map_or(answer, |choice| choice.label.for_reader(texts.language())).to_owned()
            }
            FieldKind::Checkbox => texts.get("yes"),
            FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::Date => answer.to_owned(),
        };
        Some((field.label.for_reader(texts.language()).to_owned(), answer))
    };
    fields.as_slice().iter().filter_map(words).collect()
}
