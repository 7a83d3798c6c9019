//! See `identityd --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    identityd::run()
}
