//! Files that import each other in a circle: none of them can be read, moved or tested without the others.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{File, Files, Module};

/// Each circle, by one file of it after the other.
pub(super) fn check(files: &Files) -> Vec<String> {
    let reached = files.iter().map(|file| (&file.module, reached_from(files, file))).collect::<BTreeMap<_, _>>();
    let mut named = BTreeSet::new();
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| reached.get(&file.module).is_some_and(|reached| reached.contains(&file.module))) {
        if named.contains(&file.module) {
            continue;
        }
        let back = |other: &&File| reached.get(&other.module).is_some_and(|reached| reached.contains(&file.module));
        let forth = |other: &&File| reached.get(&file.module).is_some_and(|reached| reached.contains(&other.module));
        let circle = files.iter().filter(back).filter(forth).collect::<Vec<_>>();
        named.extend(circle.iter().map(|file| &file.module));
        let shown = circle.iter().map(|file| file.shown.as_str()).collect::<Vec<_>>().join(", ");
        violations.push(format!("{shown}: import each other: move what both need to a file of its own"));
    }
    violations
}

/// Every file that is reached over imports.
fn reached_from<'a>(files: &'a Files, file: &'a File) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut next = files.imported(file);
    while let Some(file) = next.pop() {
        if reached.insert(&file.module) {
            next.extend(files.imported(file));
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::super::imports::tests::files;
    use super::*;

    #[test]
    fn a_circle_is_named_once_with_all_its_files() {
        let circle = [
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use crate::c::C;"),
            ("c.rs", "use crate::a::A;"),
            ("d.rs", "use crate::a::A;"),
        ];
        assert_eq!(check(&files(&circle)), ["a.rs, b.rs, c.rs: import each other: move what both need to a file of its own"]);
    }

    #[test]
    fn files_that_lead_to_an_end_are_no_circle() {
        let straight = [("a.rs", "use crate::{b::B, c::C};"), ("b.rs", "use crate::c::C;"), ("c.rs", "use std::fmt;")];
        assert_eq!(check(&files(&straight)), [""; 0]);
    }
}
