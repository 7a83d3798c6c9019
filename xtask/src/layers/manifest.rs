//! What a member's manifest inherits. Lines are read, not TOML: enough for manifests written by hand, and it knows
//! the line to name.

/// What `[package]` inherits besides its dependencies and lints.
const INHERITED: [&str; 2] = ["version", "edition"];

#[derive(Clone, PartialEq, Eq)]
enum Section {
    Package,
    Lints,
    /// A table of dependencies, by its header.
    Dependencies(String),
    /// A table for one dependency: the header of the table it belongs to, and its name.
    Dependency(String, String),
    Other,
}

/// Something to inherit: where it stands, and whether it does.
struct Entry {
    table: String,
    name: String,
    line: usize,
    inherits: bool,
}

pub(super) fn check(file: &str, text: &str) -> Vec<String> {
    let entries = entries(text);
    let find = |table: &str, name: &str| entries.iter().find(|entry| entry.table == table && entry.name == name);
    let mut violations = Vec::new();
    for key in INHERITED {
        match find("package", key) {
            Some(entry) if entry.inherits => {}
            entry => violations
                .push(format!("{file}:{}: [package] must say `{key}.workspace = true`", entry.map_or(1, |entry| entry.line))),
        }
    }
    match find("lints", "lints") {
        Some(entry) if entry.inherits => {}
        entry => violations
            .push(format!("{file}:{}: must say `[lints]` and below it `workspace = true`", entry.map_or(1, |entry| entry.line))),
    }
    for entry in entries.iter().filter(|entry| entry.table.ends_with("dependencies") && !entry.inherits) {
        let Entry { table, name, line, .. } = entry;
        violations.push(format!(
            "{file}:{line}: [{table}] must say `{name}.workspace = true` (or `{name} = {{ workspace = true, … }}`), its version belongs in the root Cargo.toml"
        ));
    }
    violations
}

/// The dependencies of any kind that a manifest names, and in which line.
pub(super) fn dependencies(text: &str) -> Vec<(String, usize)> {
    let of_tables = entries(text).into_iter().filter(|entry| entry.table.ends_with("dependencies"));
    of_tables.map(|entry| (entry.name, entry.line)).collect()
}

fn entries(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut note = |table: &str, name: &str, line: usize, inherits: bool| match entries
        .iter_mut()
        .find(|entry| entry.table == table && entry.name == name)
    {
        Some(entry) => entry.inherits |= inherits,
        None => entries.push(Entry { table: table.to_owned(), name: name.to_owned(), line, inherits }),
    };
    let mut section = Section::Other;
    for (line, statement) in statements(text) {
        if statement.starts_with('[') {
            section = heading(statement.trim_matches(['[', ']']).trim());
            match &section {
                Section::Lints => note("lints", "lints", line, false),
                Section::Dependency(table, name) => note(table, name, line, false),
                Section::Package | Section::Dependencies(_) | Section::Other => {}
            }
            continue;
        }
        let Some((key, value)) = statement.split_once('=') else { continue };
        let (name, rest) = key.trim().split_once('.').unwrap_or((key.trim(), ""));
        let whole = (rest == "workspace" && value.trim() == "true") || (rest.is_empty() && is_inheriting_table(value));
        let name = name.trim_matches(['"', '\'']);
        match &section {
            Section::Package => note("package", name, line, whole),
            Section::Dependencies(table) => note(table, name, line, whole),
            Section::Dependency(table, one) => note(table, one, line, name == "workspace" && value.trim() == "true"),
            Section::Lints => note("lints", "lints", line, name == "workspace" && value.trim() == "true"),
            Section::Other => {}
        }
    }
    entries
}

fn heading(header: &str) -> Section {
    let is_table = |header: &str| {
        let kind = if header.starts_with("target.") { header.rsplit('.').next().unwrap_or_default() } else { header };
        matches!(kind, "dependencies" | "dev-dependencies" | "build-dependencies")
    };
    match header {
        "package" => Section::Package,
        "lints" => Section::Lints,
        _ if is_table(header) => Section::Dependencies(header.to_owned()),
        _ => match header.rsplit_once('.') {
            Some((table, name)) if is_table(table) => {
                Section::Dependency(table.to_owned(), name.trim_matches(['"', '\'']).to_owned())
            }
            _ => Section::Other,
        },
    }
}

