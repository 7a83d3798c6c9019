//! The file: whole before a crash, and whole after it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::state::State;

const FILE: &str = "identity.json";

/// The file, for as long as nobody else may have it.
pub(super) struct StateFile {
    folder: PathBuf,
    /// Held, not read: the system lets go of it with this value, and with the process.
    _lock: File,
}

impl StateFile {
    /// Opens the file in a folder, and reads it; without one, everything is empty.
    pub(super) fn open(folder: &Path) -> io::Result<(Self, State)> {
        let lock = private().truncate(false).open(folder.join("identity.lock"))?;
        lock.try_lock()?;
        let state = match fs::read(folder.join(FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(error),
        };
        Ok((Self { folder: folder.to_owned(), _lock: lock }, state))
    }

    /// Puts a new state in the place of the old one; on the disk when this returns.
    pub(super) fn save(&self, state: &State) -> io::Result<()> {
        let bytes = serde_json::to_vec(state)?;
        // What could not be read back must not take the place of what can.
        if serde_json::from_slice::<State>(&bytes)? != *state {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let next = self.folder.join("identity.json.next");
        let mut file = private().truncate(true).open(&next)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&next, self.folder.join(FILE))?;
        // The name is the folder's to keep: without this, a crash may bring the old file back.
        File::open(&self.folder)?.sync_all()
    }
}

/// What is in there is for this program's user alone.
fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create(true).mode(0o600);
    options
}
