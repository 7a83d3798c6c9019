//! The workspace, and the calls of cargo in it.

use anyhow::{Context as _, Error, anyhow};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The folder above this crate's: cargo says at run time where that is.
    pub(crate) fn find() -> Result<Self, Error> {
        let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.parent().map(Path::to_path_buf).ok_or_else(|| anyhow!("xtask's folder has no parent"))?;
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn read(&self, file: impl AsRef<Path>) -> Result<String, Error> {
        let file = file.as_ref();
        std::fs::read_to_string(self.root.join(file)).with_context(|| format!("cannot read {}", file.display()))
    }

    /// The cargo that runs this, in the root. What `cargo run` told xtask about xtask is taken out of the
    /// environment: build scripts that watch those variables (ring's does) would otherwise run again.
    pub(crate) fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for (name, _) in env::vars_os() {
            let told = name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
            if told {
                command.env_remove(name);
            }
        }
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// Whether cargo has this subcommand.
    pub(crate) fn has(&self, subcommand: &str) -> bool {
        let mut command = self.cargo([subcommand, "--version"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// `--locked` where there is a lock to keep to.
    pub(crate) fn locked(&self) -> Option<&'static str> {
        self.root.join("Cargo.lock").is_file().then_some("--locked")
    }

    pub(crate) fn metadata<'a>(&self, more: impl IntoIterator<Item = &'a str>) -> Result<Value, Error> {
        let arguments = ["metadata", "--format-version", "1"].into_iter().chain(self.locked()).chain(more);
        let text = output(&mut self.cargo(arguments))?;
        serde_json::from_str(&text).with_context(|| "cargo metadata answered no JSON")
    }

    /// Builds the package's program and answers where it lies, which cargo itself says.
    pub(crate) fn build<'a>(&self, package: &'a str, more: impl IntoIterator<Item = &'a str>) -> Result<PathBuf, Error> {
        let arguments = ["build", "--package", package, "--message-format=json-render-diagnostics"];
        let messages = output(&mut self.cargo(arguments.into_iter().chain(more)))?;
        executable(&messages, package).ok_or_else(|| anyhow!("{package} was built, but has no program of that name"))
    }
}

/// Runs the command with our own output and error.
pub(crate) fn status(command: &mut Command) -> Result<(), Error> {
    let ended = command.status().with_context(|| format!("cannot start {}", said(command)))?;
    if ended.success() { Ok(()) } else { Err(anyhow!("{} ended with {ended}", said(command))) }
}

/// Runs the command and answers its output; its errors go to ours.
pub(crate) fn output(command: &mut Command) -> Result<String, Error> {
    let ended = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start {}", said(command)))?;
    if !ended.status.success() {
        return Err(anyhow!("{} ended with {}", said(command), ended.status));
    }
    String::from_utf8(ended.stdout).with_context(|| format!("{} answered no UTF-8", said(command)))
}

/// The command as one would type it.
fn said(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn executable(messages: &str, program: &str) -> Option<PathBuf> {
    messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).find_map(|message| {
        let named = message.pointer("/target/name").and_then(Value::as_str) == Some(program);
        message.get("executable").and_then(Value::as_str).filter(|_| named).map(PathBuf::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_in_what_cargo_says() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"identityd"},"executable":null}
not json
{"reason":"compiler-artifact","target":{"name":"build-script-build"},"executable":"/t/build"}
{"reason":"compiler-artifact","target":{"name":"identityd"},"executable":"/t/debug/identityd"}"#;
        assert_eq!(executable(messages, "identityd"), Some(PathBuf::from("/t/debug/identityd")));
        assert_eq!(executable(messages, "other"), None);
    }

    #[test]
    fn a_command_is_named_as_it_is_typed() {
        assert_eq!(said(Command::new("/usr/bin/cargo").args(["fmt", "--check"])), "cargo fmt --check");
    }
}
