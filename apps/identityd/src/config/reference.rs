//! What the configuration takes, for people (`docs/configuration.md`) and for editors (a JSON Schema). Both are made of the sections.

use schemars::{
    Schema,
    generate::SchemaSettings,
    transform::{RecursiveTransform, Transform as _},
};
use serde_json::Value;

use super::sections::Sections;

/// The JSON Schema of the file, for editors.
#[must_use]
pub fn json_schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<Sections>();
    // TOML has no null.
    RecursiveTransform(without_null).transform(&mut schema);
    schema.insert("title".to_owned(), "The configuration of identityd".into());
    schema.to_value()
}

fn without_null(schema: &mut Schema) {
    // A table's default is that of its keys.
    if schema.get("default").is_some_and(Value::is_null) || schema.get("properties").is_some() {
        schema.remove("default");
    }
    for list in ["type", "enum"] {
        match schema.get_mut(list) {
            Some(Value::Array(values)) => values.retain(|value| !value.is_null() && value != "null"),
            _ => continue,
        }
        if let Some([only]) = schema.get(list).and_then(Value::as_array).filter(|_| list == "type").map(Vec::as_slice) {
            let only = only.clone();
            schema.insert(list.to_owned(), only);
        }
    }
}

/// The dotted names of all keys.
fn keys(prefix: &str, table: &Value) -> Vec<String> {
    let properties = table.get("properties").and_then(Value::as_object);
    let each = properties.into_iter().flatten().flat_map(|(name, schema)| {
        let name = format!("{prefix}{name}");
        if is_table(schema) { keys(&format!("{name}."), schema) } else { vec![name] }
    });
    each.collect()
}

fn is_table(schema: &Value) -> bool {
    schema.get("properties").is_some()
}

/// The key whose name is most like this one, if one is.
pub(super) fn nearest(name: &str) -> Option<String> {
    const LIKE: f64 = 0.8;
    let plain = |name: &str| name.replace('.', "_");
    let alike = |key: String| (strsim::normalized_damerau_levenshtein(&plain(&key), &plain(name)), key);
    let most = keys("", &json_schema()).into_iter().map(alike).max_by(|(one, _), (other, _)| one.total_cmp(other));
    most.filter(|(alike, _)| *alike >= LIKE).map(|(_, name)| name)
}

/// The reference for people.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(HEAD);
    section(&mut text, "", &json_schema());
    text
}

/// A table of the configuration, and those within it that have a description of their own. Keys of the others are in its rows.
fn section(text: &mut String, prefix: &str, table: &Value) {
    let mut rows = String::new();
    let mut within = Vec::new();
    collect(&mut rows, &mut within, prefix, table);
    if !rows.is_empty() {
        let title = match prefix.trim_end_matches('.') {
            "" => "Keys outside of tables".to_owned(),
            name => format!("`[{name}]`"),
        };
        let said = description(table).filter(|_| !prefix.is_empty()).map(|said| format!("{said}\n\n")).unwrap_or_default();
        text.push_str(&format!("\n## {title}\n\n{said}| key | default | what it is |\n|---|---|---|\n{rows}"));
    }
    for (prefix, table) in within {
        section(text, &prefix, table);
    }
}

fn collect<'a>(rows: &mut String, within: &mut Vec<(String, &'a Value)>, prefix: &str, table: &'a Value) {
    for (name, schema) in table.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let name = format!("{prefix}{name}");
        if !is_table(schema) {
            rows.push_str(&row(&format!("`{name}`"), schema, &default(schema)));
            let needed = schema.pointer("/items/required").and_then(Value::as_array).cloned().unwrap_or_default();
            for (key, item) in schema.pointer("/items/properties").and_then(Value::as_object).into_iter().flatten() {
                let default = if needed.iter().any(|name| name == key) { "needed".to_owned() } else { default(item) };
                rows.push_str(&row(&format!("`{key}` of `{name}`"), item, &default));
            }
        } else if prefix.is_empty() || description(schema).is_some() {
            within.push((format!("{name}."), schema));
        } else {
            collect(rows, within, &format!("{name}."), schema);
        }
    }
}

fn row(name: &str, schema: &Value, default: &str) -> String {
    let description = description(schema).unwrap_or_default();
    let form = form(schema).filter(|(_, words)| !words.iter().all(|word| description.contains(word)));
    format!("| {name} | {default} | {description}{} |\n", form.map(|(form, _)| format!(" {form}")).unwrap_or_default())
}

const HEAD: &str = "\
# Configuration

This page is made of the program (`cargo xtask docs --write`): change the descriptions in `apps/identityd/src/config`.

