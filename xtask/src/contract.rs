//! How many clauses of the contract ran on each store, as the report of the tests has it.

use std::collections::BTreeMap;

use crate::cargo::Workspace;

/// Where nextest writes its report; see `.config/nextest.toml`.
const REPORT: &str = "target/nextest/default/junit.xml";
/// The test that the contract's macro puts beside the clauses of each store.
const BESIDE: &str = "every_clause_is_named";

/// Takes an earlier run's report away, which would be taken for this one's.
pub(crate) fn forget(workspace: &Workspace) {
    // Where there is none, there is nothing to forget.
    let _ = std::fs::remove_file(workspace.root().join(REPORT));
}

/// Prints it. Without nextest there is no report: see [`without_nextest`].
pub(crate) fn report(workspace: &Workspace) {
    if let Ok(report) = workspace.read(REPORT) {
        for (store, clauses) in clauses(&report) {
            println!("contract: {clauses} clauses ran on {store}");
        }
    }
}

/// The tests that count the clauses of each store, and say it themselves.
pub(crate) fn without_nextest() -> [&'static str; 6] {
    ["test", "--workspace", "--tests", BESIDE, "--", "--nocapture"]
}

fn clauses(report: &str) -> BTreeMap<String, usize> {
    let cases = report.split("<testcase name=\"").skip(1);
    let names: Vec<&str> = cases.filter_map(|case| Some(case.split_once('"')?.0)).collect();
    let modules = names.iter().filter_map(|name| name.strip_suffix(BESIDE));
    let counted = modules.map(|module| {
        let clauses = names.iter().filter(|name| name.starts_with(module)).count() - 1;
        let store = module.trim_end_matches("::").rsplit("::").next().unwrap_or(module);
        (store.to_owned(), clauses)
    });
    counted.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_counted_by_store() {
        let case = |name: &str| format!("<testcase name=\"{name}\" classname=\"x\">\n</testcase>");
        let report =
            ["a::sqlite::one", "a::sqlite::two", "a::sqlite::every_clause_is_named", "memory::every_clause_is_named", "b::c"];
        let counted = clauses(&report.map(case).concat());
        assert_eq!(counted, BTreeMap::from([("memory".to_owned(), 0), ("sqlite".to_owned(), 2)]));
    }
}
