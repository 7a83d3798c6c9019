//! The floors inside the core: which of them may use which. Lines are read, not Rust: enough for code that rustfmt has formatted, and it
//! knows the line to name.

use super::files::rust_files;
use crate::{cargo::Workspace, trouble::Trouble};

const CORE: &str = "crates/identity-core/src";

/// From the lowest to the highest: each uses those below it alone.
const FLOORS: [&str; 5] = ["value", "model", "change", "port", "flow"];

/// Floors on which nothing waits.
const PURE: [&str; 3] = ["value", "model", "change"];

pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>, Trouble> {
    let mut violations = Vec::new();
    for file in rust_files(&workspace.root().join(CORE))? {
        let shown = file.strip_prefix(workspace.root()).unwrap_or(&file).display().to_string();
        let within = shown.strip_prefix(CORE).unwrap_or(&shown).trim_start_matches('/');
        let (floor, _) = within.split_once('/').unwrap_or((within, ""));
        if within == "lib.rs" {
            continue;
        }
        let Some(height) = height(floor) else {
            violations.push(format!("{shown}: is on no floor: move it to one of {}", FLOORS.join(", ")));
            continue;
        };
        violations.extend(of_file(&shown, floor, height, &workspace.read(&file)?));
    }
    Ok(violations)
}

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|name| *name == floor)
}

/// What one file uses that is above it.
pub(super) fn of_file(file: &str, floor: &str, height: usize, text: &str) -> Vec<String> {
    let mut violations = Vec::new();
    // How deep within the braces of `use crate::{` a line begins; 0 outside of one.
    let mut depth = 0_usize;
    for (number, line) in text.lines().enumerate() {
        let code = line.split_once("//").map_or(line, |(code, _)| code);
        let mut used = paths(code);
        if depth == 1 {
            used.extend(names(code));
        }
        if let Some((_, rest)) = code.split_once("use crate::{") {
            depth = 1;
            used.extend(names(rest));
            depth = deeper(depth, rest);
        } else if depth > 0 {
            depth = deeper(depth, code);
        }
        for name in used {
            if self::height(name).is_some_and(|other| other > height) {
                violations.push(format!("{file}:{}: {floor} uses {name}, which is above it", number + 1));
            }
        }
        if PURE.contains(&floor) && (code.contains("async ") || code.contains(".await")) {
            violations.push(format!("{file}:{}: nothing waits in {floor}: move it to flow", number + 1));
        }
    }
    violations
}

/// The names that follow `crate::`.
fn paths(code: &str) -> Vec<&str> {
    code.split("crate::").skip(1).filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()).collect()
}

/// The names at the first depth of braces that are open where the code begins.
fn names(code: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut depth = 1_usize;
    for word in code.split_inclusive([',', '{', '}']) {
        if depth == 1 {
            names.extend(word.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| !name.is_empty()));
        }
        depth = deeper(depth, word);
    }
    names
}

fn deeper(depth: usize, code: &str) -> usize {
    code.chars().fold(depth, |depth, character| match character {
        '{' => depth + 1,
        '}' => depth.saturating_sub(1),
        _ => depth,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(floor: &str, text: &str) -> Vec<String> {
        of_file("file.rs", floor, height(floor).unwrap(), text)
    }

    #[test]
    fn a_floor_uses_those_below_it_alone() {
        let text =
            "use crate::{\n    change::Change,\n    model::{Settings, link::Token},\n    port::Ports,\n    value::Timestamp,\n};\n";
        assert_eq!(violations("flow", text), [""; 0]);
        assert_eq!(violations("port", text), [""; 0]);
        assert_eq!(violations("change", text), ["file.rs:4: change uses port, which is above it"]);
        let on_one_line = "use crate::{model::link::Token, flow::Flows};\nlet x = crate::port::Ports::new();";
        let both = ["file.rs:1: model uses flow, which is above it", "file.rs:2: model uses port, which is above it"];
        assert_eq!(violations("model", on_one_line), both);
        assert_eq!(violations("model", "use crate::flow::Flows;"), ["file.rs:1: model uses flow, which is above it"]);
    }

    #[test]
    fn names_within_other_modules_and_comments_are_no_floors() {
        let text =
            "/// As [`Ports`](crate::port::Ports).\nuse crate::{\n    model::{\n        flow, port,\n    },\n};\nlet port = 1;\n";
        assert_eq!(violations("model", text), [""; 0]);
    }

    #[test]
    fn nothing_waits_on_a_pure_floor() {
        assert_eq!(violations("model", "async fn load() {}"), ["file.rs:1: nothing waits in model: move it to flow"]);
        assert_eq!(violations("port", "async fn load() {}"), [""; 0]);
    }
}
