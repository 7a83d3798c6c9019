//! The floors inside a crate: each of them uses those below it alone.

use super::imports::{File, Files};

/// The floors of one crate.
pub(super) struct Floors {
    /// Its sources, from the root of the workspace.
    pub(super) sources: &'static str,
    /// The folders and files at the root of its sources, from the lowest to the highest.
    pub(super) floors: &'static [&'static str],
    /// Those of them on which nothing waits.
    pub(super) pure: &'static [&'static str],
}

pub(super) const CORE: Floors = Floors {
    sources: "crates/identity-core/src",
    floors: &["value", "model", "change", "port", "flow"],
    pure: &["value", "model", "change"],
};

pub(super) const HTTP: Floors = Floors {
    sources: "crates/identity-http/src",
    floors: &["settings", "text", "problem", "wire", "app", "web", "assets", "view", "api", "pages", "admin", "request", "router"],
    pure: &["settings", "text"],
};

impl Floors {
    fn height(&self, floor: &str) -> Option<usize> {
        self.floors.iter().position(|name| *name == floor)
    }

    pub(super) fn check(&self, files: &Files) -> Vec<String> {
        files.iter().filter(|file| !file.module.is_empty()).flat_map(|file| self.of_file(file)).collect()
    }

    /// What one file uses that is above it.
    fn of_file(&self, file: &File) -> Vec<String> {
        let shown = &file.shown;
        let floor = file.module.first().map_or("", String::as_str);
        let Some(height) = self.height(floor) else {
            return vec![format!("{shown}: is on no floor: move it to one of {}", self.floors.join(", "))];
        };
        let mut violations = Vec::new();
        for import in &file.imports {
            let name = import.path.first().map_or("", String::as_str);
            if self.height(name).is_some_and(|other| other > height) {
                violations.push(format!("{shown}:{}: {floor} uses {name}, which is above it", import.line));
            }
        }
        if self.pure.contains(&floor) {
            violations.extend(file.waits.iter().map(|line| format!("{shown}:{line}: nothing waits in {floor}: move it up")));
        }
        violations
    }
}

#[cfg(test)]
mod tests {
    use super::super::imports::tests::files;
    use super::*;

    fn violations(file: &str, text: &str) -> Vec<String> {
        CORE.check(&files(&[(file, text)]))
    }

    #[test]
    fn a_floor_uses_those_below_it_alone() {
        let text =
            "use crate::{\n    change::Change,\n    model::{Settings, link::Token},\n    port::Ports,\n    value::Timestamp,\n};\n";
        assert_eq!(violations("flow/a.rs", text), [""; 0]);
        assert_eq!(violations("port/a.rs", text), [""; 0]);
        assert_eq!(violations("change/a.rs", text), ["change/a.rs:4: change uses port, which is above it"]);
        let on_one_line = "use crate::{model::link::Token, flow::Flows};\nlet x = crate::port::Ports::new();";
        let both = ["model/a.rs:1: model uses flow, which is above it", "model/a.rs:2: model uses port, which is above it"];
        assert_eq!(violations("model/a.rs", on_one_line), both);
        assert_eq!(
            violations("model/a.rs", "use super::super::flow::Flows;"),
            ["model/a.rs:1: model uses flow, which is above it"]
        );
    }

    #[test]
    fn names_within_other_modules_and_comments_are_no_floors() {
        let text =
            "/// As [`Ports`](crate::port::Ports).\nuse crate::{\n    model::{\n        flow, port,\n    },\n};\nlet port = 1;\n";
        assert_eq!(violations("model/a.rs", text), [""; 0]);
    }

    #[test]
    fn a_file_outside_of_every_floor_is_named() {
        let [violation] = violations("helpers.rs", "").try_into().unwrap();
        assert!(violation.starts_with("helpers.rs: is on no floor"), "{violation}");
    }

    #[test]
    fn nothing_waits_on_a_pure_floor() {
        assert_eq!(violations("model/a.rs", "async fn load() {}"), ["model/a.rs:1: nothing waits in model: move it up"]);
        assert_eq!(violations("port/a.rs", "async fn load() {}"), [""; 0]);
    }
}
