//! The fields that people are asked for, beyond what every installation asks.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Error, anyhow};
use identity_core::{
    model::custom_field::{Field, FieldChoice, FieldKind, FieldPlace, Fields, Words},
    value::{FieldKey, Language},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::{Integer, List, Number, Tables, Text, TextValue, one_of, words};

/// A field of your own.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(super) struct DeclaredField {
    /// The name for programs.
    key: String,
    /// What pages call it, by language: `{ en = "Team" }`.
    label: BTreeMap<String, String>,
    /// A line of help, by language.
    #[serde(default)]
    hint: BTreeMap<String, String>,
    /// What people are asked for.
    #[serde(default)]
    kind: Text<Kind>,
    /// Of `text`: the most characters.
    #[schemars(extend("x-default" = "200"))]
    max_length: Option<Number<1, 500>>,
    /// Of `number`: the least.
    #[schemars(extend("x-default" = "0"))]
    min: Option<Integer>,
    /// Of `number`: the greatest.
    max: Option<Integer>,
    /// Of `choice`: 1 to 200.
    #[serde(default)]
    choices: Vec<DeclaredChoice>,
    /// Whether an answer is needed.
    #[serde(default)]
    required: bool,
    /// Where people are asked.
    #[serde(default = "everywhere")]
    shown: List<Text<FieldPlace>>,
}

/// One choice of a field.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct DeclaredChoice {
    /// The name for programs.
    value: String,
    /// What pages call it, by language.
    label: BTreeMap<String, String>,
}

/// What a field asks for, without its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Date,
    Choice,
    Checkbox,
}

words! {
    Kind: "text" => Self::Text, "number" => Self::Number, "date" => Self::Date, "choice" => Self::Choice,
        "checkbox" => Self::Checkbox;
}

impl Default for Text<Kind> {
    fn default() -> Self {
        Self(Kind::Text)
    }
}

fn everywhere() -> List<Text<FieldPlace>> {
    List(FieldPlace::ALL.map(Text).to_vec())
}

/// The longest label or hint, in characters.
const MAX_WORDS: usize = 300;
/// The most choices of one field.
const MAX_CHOICES: usize = 200;

pub(super) fn fields(declared: &Tables<DeclaredField>) -> Result<Fields, Error> {
    if declared.0.len() > Fields::MAX {
        return Err(anyhow!("fields: at most {} can be declared", Fields::MAX));
    }
    Fields::new(declared.0.iter().map(field).collect::<Result<_, _>>()?).map_err(|twice| anyhow!("fields: {twice} is there twice"))
}

fn field(declared: &DeclaredField) -> Result<Field, Error> {
    let place = format!("fields, {}", declared.key);
    let error = |said: &str| anyhow!("{place}: {said}");
    let key = FieldKey::parse(&declared.key).context(place.clone())?;
    let kind = match declared.kind.0 {
        Kind::Text => {
            let max_length = declared.max_length.map_or(200, Number::get);
            FieldKind::Text { max_length: u16::try_from(max_length).context(place.clone())? }
        }
        Kind::Number => {
            let (min, max) = (declared.min.map_or(0, |Integer(min)| min), declared.max.map_or(i64::MAX, |Integer(max)| max));
            if min > max {
                return Err(error("min is greater than max"));
            }
            FieldKind::Number { min, max }
        }
        Kind::Date => FieldKind::Date,
        Kind::Choice => choices(&declared.choices, &place)?,
        Kind::Checkbox => FieldKind::Checkbox,
    };
    let is_stray = |given: bool, kind: Kind| given && declared.kind.0 != kind;
    if is_stray(declared.max_length.is_some(), Kind::Text)
        || is_stray(declared.min.is_some() || declared.max.is_some(), Kind::Number)
        || is_stray(!declared.choices.is_empty(), Kind::Choice)
    {
        return Err(error("max_length is for text, min and max are for number, choices are for choice"));
    }
    let shown = declared.shown.0.iter().map(|Text(place)| *place).collect();
    let label =
        translated(&declared.label, &place)?.ok_or_else(|| error("label: say what it is called, such as { en = \"Team\" }"))?;
    Ok(Field { key, label, hint: translated(&declared.hint, &place)?, kind, required: declared.required, shown })
}

