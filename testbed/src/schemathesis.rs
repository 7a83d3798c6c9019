//! Schemathesis, which tries a server with requests that it makes up from its OpenAPI document.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::TestbedError;

/// The system's Python.
const PYTHON: &str = "/usr/bin/python3";

/// It and all that it needs, each at one version.
const PACKAGES: [&str; 27] = [
    "anyio==4.16.0",
    "certifi==2026.10.19.post1",
    "charset-normalizer==3.5.3",
    "click==8.5.1",
    "graphql-core==3.3.2",
    "harfile==0.6.0",
    "hypothesis==6.170.17",
    "hypothesis-graphql==0.13.5",
    "idna==3.20",
    "iniconfig==2.3.1",
    "jsonschema_rs==0.60.3",
    "markdown-it-py==4.3.0",
    "MarkupSafe==3.0.4",
    "mdurl==0.1.2",
    "packaging==26.4",
    "pluggy==1.7.0",
    "Pygments==2.21.0",
    "pyrate-limiter==4.5.1",
    "pytest==9.2.0",
    "PyYAML==6.0.4",
    "requests==2.34.2",
    "rich==15.0.0",
    "schemathesis==4.32.5",
    "sortedcontainers==2.4.0",
    "typing_extensions==4.16.0",
    "urllib3==2.8.0",
    "Werkzeug==3.1.9",
];

/// Where it is kept; with its version, so that another takes its place.
const NAME: &str = "schemathesis-4.32.5";

/// The command that runs it, installed from PyPI where that was not done yet.
///
/// # Errors
/// Where it cannot be fetched (with the system's `pip`) or kept.
pub fn schemathesis() -> Result<Command, TestbedError> {
    let packages = installed()?;
    let mut command = Command::new(PYTHON);
    command.env("PYTHONPATH", packages).args(["-m", "schemathesis.cli"]);
    Ok(command)
}

fn installed() -> Result<PathBuf, TestbedError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fetched");
    let kept = folder.join(NAME);
    if kept.is_dir() {
        return Ok(kept);
    }
    fs::create_dir_all(&folder).map_err(TestbedError::cannot("make a folder for what is fetched"))?;
    // Of its own until it is whole: several processes may fetch it at once.
    let own = tempfile::tempdir_in(&folder).map_err(TestbedError::cannot("make a folder for what is fetched"))?;
    let unpacked = own.path().join(NAME);
    let failed = |why| TestbedError::NotFetched { what: "Schemathesis", why };
    let mut pip = Command::new(PYTHON);
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--target"]).arg(&unpacked).args(PACKAGES);
    let ended = pip.stdin(Stdio::null()).output().map_err(|error| failed(error.to_string()))?;
    if !ended.status.success() {
        return Err(failed(String::from_utf8_lossy(&ended.stderr).trim().to_owned()));
    }
    match fs::rename(&unpacked, &kept) {
        Err(error) if !kept.is_dir() => Err(TestbedError::cannot("keep what was fetched")(error)),
        _ => Ok(kept),
    }
}
