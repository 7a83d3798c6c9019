//! The fields that people are asked for, beyond what every installation asks.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Error, anyhow};
use identity_core::{
    model::custom_field::{Field, FieldChoice, FieldKind, FieldPlace, Fields, Words},
    value::{Answer, FieldKey, Language},
};
use serde::Deserialize;

use super::values::Values;

/// A field as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    key: String,
    label: BTreeMap<String, String>,
    #[serde(default)]
    hint: BTreeMap<String, String>,
    #[serde(default = "text")]
    kind: String,
    max_length: Option<u16>,
    min: Option<i64>,
    max: Option<i64>,
    #[serde(default)]
    choices: Vec<DeclaredChoice>,
    #[serde(default)]
    required: bool,
    #[serde(default = "everywhere")]
    shown: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredChoice {
    value: String,
    label: BTreeMap<String, String>,
}

fn text() -> String {
    "text".to_owned()
}

fn everywhere() -> Vec<String> {
    FieldPlace::ALL.map(|place| place.as_str().to_owned()).to_vec()
}

/// The longest label or hint, in characters.
const MAX_WORDS: usize = 300;
/// The most choices of one field.
const MAX_CHOICES: usize = 200;

pub(super) fn fields(values: &Values) -> Result<Fields, Error> {
    let declared = values.tables("fields").unwrap_or_default();
    if declared.len() > Fields::MAX {
        return Err(anyhow!("fields: at most {} can be declared", Fields::MAX));
    }
    let fields = declared.iter().enumerate().map(|(at, table)| {
        let place = format!("fields, number {}", at + 1);
        let declared = table.clone().try_into::<Declared>().context(place.clone())?;
        field(&declared)
    });
    Fields::new(fields.collect::<Result<_, _>>()?).map_err(|twice| anyhow!("fields: {twice} is there twice"))
}

fn field(declared: &Declared) -> Result<Field, Error> {
    let place = format!("fields, {}", declared.key);
    let error = |said: &str| anyhow!("{place}: {said}");
    let key = FieldKey::parse(&declared.key).context(place.clone())?;
    let kind = match declared.kind.as_str() {
        "text" => match usize::from(declared.max_length.unwrap_or(200)) {
            1..=Answer::MAX => FieldKind::Text { max_length: declared.max_length.unwrap_or(200) },
            _ => return Err(error("max_length: use a number from 1 to 500")),
        },
        "number" => {
            let (min, max) = (declared.min.unwrap_or(0), declared.max.unwrap_or(i64::MAX));
            if min > max {
                return Err(error("min is greater than max"));
            }
            FieldKind::Number { min, max }
        }
        "date" => FieldKind::Date,
        "choice" => choices(&declared.choices, &place)?,
        "checkbox" => FieldKind::Checkbox,
        _ => return Err(error("kind: use text, number, date, choice or checkbox")),
    };
    let is_stray = |given: bool, kinds: &[&str]| given && !kinds.contains(&declared.kind.as_str());
    if is_stray(declared.max_length.is_some(), &["text"])
        || is_stray(declared.min.is_some() || declared.max.is_some(), &["number"])
        || is_stray(!declared.choices.is_empty(), &["choice"])
    {
        return Err(error("max_length is for text, min and max are for number, choices are for choice"));
    }
    let shown = declared.shown.iter().map(|word| FieldPlace::parse(word).ok_or_else(|| error("shown: use registration, profile")));
    let shown = shown.collect::<Result<BTreeSet<_>, _>>()?;
    let label = words(&declared.label, &place)?.ok_or_else(|| error("label: say what it is called, such as { en = \"Team\" }"))?;
    Ok(Field { key, label, hint: words(&declared.hint, &place)?, kind, required: declared.required, shown })
}

fn choices(declared: &[DeclaredChoice], place: &str) -> Result<FieldKind, Error> {
    let mut values = BTreeSet::new();
    if declared.is_empty() || declared.len() > MAX_CHOICES || !declared.iter().all(|choice| values.insert(&choice.value)) {
        return Err(anyhow!("{place}: choices: name 1 to {MAX_CHOICES}, each value once"));
    }
    let choice = |choice: &DeclaredChoice| {
        let label = words(&choice.label, place)?;
        let label = label.ok_or_else(|| anyhow!("{place}: choices: say what {} is called", choice.value))?;
        Ok(FieldChoice { value: FieldKey::parse(&choice.value).context(place.to_owned())?, label })
    };
    declared.iter().map(choice).collect::<Result<_, _>>().map(FieldKind::Choice)
}

pub(super) fn words(declared: &BTreeMap<String, String>, place: &str) -> Result<Option<Words>, Error> {
    let word = |(tag, text): (&String, &String)| {
        let fits = !text.trim().is_empty() && text.chars().count() <= MAX_WORDS && !text.chars().any(char::is_control);
        let language = Language::parse(tag).context(place.to_owned())?;
        if fits { Ok((language, text.trim().to_owned())) } else { Err(anyhow!("{place}: use one line of text in {tag}")) }
    };
    declared.iter().map(word).collect::<Result<_, Error>>().map(Words::new)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::say::one_line;

    fn read(text: &str) -> Result<Fields, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("identity.toml");
        std::fs::write(&file, text).unwrap();
        let mut values = Values::default();
        values.read_file(Path::new(&file)).and_then(|()| fields(&values)).map_err(|error| one_line(&error))
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
        let mut values = Values::default();
        let text = r#"[{ key = "team", label = { en = "Team" } }]"#;
        values.read_environment([("IDENTITY_FIELDS".to_owned(), text.to_owned())]).unwrap();
        assert_eq!(fields(&values).unwrap().as_slice().len(), 1);
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
