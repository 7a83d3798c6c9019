//! What the program says to the operator who started it.

use std::io::Write as _;

use anyhow::Error;

/// Says something to the operator who started the program.
pub(crate) fn say(line: &str) {
    // With nobody to hear it, there is nothing else to do.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// An error and its causes on one line, each said once.
pub(crate) fn one_line(error: &Error) -> String {
    error.chain().map(|cause| cause.to_string().replace('\n', " ")).fold(String::new(), |line, cause| match line {
        line if line.is_empty() => cause,
        line if line.contains(&cause) => line,
        line => format!("{line}: {cause}"),
    })
}
