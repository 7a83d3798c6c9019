//! Rows of tables that say which test proves them: `` `crates/x/tests/y.rs::name` `` in any column. In a table with
//! a column for tests, each row names one, unless its column `status` says `later`.

#[derive(Default)]
pub(super) struct Found {
    pub(super) named: usize,
    pub(super) problems: Vec<String>,
}

/// The columns of the table we are in.
struct Columns {
    status: Option<usize>,
    has_tests: bool,
}

/// `read` answers the text of a file of the project.
pub(super) fn check(file: &str, text: &str, read: impl Fn(&str) -> Option<String>) -> Found {
    let mut found = Found::default();
    let mut columns = None;
    let mut previous = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if !line.trim_start().starts_with('|') {
            columns = None;
            previous.clear();
            continue;
        }
        let cells = cells(line);
        if cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|letter| matches!(letter, '-' | ':'))) {
            columns = Some(head(&previous));
        } else if let Some(columns) = &columns {
            let tests = tests(line);
            found.named += tests.len();
            let missing = tests.iter().filter_map(|(path, name)| missing(path, name, &read));
            found.problems.extend(missing.map(|problem| format!("{file}:{number}: {problem}")));
            if columns.has_tests && tests.is_empty() && !is_later(columns, &cells) {
                let row = cells.first().map(String::as_str).unwrap_or_default();
                found
                    .problems
                    .push(format!("{file}:{number}: {row} names no test: write `path/to/file.rs::name`, or the status `later`"));
            }
        }
        previous = cells;
    }
    found
}

fn head(cells: &[String]) -> Columns {
    let lower: Vec<String> = cells.iter().map(|cell| cell.to_lowercase()).collect();
    let is_word = |cell: &String| cell.split(|letter: char| !letter.is_alphabetic()).any(|word| matches!(word, "test" | "tests"));
    Columns { status: lower.iter().position(|cell| cell == "status"), has_tests: lower.iter().any(is_word) }
}

fn is_later(columns: &Columns, cells: &[String]) -> bool {
    let status = columns.status.and_then(|at| cells.get(at));
    status.is_some_and(|status| status.trim_matches(['*', '_', '`']).to_lowercase().starts_with("later"))
}

/// The cells of a row; a bar in code or behind a backslash divides none.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut cells = vec![String::new()];
    let (mut in_code, mut escaped) = (false, false);
    for letter in inner.chars() {
        if letter == '|' && !in_code && !escaped {
            cells.push(String::new());
            continue;
        }
        in_code ^= letter == '`';
        escaped = letter == '\\' && !escaped;
        if let Some(cell) = cells.last_mut() {
            cell.push(letter);
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Every `path.rs::name` in backticks; of `path.rs::module::name` the last.
fn tests(line: &str) -> Vec<(String, String)> {
    let spans = line.split('`').skip(1).step_by(2);
    spans
        .filter_map(|span| {
            span.split_once(".rs::").map(|(path, name)| (format!("{path}.rs"), name.rsplit("::").next().unwrap_or(name).to_owned()))
        })
        .collect()
}

fn missing(path: &str, name: &str, read: &impl Fn(&str) -> Option<String>) -> Option<String> {
    match read(path) {
        None => Some(format!("there is no file `{path}`")),
        Some(text) if holds(&text, name) => None,
        Some(_) => Some(format!("`{path}` holds no test `{name}`")),
    }
}

/// The name stands in the code as a whole identifier: behind `fn`, or in a macro that makes tests of names.
fn holds(text: &str, name: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_whole = |code: &str, at: usize| {
        let before = code.get(..at).and_then(|rest| rest.chars().next_back());
        let after = code.get(at + name.len()..).and_then(|rest| rest.chars().next());
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    };
    let named = !name.is_empty() && name.chars().all(is_part);
    named
        && text
            .lines()
            .map(|line| line.split("//").next().unwrap_or(line))
            .any(|code| code.match_indices(name).any(|(at, _)| is_whole(code, at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "// not_this_one\nasync fn a_link_is_spent_once() {}\nclauses!(guards::an_address_has_one_account,\n);\n";

    fn check_rows(rows: &str) -> Found {
        let text = format!("# Features\n\n| id | what | test | status |\n|---|:--|---|---|\n{rows}\n");
        check("docs/features.md", &text, |path| (path == "tests/a.rs").then(|| CODE.to_owned()))
    }

    fn problem(row: &str) -> String {
        let [one] = check_rows(row).problems.try_into().expect("one problem");
        one
    }

    #[test]
    fn tests_that_exist_pass() {
        let found = check_rows(
            "| A-1 | `a|b` | `tests/a.rs::a_link_is_spent_once` | done |\n\
             | A-2 | x \\| y | `tests/a.rs::sqlite::an_address_has_one_account`, `tests/a.rs::a_link_is_spent_once` | done |",
        );
        assert_eq!(found.problems, [""; 0]);
        assert_eq!(found.named, 3);
    }

    #[test]
    fn a_missing_file_and_a_missing_test_are_told() {
        assert_eq!(problem("| A-1 | x | `tests/b.rs::name` | done |"), "docs/features.md:5: there is no file `tests/b.rs`");
        for name in ["other", "a_link_is", "link_is_spent_once", "not_this_one", ""] {
            let row = format!("| A-1 | x | `tests/a.rs::{name}` | done |");
            assert_eq!(problem(&row), format!("docs/features.md:5: `tests/a.rs` holds no test `{name}`"));
        }
    }

    #[test]
    fn a_row_names_a_test_or_waits() {
        assert!(problem("| A-1 | x | by hand | done |").starts_with("docs/features.md:5: A-1 names no test"));
        assert!(problem("| A-1 | x later | `a_link_is_spent_once` | |").contains("A-1 names no test"));
        assert_eq!(check_rows("| A-1 | x | | later |\n| A-2 | x | | **Later**: with 0.2 |").problems, [""; 0]);
    }

    #[test]
    fn tables_without_a_column_for_tests_need_none() {
        let found = check("docs/security.md", "| token | lifetime |\n|---|---|\n| invitation | 7 days |\n", |_| None);
        assert_eq!(found.problems, [""; 0]);
    }
}
