//! Documents that are made of the program.

use std::fs;

use anyhow::{Context as _, Error, anyhow};

use crate::cargo::Workspace;

/// Each document, and what `identityd` prints it for.
const MADE: [(&str, &[&str]); 2] =
    [("docs/configuration.md", &["configuration"]), ("docs/configuration.schema.json", &["configuration", "--json-schema"])];

pub(super) fn write(workspace: &Workspace) -> Result<(), Error> {
    for (file, arguments) in MADE {
        let output =
            workspace.cargo(["run", "--quiet", "--package", "identityd", "--"]).args(arguments).output().context("cargo run")?;
        if !output.status.success() {
            return Err(anyhow!("identityd {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)));
        }
        fs::write(workspace.root().join(file), output.stdout).context(file)?;
    }
    Ok(())
}
