//! What the file and the environment say, by key.

use std::{collections::BTreeMap, fmt::Display, path::Path};

use anyhow::{Context as _, Error, anyhow};

use super::keys::{KEYS, Kind};

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Number(u32),
    Switch(bool),
    List(Vec<String>),
    Tables(Vec<toml::Table>),
}

/// Values by key.
#[derive(Default)]
pub(super) struct Values(BTreeMap<&'static str, Value>);

const PREFIX: &str = "IDENTITY_";

impl Values {
    pub(super) fn read_file(&mut self, path: &Path) -> Result<(), Error> {
        let place = path.display();
        let text = std::fs::read_to_string(path).context(format!("the configuration {place} cannot be read"))?;
        let table = text.parse::<toml::Table>().map_err(|error| not_toml(path, &text, &error))?;
        self.read_table("", &table, path)
    }

    fn read_table(&mut self, prefix: &str, table: &toml::Table, path: &Path) -> Result<(), Error> {
        for (name, value) in table {
            let name = format!("{prefix}{name}");
            let is_section = KEYS.iter().any(|key| key.name.starts_with(&format!("{name}.")));
            match (value, KEYS.iter().find(|key| key.name == name)) {
                (_, Some(key)) => {
                    let value = from_toml(key.kind, value).ok_or_else(|| wrong_kind(&name, key.kind))?;
                    self.0.insert(key.name, value);
                }
                (toml::Value::Table(inner), None) if is_section => self.read_table(&format!("{name}."), inner, path)?,
                (toml::Value::String(file), None) if secret_of(&name).is_some() => self.read_secret(&name, file)?,
                (_, None) => {
                    return Err(anyhow!("{name} in {} is not a key of this program: see docs/operating.md", path.display()));
                }
            }
        }
        Ok(())
    }

    pub(super) fn read_environment(&mut self, environment: impl IntoIterator<Item = (String, String)>) -> Result<(), Error> {
        for (variable, text) in environment {
            let Some(name) = variable.strip_prefix(PREFIX) else { continue };
            let name = name.to_ascii_lowercase().replace("__", ".");
            // A variable that is set to nothing says nothing.
            if text.trim().is_empty() {
                continue;
            }
            match KEYS.iter().find(|key| key.name == name) {
                Some(key) => {
                    let value = from_text(key.kind, &text).ok_or_else(|| wrong_kind(&name, key.kind))?;
                    self.0.insert(key.name, value);
                }
                None if secret_of(&name).is_some() => self.read_secret(&name, &text)?,
                None if is_of_a_service(&name) => {}
                None => return Err(anyhow!("{variable} names no key of this program: see docs/operating.md")),
            }
        }
        Ok(())
    }

    fn read_secret(&mut self, name: &str, file: &str) -> Result<(), Error> {
        let Some(key) = secret_of(name) else { return Ok(()) };
        let text = std::fs::read_to_string(file).context(format!("{key}: the file {file} cannot be read"))?;
        self.0.insert(key, Value::Text(text.trim_end_matches(['\r', '\n']).to_owned()));
        Ok(())
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.0.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// One of a few words, in whatever case it was written.
    pub(super) fn word(&self, key: &str, default: &str) -> String {
        self.text(key).unwrap_or(default).trim().to_ascii_lowercase()
    }

    pub(super) fn list(&self, key: &str) -> Option<Vec<String>> {
        match self.0.get(key) {
            Some(Value::List(list)) => Some(list.clone()),
            _ => None,
        }
    }

    pub(super) fn tables(&self, key: &str) -> Option<&[toml::Table]> {
        match self.0.get(key) {
            Some(Value::Tables(tables)) => Some(tables),
            _ => None,
        }
    }

    pub(super) fn switch(&self, key: &str) -> Option<bool> {
        match self.0.get(key) {
            Some(Value::Switch(on)) => Some(*on),
            _ => None,
        }
    }

    pub(super) fn number(&self, key: &str) -> Result<Option<u32>, Error> {
        match self.0.get(key) {
            Some(Value::Number(number)) => Ok(Some(*number)),
            _ => Ok(None),
        }
    }

    pub(super) fn parsed<T, E: Display>(&self, key: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Result<Option<T>, Error> {
        self.text(key).map(|text| parse(text.trim()).map_err(|error| anyhow!("{key}: {error}"))).transpose()
    }
}

/// Where it stops being TOML; never the line itself, which may hold a secret.
fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    anyhow!("the configuration {} is not TOML: line {line}: {}", path.display(), error.message())
}

/// Whether Kubernetes or Docker puts this variable beside every program that runs near a service whose name begins with "identity":
/// `…_SERVICE_HOST`, `…_SERVICE_PORT`, `…_SERVICE_PORT_NAME`, `…_PORT`, `…_PORT_8080_TCP`, `…_PORT_8080_TCP_ADDR` and their kin. A key of
/// ours has its section before two underscores.
fn is_of_a_service(name: &str) -> bool {
    if name.contains('.') {
        return false;
    }
    let words = name.split('_').collect::<Vec<_>>();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_protocol = |word: &str| matches!(word, "tcp" | "udp" | "sctp");
    let of_a_port = words
        .windows(3)
        .any(|three| matches!(three, [port, number, protocol] if *port == "port" && is_number(number) && is_protocol(protocol)));
    let of_a_service = words.windows(2).any(|two| matches!(two, ["service", "host" | "port"]));
    of_a_port || of_a_service || words.last() == Some(&"port")
}

/// The key whose secret stands in the file that `name` names.
fn secret_of(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix("_file")?;
    KEYS.iter().find(|key| key.name == name && key.kind == Kind::Secret).map(|key| key.name)
}

fn wrong_kind(name: &str, kind: Kind) -> Error {
    let wanted = match kind {
        Kind::Text | Kind::Secret => "a text",
        Kind::Number => "a whole number",
        Kind::Switch => "true or false",
        Kind::List => "a list of texts",
        Kind::Tables => "a list of tables",
    };
    anyhow!("{name} takes {wanted}")
}

fn from_toml(kind: Kind, value: &toml::Value) -> Option<Value> {
    match (kind, value) {
        (Kind::Text | Kind::Secret, toml::Value::String(text)) => Some(Value::Text(text.clone())),
        (Kind::Number, toml::Value::Integer(number)) => u32::try_from(*number).ok().map(Value::Number),
        (Kind::Switch, toml::Value::Boolean(on)) => Some(Value::Switch(*on)),
        (Kind::List, toml::Value::Array(items)) => {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>().map(Value::List)
        }
        (Kind::Tables, toml::Value::Array(items)) => {
            items.iter().map(|item| item.as_table().cloned()).collect::<Option<_>>().map(Value::Tables)
        }
        _ => None,
    }
}

fn from_text(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Text | Kind::Secret => Some(Value::Text(text.to_owned())),
        Kind::Number => text.trim().parse().ok().map(Value::Number),
        Kind::Switch => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(Value::Switch(true)),
            "false" | "no" | "off" | "0" => Some(Value::Switch(false)),
            _ => None,
        },
        Kind::List => {
            let items = text.split([',', ';']).map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
            Some(Value::List(items.collect()))
        }
        Kind::Tables => {
            let table = format!("tables = {text}").parse::<toml::Table>().ok()?;
            table.get("tables").and_then(|tables| from_toml(kind, tables))
        }
    }
}
