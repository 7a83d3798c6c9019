//! The files of a folder.

use anyhow::Error;
use std::path::{Path, PathBuf};

/// Every file of Rust in a folder and the folders in it, in order.
pub(super) fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::new(error).context(format!("cannot list {}", folder.display()));
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
