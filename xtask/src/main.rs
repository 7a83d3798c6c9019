//! `cargo xtask`: the project's own commands. It depends on serde_json and the servers of tests alone, so that it builds in
//! seconds.
#![expect(clippy::print_stdout, reason = "a command line tool for developers: what it says goes to its output")]

mod bench;
mod cargo;
mod ci;
mod contract;
mod docs;
mod layers;
mod machine;
mod parts;
mod servers;
mod test;

use anyhow::{Error, anyhow};
use std::process::ExitCode;

use crate::cargo::Workspace;
use crate::test::Options;

const HELP: &str = "\
cargo xtask <command>

  test [--quick] [--soak]   prepare the machine, then layers, docs, every test, doc tests; prints the time of each
                            --quick leaves out the tests that need a browser, SMTP, proxies, PostgreSQL or MariaDB
                            --soak  has the tests do their long work too (IDENTITY_TEST_SOAK=1)
  ci [--quick] [--soak]     formatting, clippy, documentation, layers, docs, cargo-deny, then the tests
  layers                    who may depend on whom, and what each manifest inherits
  docs [--write]            the tests named in docs/features.md and docs/security.md exist, and so do linked files
                            --write first writes docs/configuration.md and docs/configuration.schema.json
  bench [--soak] [name ...] the benchmarks of the package identity-bench, in release; with --soak, ten million accounts
  bench seed URL ACCOUNTS   only a database with so many accounts and their history
  servers                   holds a PostgreSQL and a MariaDB for tests run by hand, until the end of input or Ctrl-C
  help                      this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os().skip(1).map(|one| one.to_string_lossy().into_owned()).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Error> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Err(anyhow!("no command was given"));
    };
    let workspace = Workspace::find()?;
    match command.as_str() {
        "test" => test::run(&workspace, Options::parse(rest)?),
        "ci" => ci::run(&workspace, Options::parse(rest)?),
        "bench" => bench::run(&workspace, rest),
        "servers" => none(rest).and_then(|()| servers::hold()),
        "layers" => none(rest).and_then(|()| layers::run(&workspace)),
        "docs" if rest == ["--write"] => docs::run(&workspace, true),
        "docs" => none(rest).and_then(|()| docs::run(&workspace, false)),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(anyhow!("there is no command `{other}`; `cargo xtask help` lists them")),
    }
}

/// For the commands that take no arguments.
fn none(rest: &[String]) -> Result<(), Error> {
    match rest.first() {
        Some(one) => Err(anyhow!("`{one}` is no argument of this command; see `cargo xtask help`")),
        None => Ok(()),
    }
}
