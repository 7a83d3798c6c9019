//! A store of one's own, as a small product would write one: everything in one JSON file.
//!
//! The state and its rules are those of the memory store. This file keeps the state on the disk: whole before a crash, and whole after
//! it. The cost of a write grows with the file, so this is for hundreds of people, not for thousands.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use identity_core::change::Unavailable;
use identity_testkit::{MemoryStore, Persist, State};

const FILE: &str = "identity.json";

/// The file of a store. No other process opens it for as long as this value lives.
pub(super) struct JsonFile {
    folder: PathBuf,
    /// Held, not read: the system releases it with this value, and with the process.
    _lock: File,
}

/// Opens the store in a folder. Without a file, it is empty.
///
/// # Errors
/// Where the folder cannot be used, the file cannot be read, or another store has it open.
pub(super) fn open(folder: &Path) -> io::Result<MemoryStore<JsonFile>> {
    let lock = private().truncate(false).open(folder.join("identity.lock"))?;
    lock.try_lock()?;
    let state = match fs::read(folder.join(FILE)) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => State::default(),
        Err(error) => return Err(error),
    };
    Ok(MemoryStore::persisted(state, JsonFile { folder: folder.to_owned(), _lock: lock }))
}

impl Persist for JsonFile {
    fn save(&self, before: &State, next: &State) -> Result<(), Unavailable> {
        if before == next { Ok(()) } else { self.replace(next).map_err(unavailable) }
    }

    /// A write waits for the disk, so it runs off the threads of the runtime. It ends there even where its caller goes away.
    async fn run<T: Send + 'static>(write: impl FnOnce() -> T + Send + 'static) -> Result<T, Unavailable> {
        tokio::task::spawn_blocking(write).await.map_err(unavailable)
    }
}

impl JsonFile {
    /// Puts a state in the place of the one before; on the disk when this returns.
    fn replace(&self, state: &State) -> io::Result<()> {
        let bytes = serde_json::to_vec(state)?;
        // A state that cannot be read back must not take the place of one that can.
        if serde_json::from_slice::<State>(&bytes)? != *state {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let next = self.folder.join("identity.json.next");
        let mut file = private().truncate(true).open(&next)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&next, self.folder.join(FILE))?;
        // The folder keeps the name: without this, a crash may bring the old file back.
        File::open(&self.folder)?.sync_all()
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> Unavailable {
    Unavailable::new("the JSON file", error)
}

/// Only the user of this program reads it: it holds addresses and password hashes.
fn private() -> OpenOptions {
    let mut options = File::options();
    options.write(true).create(true).mode(0o600);
    options
}