fn choices(declared: &[DeclaredChoice], place: &str) -> Result<FieldKind, Error> {
    let mut values = BTreeSet::new();
    if declared.is_empty() || declared.len() > MAX_CHOICES || !declared.iter().all(|choice| values.insert(&choice.value)) {
        return Err(anyhow!("{place}: choices: name 1 to {MAX_CHOICES}, each value once"));
    }
    let choice = |choice: &DeclaredChoice| {
        let label = translated(&choice.label, place)?;
        let label = label.ok_or_else(|| anyhow!("{place}: choices: say what {} is called", choice.value))?;
        Ok(FieldChoice { value: FieldKey::parse(&choice.value).context(place.to_owned())?, label })
    };
    declared.iter().map(choice).collect::<Result<_, _>>().map(FieldKind::Choice)
}

pub(super) fn translated(declared: &BTreeMap<String, String>, place: &str) -> Result<Option<Words>, Error> {
    let word = |(tag, text): (&String, &String)| {
        let fits = !text.trim().is_empty() && text.chars().count() <= MAX_WORDS && !text.chars().any(char::is_control);
        let language = Language::parse(tag).context(place.to_owned())?;
        if fits { Ok((language, text.trim().to_owned())) } else { Err(anyhow!("{place}: use one line of text in {tag}")) }
    };
    declared.iter().map(word).collect::<Result<_, Error>>().map(Words::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::source, say::one_line};

    fn read(text: &str) -> Result<Fields, String> {
        crate::config::tests::sections(text).and_then(|sections| fields(&sections.fields).map_err(|error| one_line(&error)))
    }

    #[test]
    fn fields_are_declared_in_tables() {
        let declared = read(
            r#"
            [[fields]]
            key = "cost_center"
            label = { en = "Cost center", ar = "مركز التكلفة" }
            hint = { en = "Four digits" }
            max_length = 4
            required = true

            [[fields]]
            key = "shirt"
            kind = "choice"
            label = { en = "T-shirt" }
            choices = [{ value = "s", label = { en = "Small" } }, { value = "l", label = { en = "Large" } }]
            shown = ["profile"]
            "#,
        )
        .unwrap();
        let [cost_center, shirt] = declared.as_slice() else { panic!("{declared:?}") };
        assert_eq!(cost_center.kind, FieldKind::Text { max_length: 4 });
        assert_eq!((cost_center.required, cost_center.shown.len()), (true, 2));
        assert_eq!(cost_center.label.for_reader(&Language::parse("ar").unwrap()), "مركز التكلفة");
        assert_eq!(cost_center.label.for_reader(&Language::parse("de").unwrap()), "Cost center");
        assert!(matches!(&shirt.kind, FieldKind::Choice(choices) if choices.len() == 2));
        assert_eq!(shirt.shown, [FieldPlace::Profile].into());
    }

    #[test]
    fn the_environment_can_carry_them_too() {
        let text = r#"[{ key = "team", label = { en = "Team" } }]"#;
        let sections = source::read(None, [("IDENTITY_FIELDS".to_owned(), text.to_owned())]).unwrap();
        assert_eq!(fields(&sections.fields).unwrap().as_slice().len(), 1);
    }

    #[test]
    fn what_cannot_be_asked_is_refused_by_name() {
        let label = r#"label = { en = "Team" }"#;
        for (text, said) in [
            (r#"key = "Team""#.to_owned() + "\n" + label, "key"),
            (r#"key = "team""#.to_owned(), "label"),
            ("key = \"team\"\nlabel = { en = \"\" }".to_owned(), "en"),
            (format!("key = \"team\"\nkind = \"colour\"\n{label}"), "kind"),
            (format!("key = \"team\"\nmax_length = 501\n{label}"), "max_length"),
            (format!("key = \"team\"\nkind = \"choice\"\n{label}"), "choices"),
            (format!("key = \"team\"\nkind = \"date\"\nmin = 1\n{label}"), "min"),
            (format!("key = \"team\"\nkind = \"number\"\nmin = 2\nmax = 1\n{label}"), "min"),
            (format!("key = \"team\"\nshown = [\"login\"]\n{label}"), "shown"),
            (format!("key = \"team\"\nrequierd = true\n{label}"), "requierd"),
            (format!("key = \"team\"\n{label}\n[[fields]]\nkey = \"team\"\n{label}"), "twice"),
        ] {
            let error = read(&format!("[[fields]]\n{text}")).unwrap_err();
            assert!(error.contains("fields") && error.contains(said) && !error.contains('\n'), "{text}: {error}");
        }
        assert!(read("fields = 1").unwrap_err().contains("fields"));
    }
}
