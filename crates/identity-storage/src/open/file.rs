//! The file that an SQLite database is in: who may read it, and whether it is still the one that was opened.

use std::{
    fs::{self, File, Permissions},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use sea_orm::DbErr;

/// The owner reads and writes, and nobody else does: it holds addresses and the hashes of passwords.
const MODE: u32 = 0o600;

/// A file that was opened, told from any other that may stand in its place.
#[derive(Clone, Debug)]
pub(crate) struct OpenedFile(Arc<Opened>);

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    identity: (u64, u64),
}

#[derive(Debug, thiserror::Error)]
#[error(
    "the database file {0} was removed or replaced while this process had it open: what is written now would be lost. Put it back, or \
     stop the process, restore a backup and start it again"
)]
struct Gone(String);

impl OpenedFile {
    /// The file that is at this path now.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self(Arc::new(Opened { path: path.to_owned(), identity: identity(path)? })))
    }

    /// Fails where another file stands at the path, or none. Costs one look at the folder.
    ///
    /// # Errors
    /// [`DbErr::Custom`], which says what to do.
    pub(crate) fn check(&self) -> Result<(), DbErr> {
        if identity(&self.0.path).is_ok_and(|identity| identity == self.0.identity) {
            return Ok(());
        }
        Err(DbErr::Custom(Gone(self.0.path.display().to_string()).to_string()))
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

/// Makes the file for nobody but its owner, where it is not there. What SQLite puts beside it gets the same mode.
pub(super) fn create(path: &Path) -> io::Result<()> {
    match File::options().write(true).create_new(true).mode(MODE).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Takes from everybody but the owner what an earlier version or an operator gave, of the file and of what lies beside it. A file of
/// another owner stays as it is, and that is logged. Nothing is opened: closing it would end SQLite's locks.
pub(super) fn close_to_others(path: &Path) {
    for path in [path.to_owned()].into_iter().chain(["-wal", "-shm", "-journal", ".lock"].map(|end| beside(path, end))) {
        let Ok(found) = fs::metadata(&path) else { continue };
        if found.mode() & 0o077 == 0 {
            continue;
        }
        if let Err(error) = fs::set_permissions(&path, Permissions::from_mode(MODE)) {
            tracing::warn!(path = %path.display(), %error, "other users of this machine may read the database: set its mode to 0600");
        }
    }
}

/// A file that is made for its owner alone where it is not there.
pub(super) fn open_lock(path: &Path) -> io::Result<File> {
    File::options().create(true).append(true).mode(MODE).open(path)
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
