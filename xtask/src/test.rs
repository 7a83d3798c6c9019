//! `cargo xtask test`: the test command of the README, and what continuous integration calls.

use anyhow::{Error, anyhow};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{Workspace, status};
use crate::parts::Parts;
use crate::servers::Servers;
use crate::{contract, docs, layers, machine};

/// What `--quick` leaves out, for nextest.
const QUICK: &str = "not (package(identity-testbed) or test(postgres) or test(mariadb) \
                     or (package(identity-tests) and (test(browser) or test(smtp) or test(nginx) or test(caddy))))";
const LEFT_OUT: &str = "left out by --quick: the browser, SMTP and proxy tests of identity-tests, PostgreSQL and MariaDB with the tests that \
                        need them, the check that the machine has what those need, and the release build";
/// What the tests that need a server have in their names.
const ON_SERVERS: [&str; 4] = ["--skip", "postgres", "--skip", "mariadb"];

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Options {
    quick: bool,
    soak: bool,
}

impl Options {
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, Error> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--quick" => options.quick = true,
                "--soak" => options.soak = true,
                other => return Err(anyhow!("`{other}` is neither --quick nor --soak")),
            }
        }
        if options.quick && options.soak { Err(anyhow!("--quick and --soak exclude each other")) } else { Ok(options) }
    }

    /// The closing table, and below it what was left out.
    pub(crate) fn finish(self, parts: Parts) -> Result<(), Error> {
        let ended = parts.finish();
        if self.quick {
            println!("{LEFT_OUT}");
        }
        ended
    }
}

pub(crate) fn run(workspace: &Workspace, options: Options) -> Result<(), Error> {
    prepare(options)?;
    let mut parts = Parts::default();
    checks(workspace, &mut parts);
    suite(workspace, options, &mut parts);
    release(workspace, options, &mut parts);
    options.finish(parts)
}

/// Whatever the tests need stands before any of them starts.
pub(crate) fn prepare(options: Options) -> Result<(), Error> {
    if options.quick {
        println!("{LEFT_OUT}");
        return Ok(());
    }
    machine::prepare()
}

pub(crate) fn checks(workspace: &Workspace, parts: &mut Parts) {
    parts.run("layers", || layers::run(workspace));
    parts.run("docs", || docs::run(workspace, false));
}

pub(crate) fn suite(workspace: &Workspace, options: Options, parts: &mut Parts) {
    let mut program = None;
    parts.run("build identityd", || {
        program = Some(workspace.build("identityd", [])?);
        Ok(())
    });
    let servers = if options.quick { Servers::default() } else { Servers::start(parts) };
    let started_with = |command: Command| with_environment(command, options, program.as_deref(), &servers);
    contract::forget(workspace);
    if workspace.has("nextest") {
        parts.run("tests", || status(&mut started_with(workspace.cargo(nextest(options)))));
    } else {
        println!("\ncargo-nextest is not installed, so `cargo test` runs the tests: slower, and without a limit of time for each");
        for (name, arguments) in cargo_test(options) {
            parts.run(name, || status(&mut started_with(workspace.cargo(arguments.iter().copied()))));
        }
        parts.run("contract", || status(&mut started_with(workspace.cargo(contract::without_nextest()))));
    }
    contract::report(workspace);
    parts.run("doc tests", || status(&mut started_with(workspace.cargo(["test", "--doc", "--workspace", "--no-fail-fast"]))));
}

/// What operators build: the optimiser asks more of the compiler than the tests' build does.
pub(crate) fn release(workspace: &Workspace, options: Options, parts: &mut Parts) {
    if !options.quick {
        parts.run("release build", || workspace.build("identityd", ["--release"]).map(drop));
    }
}

fn nextest(options: Options) -> Vec<&'static str> {
    let mut arguments = vec!["nextest", "run", "--workspace"];
    if options.quick {
        arguments.extend(["--filterset", QUICK]);
    }
    arguments
}

/// The same tests without nextest: `--tests` is every target but the documentation, whose tests are a part of their own.
fn cargo_test(options: Options) -> Vec<(&'static str, Vec<&'static str>)> {
    let all = vec!["test", "--workspace", "--tests", "--no-fail-fast"];
    if !options.quick {
        return vec![("tests", all)];
    }
    let excluded = ["--exclude", "identity-testbed", "--exclude", "identity-tests", "--"];
    let others = all.into_iter().chain(excluded).chain(ON_SERVERS).collect();
    let whole = ["test", "--package", "identity-tests", "--tests", "--no-fail-fast", "--"];
    let alone = ["--skip", "browser", "--skip", "smtp", "--skip", "nginx", "--skip", "caddy"];
    let whole = whole.into_iter().chain(alone).chain(ON_SERVERS).collect();
    vec![("tests", others), ("tests of the whole", whole)]
}

/// The tests are told by their environment; what the caller's happens to say is taken out.
fn with_environment(mut command: Command, options: Options, program: Option<&Path>, servers: &Servers) -> Command {
    let switch = |on: bool| on.then(|| OsStr::new("1").to_owned());
    let told = [
        ("IDENTITYD_BIN", program.map(|path| PathBuf::from(path).into_os_string())),
        ("IDENTITY_TEST_QUICK", switch(options.quick)),
        ("IDENTITY_TEST_SOAK", switch(options.soak)),
    ];
    servers.tell(&mut command);
    for (name, value) in told {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Result<Options, Error> {
        Options::parse(&arguments.iter().copied().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn switches_are_read_and_others_refused() {
        assert_eq!(options(&[]).unwrap(), Options { quick: false, soak: false });
        assert_eq!(options(&["--soak"]).unwrap(), Options { quick: false, soak: true });
        assert!(options(&["--fast"]).is_err());
        assert!(options(&["--quick", "--soak"]).is_err());
    }

    #[test]
    fn quick_leaves_out_the_same_tests_with_and_without_nextest() {
        let quick = options(&["--quick"]).unwrap();
        assert!(nextest(quick).contains(&QUICK));
        assert!(!nextest(Options::default()).contains(&QUICK));
        let [(_, others), (_, whole)] = cargo_test(quick).try_into().unwrap();
        assert!(others.ends_with(&["--exclude", "identity-tests", "--", "--skip", "postgres", "--skip", "mariadb"]));
        assert!(
            whole.ends_with(&["--skip", "smtp", "--skip", "nginx", "--skip", "caddy", "--skip", "postgres", "--skip", "mariadb"])
        );
        assert_eq!(cargo_test(Options::default()).len(), 1);
    }

    #[test]
    fn tests_are_told_what_holds_and_nothing_else() {
        let (quick, program) = (options(&["--quick"]).unwrap(), Path::new("/t/identityd"));
        let told = with_environment(Command::new("cargo"), quick, Some(program), &Servers::default());
        let told: Vec<_> = told.get_envs().collect();
        assert!(told.contains(&(OsStr::new("IDENTITYD_BIN"), Some(OsStr::new("/t/identityd")))));
        assert!(told.contains(&(OsStr::new("IDENTITY_TEST_QUICK"), Some(OsStr::new("1")))));
        for name in ["IDENTITY_TEST_SOAK", "IDENTITY_TEST_POSTGRES", "IDENTITY_TEST_MARIADB"] {
            assert!(told.contains(&(OsStr::new(name), None)), "{name}");
        }
    }
}
