//! Looking breached passwords up in a file: no network, nobody who learns anything.
//!
//! The file is a header of 24 bytes and then the first 8 bytes of each digest (SHA-1), ascending, each once. The header is the
//! magic `BREACHED`, the version and the width of an entry (32 bits each) and the number of entries (64 bits), the highest byte
//! first. With n entries a password that is not in the data is taken for breached with a probability of n / 2⁶⁴: with the two
//! thousand million of 2026 one in nine thousand million.

mod build;
mod search;
#[cfg(test)]
mod tests;

use std::{error::Error, fs::File, io, ops::Range, os::unix::fs::FileExt as _, path::Path, sync::Arc};

use async_trait::async_trait;
use identity_core::{model::password::Candidate, port::BreachedPasswords};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

pub use self::build::{BuildError, Built, LineFault};
use super::{TIME_LIMIT, digest::Digest};

const MAGIC: [u8; 8] = *b"BREACHED";
const VERSION: u32 = 1;
const HEADER_LEN: u64 = 24;
/// The bytes of an entry.
const WIDTH: u32 = 8;

/// How many look-ups read at a time. Each reads three blocks of 4 KiB or so; more of them would only wait for the disk.
const AT_ONCE: usize = 16;

/// A file of breached passwords cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BreachFileError {
    /// It is not there, or cannot be read.
    #[error("it cannot be read")]
    Read(#[from] io::Error),
    /// It is another kind of file.
    #[error("it is not a file that `identityd breached-passwords` made")]
    Magic,
    /// It was made by another version.
    #[error("it was made by another version: make it again")]
    Version,
    /// It is shorter or longer than its header says.
    #[error("it is not whole: it has {found} bytes and should have {expected}")]
    Length {
        /// Its length, in bytes.
        found: u64,
        /// What its header says, in bytes.
        expected: u64,
    },
}

/// Looking up failed.
#[derive(Debug, thiserror::Error)]
enum LookUpError {
    #[error("the file cannot be read")]
    Read(#[from] io::Error),
    #[error("the file gave no answer within a second")]
    TooSlow,
    #[error("nobody looks up any more")]
    Gone,
}

/// An opened file of breached passwords. It is read where it lies, never into memory. A file that takes its name later is not
/// noticed; open it again.
#[derive(Clone, Debug)]
pub struct BreachFile {
    file: Arc<File>,
    count: u64,
    turns: Arc<Semaphore>,
}

impl BreachFile {
    /// Opens a file that [`build`](Self::build) made.
    ///
    /// # Errors
    /// [`BreachFileError`] where it is none, or not whole.
    pub fn open(path: &Path) -> Result<Self, BreachFileError> {
        let file = File::open(path)?;
        let found = file.metadata()?.len();
        if found < HEADER_LEN {
            return Err(BreachFileError::Magic);
        }
        let mut header = [0; 24];
        file.read_exact_at(&mut header, 0)?;
        let count = count_of(header)?;
        let expected = u64::from(WIDTH).saturating_mul(count).saturating_add(HEADER_LEN);
        if found != expected {
            return Err(BreachFileError::Length { found, expected });
        }
        Ok(Self { file: Arc::new(file), count, turns: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// How many passwords it holds.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Makes a file of the data of Have I Been Pwned: lines `SHA1:COUNT`, sorted by digest, as its downloader writes them.
    /// Digests that were seen fewer than `min_count` times are left out. The file appears under its name when it is whole and on
    /// the disk; what bore the name is kept until then.
    ///
    /// # Errors
    /// [`BuildError`] names the line that is not as it should be; nothing was changed.
    pub fn build(from: impl io::BufRead, to: &Path, min_count: u64) -> Result<Built, BuildError> {
        build::build(from, to, min_count)
    }

    async fn look_up(&self, key: u64) -> Result<bool, LookUpError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| LookUpError::Gone)?;
        let (file, count) = (Arc::clone(&self.file), self.count);
        let work = move || {
            let found = search::contains(count, key, |entries| read(&file, entries));
            // The turn ends with the reading, also where nobody waits for it any more.
            drop(turn);
            found
        };
        Ok(spawn_blocking(work).await.map_err(|_| LookUpError::Gone)??)
    }
}

#[async_trait]
impl BreachedPasswords for BreachFile {
    async fn is_breached(&self, candidate: &Candidate) -> bool {
        let key = Digest::of(candidate).key();
        let found = timeout(TIME_LIMIT, self.look_up(key)).await.unwrap_or(Err(LookUpError::TooSlow));
        found.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn Error, "a password was not looked for among the breached ones: it passes");
            false
        })
    }
}

fn header(count: u64) -> Vec<u8> {
    [&MAGIC[..], &VERSION.to_be_bytes(), &WIDTH.to_be_bytes(), &count.to_be_bytes()].concat()
}

/// The number of entries that a header tells.
fn count_of(header: [u8; 24]) -> Result<u64, BreachFileError> {
    let rest = header.strip_prefix(&MAGIC).ok_or(BreachFileError::Magic)?;
    let rest = rest.strip_prefix(&VERSION.to_be_bytes()).ok_or(BreachFileError::Version)?;
    let rest = rest.strip_prefix(&WIDTH.to_be_bytes()).ok_or(BreachFileError::Version)?;
    Ok(number(rest))
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Some entries, by their numbers from 0.
fn read(file: &File, entries: Range<u64>) -> io::Result<Vec<u64>> {
    let length = usize::try_from((entries.end - entries.start) * u64::from(WIDTH)).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, HEADER_LEN + entries.start * u64::from(WIDTH))?;
    Ok(bytes.as_chunks::<{ WIDTH as usize }>().0.iter().map(|bytes| u64::from_be_bytes(*bytes)).collect())
}
