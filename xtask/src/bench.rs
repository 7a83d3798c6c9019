//! `cargo xtask bench`: builds identityd and the package identity-bench in release, and hands over, with the database servers that
//! this machine can run.

use anyhow::{Error, anyhow};
use std::process::Command;

use serde_json::Value;

use crate::cargo::{Workspace, status};
use crate::servers::Servers;

const PACKAGE: &str = "identity-bench";

pub(crate) fn run(workspace: &Workspace, names: &[String]) -> Result<(), Error> {
    if !has_package(&workspace.metadata(["--no-deps"])?) {
        return Err(anyhow!("the workspace has no package {PACKAGE} yet: there is nothing to measure"));
    }
    // It measures the real binary, which it expects beside itself.
    workspace.build("identityd", ["--release"])?;
    let program = workspace.build(PACKAGE, ["--release"])?;
    let servers = Servers::start_those_installed()?;
    let mut measure = Command::new(program);
    measure.args(names).current_dir(workspace.root());
    servers.tell(&mut measure);
    status(&mut measure)
}

fn has_package(metadata: &Value) -> bool {
    let packages = metadata.get("packages").and_then(Value::as_array);
    packages.into_iter().flatten().any(|package| package.get("name").and_then(Value::as_str) == Some(PACKAGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_found_by_name() {
        assert!(has_package(&serde_json::json!({ "packages": [{ "name": "xtask" }, { "name": "identity-bench" }] })));
        assert!(!has_package(&serde_json::json!({ "packages": [{ "name": "xtask" }] })));
    }
}
