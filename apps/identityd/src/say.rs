//! What whoever started the program hears.

use std::io::Write as _;

/// Says something to whoever started the program.
pub(crate) fn say(line: &str) {
    // With nobody to hear it, there is nothing else to do.
    let _ = writeln!(std::io::stdout(), "{line}");
}
