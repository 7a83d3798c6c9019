//! The folder of a server. It is locked for as long as its process lives: a folder that can be locked is nobody's any more.

use std::{
    env,
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::Path,
};

use rustix::process::geteuid;
use tempfile::TempDir;

use crate::kind::UNPRIVILEGED;

const PREFIX: &str = "identity-testbed-";

#[derive(Debug)]
pub(crate) struct Folder {
    folder: TempDir,
    /// The lock, which the kernel takes back when this process ends.
    _lock: File,
}

impl Folder {
    /// A new one, which belongs to whoever the server will run as. What earlier processes could not remove goes first.
    pub(crate) fn make() -> io::Result<Self> {
        sweep();
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).permissions(Permissions::from_mode(0o700)).tempdir()?;
            let Ok(lock) = File::open(folder.path()) else { continue };
            // A sweep of another process that came in between may have taken it for an old one.
            if lock.try_lock().is_ok() && lock.metadata()?.nlink() > 0 {
                let made = Self { folder, _lock: lock };
                made.hand_over(made.path())?;
                return Ok(made);
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file that the server, and nobody else, can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let file = self.path().join(name);
        fs::write(&file, text)?;
        self.hand_over(&file)
    }

    fn hand_over(&self, path: &Path) -> io::Result<()> {
        if geteuid().is_root() { chown(path, Some(UNPRIVILEGED), Some(UNPRIVILEGED)) } else { Ok(()) }
    }
}

/// Removes the folders whose processes are gone, as far as they are ours to remove.
fn sweep() {
    let Ok(entries) = env::temp_dir().read_dir() else { return };
    for entry in entries.flatten() {
        let named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if !named || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let Ok(folder) = File::open(entry.path()) else { continue };
        if folder.try_lock().is_ok() {
            // Whoever else is removing it right now does the same.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_that_nobody_holds_are_swept() {
        let held = Folder::make().unwrap();
        let left = tempfile::Builder::new().prefix(PREFIX).tempdir().unwrap().keep();
        fs::write(left.join("log"), "").unwrap();
        let other = tempfile::tempdir().unwrap();
        sweep();
        assert!(held.path().exists());
        assert!(!left.exists());
        assert!(other.path().exists());
    }
}
