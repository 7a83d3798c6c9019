//! The accessibility checker that pages are held to: axe-core, as its authors publish it on npm.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::TestbedError;

const TARBALL: &str = "https://registry.npmjs.org/axe-core/-/axe-core-4.14.1.tgz";
/// SHA-512 of the tarball, as the registry tells it.
const DIGEST: &str = "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5";
const SCRIPT: &str = "axe-core-4.14.1.min.js";

/// The script to run in a page, fetched into the target folder where it is not there yet.
///
/// # Errors
/// Where it cannot be fetched (with `curl`), is not what was expected, or cannot be kept.
pub fn axe_core() -> Result<PathBuf, TestbedError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/axe-core");
    let script = folder.join(SCRIPT);
    if script.is_file() {
        return Ok(script);
    }
    fs::create_dir_all(&folder).map_err(TestbedError::cannot("make a folder for axe-core"))?;
    // Of its own until it is whole: several processes may fetch it at once.
    let own = tempfile::tempdir_in(&folder).map_err(TestbedError::cannot("make a folder for axe-core"))?;
    let tarball = own.path().join("axe-core.tgz");
    run(
        Command::new("curl").args(["-fsSL", "--retry", "3", "--max-time", "120", "-o"]).arg(&tarball).arg(TARBALL),
        "fetch axe-core",
    )?;
    let digest = run(Command::new("sha512sum").arg(&tarball), "read what was fetched of axe-core")?;
    if !digest.stdout.starts_with(DIGEST.as_bytes()) {
        let source = io::Error::new(io::ErrorKind::InvalidData, format!("{TARBALL} is not what it was"));
        return Err(TestbedError::Machine { what: "use axe-core", source });
    }
    let unpack = ["-C".as_ref(), own.path().as_os_str(), "package/axe.min.js".as_ref()];
    run(Command::new("tar").arg("-xzf").arg(&tarball).args(unpack), "unpack axe-core")?;
    fs::rename(own.path().join("package/axe.min.js"), &script).map_err(TestbedError::cannot("keep axe-core"))?;
    Ok(script)
}

fn run(command: &mut Command, what: &'static str) -> Result<Output, TestbedError> {
    let ended = command.stdin(Stdio::null()).output().map_err(TestbedError::cannot(what))?;
    if ended.status.success() {
        return Ok(ended);
    }
    let said = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
    Err(TestbedError::Machine { what, source: io::Error::other(said) })
}
