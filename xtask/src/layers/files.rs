//! The files of a folder.

use std::path::{Path, PathBuf};

use crate::trouble::Trouble;

/// Every file of Rust in a folder and the folders in it, in order.
pub(super) fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let failed = |error| Trouble::over(format!("cannot list {}", folder.display()), error);
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
