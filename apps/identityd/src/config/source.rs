//! Where the configuration is written: a file, and the environment over it. An error says the key and its place.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context as _, Error, anyhow};
use config::{ConfigError, Environment, File, FileFormat};
use serde_path_to_error::Segment;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{reference, sections::Sections};

const PREFIX: &str = "IDENTITY_";

/// The keys that may hold a secret. Each can be read from a file instead, which the key with `_file` after it names.
const SECRETS: [&str; 3] = ["database.url", "mail.smtp.url", "password.peppers"];

/// Reads the file, if there is one, and the environment.
pub(super) fn read(file: Option<&Path>, environment: impl IntoIterator<Item = (String, String)>) -> Result<Sections, Error> {
    let text = match file {
        Some(path) => fs::read_to_string(path).context(format!("the configuration {} cannot be read", path.display()))?,
        None => String::new(),
    };
    let document = DeTable::parse(&text).map_err(|error| not_toml(file, &text, &error))?;
    // Numbers are read here.
    toml::from_str::<toml::Table>(&text).map_err(|error| not_toml(file, &text, &error))?;
    let variables = variables(environment);
    let of_the_environment = Environment::default().separator("__").source(Some(under_keys(&variables)));
    let merged = config::Config::builder().add_source(File::from_str(&text, FileFormat::Toml)).add_source(of_the_environment);
    let places = Places { file, text: &text, document: document.get_ref(), variables: &variables };
    serde_path_to_error::deserialize(merged.build()?).map_err(|error| {
        let path = error.path().iter().filter_map(segment).collect::<Vec<_>>();
        places.explain(&path, &error.into_inner())
    })
}

/// Our variables, but for those that say nothing, and those that others set for a service of this name.
fn variables(environment: impl IntoIterator<Item = (String, String)>) -> HashMap<String, String> {
    let ours = environment.into_iter().filter_map(|(name, text)| {
        let key = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
        (!text.trim().is_empty() && !is_of_a_service(&key)).then(|| (name, text.trim().to_owned()))
    });
    ours.collect()
}

/// Variables without the prefix. A secret in a file takes the place of the secret itself, and the other way round.
fn under_keys(variables: &HashMap<String, String>) -> HashMap<String, String> {
    let mut keys = HashMap::new();
    for secret in SECRETS.map(variable) {
        let in_file = format!("{secret}_FILE");
        match (variables.contains_key(&secret), variables.contains_key(&in_file)) {
            (true, false) => keys.insert(in_file, String::new()),
            (false, true) => keys.insert(secret, String::new()),
            (true, true) | (false, false) => None,
        };
    }
    keys.extend(variables.clone());
    keys.into_iter().filter_map(|(name, text)| Some((name.strip_prefix(PREFIX)?.to_owned(), text))).collect()
}

/// `http.listen` is `IDENTITY_HTTP__LISTEN`.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_ascii_uppercase())
}

/// A step of the path to a value.
enum Step {
    Key(String),
    Item(usize),
}

fn segment(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Seq { index } => Some(Step::Item(*index)),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// Everything that can be said of where a value was written.
struct Places<'a> {
    file: Option<&'a Path>,
    text: &'a str,
    document: &'a DeTable<'a>,
    variables: &'a HashMap<String, String>,
}

impl Places<'_> {
    fn explain(&self, path: &[Step], error: &ConfigError) -> Error {
        let key = name(path);
        let place = self.place(path).map(|place| format!(" ({place})")).unwrap_or_default();
        let said = bare(error);
        let last = key.rsplit([' ', '.']).next().unwrap_or_default();
        // What serde says of a key that the sections do not have.
        if !said.starts_with(&format!("unknown field `{last}`")) {
            return anyhow!("{key}{place}: {said}");
        }
        match reference::nearest(&key) {
            Some(near) => anyhow!("{key}{place}: there is no such key; {near} is the nearest: see docs/configuration.md"),
            None => anyhow!("{key}{place}: there is no such key: see docs/configuration.md"),
        }
    }

    /// The variable, or the file and its line.
    fn place(&self, path: &[Step]) -> Option<String> {
        let key = path.iter().map_while(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(_) => None,
        });
        // A variable holds the whole list of tables; an error is of one key of one of them.
        let keys = key.collect::<Vec<_>>();
        let variable = (1..=keys.len()).rev().find_map(|length| {
            let variable = variable(&keys.get(..length)?.join("."));
            self.variables.contains_key(&variable).then_some(variable)
        });
        variable.or_else(|| {
            let line = line_of(self.text, offset(self.document, path)?);
            Some(format!("{}, line {line}", self.file?.display()))
        })
    }
}

/// `fields, number 2: label`, `http.listen`.
fn name(path: &[Step]) -> String {
    let mut name = String::new();
    let mut is_in_list = false;
    for step in path {
        match step {
            Step::Key(key) if name.is_empty() => name.push_str(key),
            Step::Key(key) if is_in_list => {
                name = format!("{name}: {key}");
                is_in_list = false;
            }
            Step::Key(key) => name = format!("{name}.{key}"),
            Step::Item(index) => {
                name = format!("{name}, number {}", index + 1);
                is_in_list = true;
            }
        }
    }
    name
}

/// What an error says, without the key and the place that `config` adds to some.
fn bare(error: &ConfigError) -> String {
    match error {
        ConfigError::At { error, .. } => bare(error),
        // `fields[0]key`, of the first of the fields.
        ConfigError::NotFound(key) => format!("{} is missing", key.rsplit([']', '.']).next().unwrap_or_default()),
        ConfigError::Type { unexpected, expected, .. } => format!("found {unexpected}, expected {expected}"),
        // What was found may hold a secret: a text in the place of a table, say.
        other => {
            let said = other.to_string();
            let expected = said.strip_prefix("invalid ").and_then(|said| said.split_once(", expected "));
            expected.map_or_else(|| said.clone(), |(_, expected)| format!("expected {expected}"))
        }
    }
}

/// How far the value is from the beginning of the file; or what holds it, where it is not there itself.
fn offset(document: &DeTable<'_>, path: &[Step]) -> Option<usize> {
    let (Step::Key(first), rest) = path.split_first()? else { return None };
    let (key, value) = document.iter().find(|(key, _)| key.get_ref() == first)?;
    Some(within(value, rest).unwrap_or(key.span().start))
}

fn within(value: &Spanned<DeValue<'_>>, path: &[Step]) -> Option<usize> {
    match (path.split_first()?, value.get_ref()) {
        ((Step::Key(_), _), DeValue::Table(table)) => offset(table, path),
        ((Step::Item(index), rest), DeValue::Array(items)) => {
            let item = items.get(*index)?;
            Some(within(item, rest).unwrap_or(item.span().start))
        }
        _ => None,
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Where it stops being TOML; never the line itself, which may hold a secret.
fn not_toml(file: Option<&Path>, text: &str, error: &toml::de::Error) -> Error {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    let file = file.map(|file| file.display().to_string()).unwrap_or_default();
    anyhow!("the configuration {file} is not TOML: line {line}: {}", error.message())
}

/// Whether Kubernetes or Docker puts this variable beside every program that runs near a service whose name begins with "identity":
/// `…_SERVICE_HOST`, `…_SERVICE_PORT`, `…_SERVICE_PORT_NAME`, `…_PORT`, `…_PORT_8080_TCP`, `…_PORT_8080_TCP_ADDR` and their kin. A key of
/// ours has its section before two underscores.
fn is_of_a_service(name: &str) -> bool {
    if name.contains("__") {
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