/// `{ workspace = true, … }`
fn is_inheriting_table(value: &str) -> bool {
    let Some(inside) = value.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return false };
    inside
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .any(|(key, value)| key.trim() == "workspace" && value.trim() == "true")
}

/// Lines without comments, those joined that an open bracket holds together, with the number of the first.
fn statements(text: &str) -> Vec<(usize, String)> {
    let mut statements: Vec<(usize, String)> = Vec::new();
    let mut open = 0_i32;
    for (line, number) in text.lines().zip(1..) {
        let continues = open > 0;
        let (code, balance) = code(line);
        open += balance;
        match statements.last_mut() {
            Some((_, statement)) if continues => statement.push_str(code.trim()),
            _ if code.trim().is_empty() => {}
            _ => statements.push((number, code.trim().to_owned())),
        }
    }
    statements
}

/// The line up to its comment, and how many more brackets it opens than it closes, outside of strings.
fn code(line: &str) -> (&str, i32) {
    let (mut quote, mut balance) = (None, 0);
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') => return (line.get(..at).unwrap_or_default(), balance),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '[' | '{') => balance += 1,
            (None, ']' | '}') => balance -= 1,
            _ => {}
        }
    }
    (line, balance)
}

#[cfg(test)]
mod tests {
    use super::check;

    const GOOD: &str = r#"
[package]
name = "identity-mail"   # version = "1"
version.workspace = true
edition = { workspace = true }

[dependencies]
async-trait.workspace = true
tokio = { workspace = true, features = ["rt"] }
lettre = { features = [
    "builder", # with a [bracket
], workspace = true }
uuid.workspace = true
uuid.features = ["v4"]

[dependencies.serde]
workspace = true
features = ["derive"]

[target.'cfg(target_os = "linux")'.dependencies]
rustix.workspace = true

[dev-dependencies]
proptest.workspace = true

[features]
default = []

[lints]
workspace = true
"#;

    fn violations(from: &str, to: &str) -> Vec<String> {
        assert!(GOOD.contains(from), "{from}");
        check("crates/identity-mail/Cargo.toml", &GOOD.replacen(from, to, 1))
    }

    fn one(from: &str, to: &str) -> String {
        let [one] = violations(from, to).try_into().expect("one violation");
        one
    }

    #[test]
    fn a_manifest_that_inherits_is_fine() {
        assert_eq!(violations("", ""), [""; 0]);
    }

    #[test]
    fn version_and_edition_are_inherited() {
        let line = one("version.workspace = true", "version = \"0.1.0\"");
        assert_eq!(line, "crates/identity-mail/Cargo.toml:4: [package] must say `version.workspace = true`");
        assert!(
            one("edition = { workspace = true }", "").starts_with("crates/identity-mail/Cargo.toml:1: [package] must say `edition")
        );
    }

    #[test]
    fn lints_are_inherited() {
        assert!(one("[lints]\nworkspace = true", "[lints.rust]\nunsafe_code = \"allow\"").contains(":1: must say `[lints]`"));
        assert!(one("[lints]\nworkspace = true", "[lints]\nworkspace = false").contains("must say `[lints]`"));
    }

    #[test]
    fn dependencies_of_every_kind_are_inherited() {
        let cases = [
            ("async-trait.workspace = true", "async-trait = \"0.1\"", ":8: [dependencies] must say `async-trait.workspace"),
            ("{ workspace = true, features = [\"rt\"] }", "{ version = \"1\" }", ":9: [dependencies] must say `tokio.workspace"),
            ("], workspace = true }", "], version = \"0.11\" }", ":10: [dependencies] must say `lettre.workspace"),
            ("uuid.workspace = true", "", ":14: [dependencies] must say `uuid.workspace"),
            ("[dependencies.serde]\nworkspace = true", "[dependencies.serde]", ":16: [dependencies] must say `serde.workspace"),
            (
                "rustix.workspace = true",
                "rustix.version = \"1\"",
                ":21: [target.'cfg(target_os = \"linux\")'.dependencies] must say `rustix",
            ),
            ("proptest.workspace = true", "proptest = { path = \"../x\" }", ":24: [dev-dependencies] must say `proptest.workspace"),
        ];
        for (from, to, expected) in cases {
            let line = one(from, to);
            assert!(line.contains(expected), "{line} lacks {expected}");
        }
    }
}