The configuration is a TOML file: the one that `--config FILE` names, else `identity.toml` in the working folder if it is there. The
environment comes before the file: `http.listen` is `IDENTITY_HTTP__LISTEN`. In the environment a list is written with commas, and a list of
tables as a TOML array. An unknown key is an error.

`database.url`, `mail.smtp.url` and `password.peppers` may hold secrets. Each can be in a file instead, which the key with `_file` after it
names (`IDENTITY_MAIL__SMTP__URL_FILE=/run/secrets/smtp`). Durations are ISO 8601 (`PT30M`, `P7D`).

`identityd configuration --json-schema` prints a JSON Schema. An editor with support for TOML completes and checks the file by it.
";

fn description(schema: &Value) -> Option<String> {
    schema.get("description").and_then(Value::as_str).map(|text| text.replace('\n', " "))
}

/// What the value has to be, and the words of which it is one.
fn form(schema: &Value) -> Option<(String, Vec<String>)> {
    let words = schema.get("enum").or_else(|| schema.pointer("/items/enum")).and_then(Value::as_array);
    if let Some(words) = words {
        let words = words.iter().map(code).collect::<Vec<_>>();
        return Some((format!("One of {}.", words.join(", ")), words));
    }
    if let Some(form) = schema.get("x-form").and_then(Value::as_str) {
        return Some((format!("Use {form}."), vec![form.to_owned()]));
    }
    let number = |name| schema.get(name).and_then(Value::as_u64);
    let range = format!("Use {} to {}.", number("minimum")?, number("maximum")?);
    Some((range.clone(), vec![range]))
}

fn default(schema: &Value) -> String {
    match (schema.get("x-default").and_then(Value::as_str), schema.get("default")) {
        (Some(said), _) => said.to_owned(),
        (None, None) => "none".to_owned(),
        (None, Some(Value::Array(items))) if items.is_empty() => "none".to_owned(),
        (None, Some(Value::Object(table))) if table.is_empty() => "none".to_owned(),
        (None, Some(value)) => code(value),
    }
}

fn code(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use identity_core::model::password::{PasswordPolicy, Preset};

    use super::*;

    #[test]
    fn the_documents_are_what_the_program_says() {
        let schema = format!("{:#}\n", json_schema());
        for (file, text, made) in [
            ("docs/configuration.md", include_str!("../../../../docs/configuration.md"), &markdown()),
            ("docs/configuration.schema.json", include_str!("../../../../docs/configuration.schema.json"), &schema),
        ] {
            assert!(text == made, "{file} is not what the program says: run cargo xtask docs --write");
        }
    }

    #[test]
    fn an_editor_is_told_what_a_key_takes() {
        let schema = json_schema();
        let at = |pointer: &str| schema.pointer(pointer).cloned().unwrap_or_else(|| panic!("{pointer}"));
        assert_eq!(at("/properties/http/properties/max_connections/maximum"), 1_000_000);
        assert_eq!(at("/properties/registration/properties/mode/enum"), serde_json::json!(["closed", "open", "domains"]));
        assert_eq!(at("/properties/database/properties/url/type"), "string");
        assert_eq!(at("/properties/http/additionalProperties"), false);
        assert!(!schema.to_string().contains("null"), "TOML has none");
    }

    #[test]
    fn the_defaults_of_a_preset_are_what_the_reference_says() {
        let (classic, nist) = (PasswordPolicy::preset(Preset::Classic), PasswordPolicy::preset(Preset::Nist));
        let text = markdown();
        for (key, classic, nist) in [
            ("min_length", classic.min_length.to_string(), nist.min_length.to_string()),
            ("uppercase", classic.uppercase.to_string(), nist.uppercase.to_string()),
            ("lowercase", classic.lowercase.to_string(), nist.lowercase.to_string()),
            ("digit", classic.digit.to_string(), nist.digit.to_string()),
            ("special", classic.special.to_string(), nist.special.to_string()),
            ("history", classic.history.to_string(), nist.history.to_string()),
        ] {
            assert!(text.contains(&format!("| `password.{key}` | classic: {classic}, nist: {nist} |")), "{key}");
        }
        assert_eq!((classic.min_score, nist.min_score), (2, 2));
        assert!(text.contains("| `password.min_score` | 2 |"));
    }

    #[test]
    fn a_mistyped_key_has_a_neighbour_and_a_word_of_its_own_has_none() {
        for (typed, meant) in [("http.listne", "http.listen"), ("http_listen", "http.listen"), ("session.idel", "session.idle")] {
            assert_eq!(nearest(typed).as_deref(), Some(meant));
        }
        assert_eq!(nearest("colour"), None);
    }
}
