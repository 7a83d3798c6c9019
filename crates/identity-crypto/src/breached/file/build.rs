//! Making the file from the text that can be downloaded.

use std::{
    fs::{File, Permissions},
    io::{self, BufRead, BufWriter, Read as _, Write as _},
    os::unix::fs::{FileExt as _, PermissionsExt as _},
    path::Path,
};

use super::header;

/// The hexadecimal digits of a digest.
const DIGITS: usize = 40;

/// The longest line, in bytes: the digits, a colon, the 20 digits of the greatest count, and the line's end.
const MAX_LINE_LEN: u64 = 63;

/// What a file was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Built {
    /// Lines that were read.
    pub lines: u64,
    /// Entries that were kept.
    pub kept: u64,
}

/// What is the matter with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// It has another form.
    #[error("is not 40 hexadecimal digits, a colon and a number")]
    Form,
    /// Its digest does not come after the one before.
    #[error("does not come after the line before it: sort the lines by digest, each once")]
    Order,
}

/// No file was made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A line is not as it should be.
    #[error("line {number} {fault}")]
    Line {
        /// Its number, from 1.
        number: u64,
        /// What is the matter with it.
        fault: LineFault,
    },
    /// There was no line, or none that was to be kept.
    #[error("there is nothing to keep")]
    Empty,
    /// The lines could not be read.
    #[error("the lines cannot be read")]
    Read(#[source] io::Error),
    /// The file could not be written.
    #[error("the file cannot be written")]
    Write(#[source] io::Error),
}

pub(super) fn build(from: impl BufRead, to: &Path, min_count: u64) -> Result<Built, BuildError> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Nothing in it is secret, and the user who serves may be another than the one who makes it.
    let unfinished = tempfile::Builder::new()
        .prefix(".breached-")
        .suffix(".part")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)
        .map_err(BuildError::Write)?;
    let built = write(from, unfinished.as_file(), min_count)?;
    unfinished.as_file().sync_all().map_err(BuildError::Write)?;
    unfinished.persist(to).map_err(|error| BuildError::Write(error.error))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(BuildError::Write)?;
    Ok(built)
}

fn write(mut from: impl BufRead, to: &File, min_count: u64) -> Result<Built, BuildError> {
    let mut entries = BufWriter::with_capacity(1 << 20, to);
    entries.write_all(&header(0)).map_err(BuildError::Write)?;
    let (mut lines, mut kept) = (0, 0);
    let (mut last, mut last_kept) = (None, None);
    let mut line = Vec::with_capacity(128);
    loop {
        line.clear();
        let length = from.by_ref().take(MAX_LINE_LEN).read_until(b'\n', &mut line).map_err(BuildError::Read)?;
        if length == 0 {
            break;
        }
        lines += 1;
        let fault = |fault| BuildError::Line { number: lines, fault };
        let (digest, count) = parse(&line).ok_or_else(|| fault(LineFault::Form))?;
        if last.is_some_and(|last| digest <= last) {
            return Err(fault(LineFault::Order));
        }
        last = Some(digest);
        let key = digest.0;
        // Digests that differ only behind the key are one entry.
        if count >= min_count && last_kept != Some(key) {
            entries.write_all(&key.to_be_bytes()).map_err(BuildError::Write)?;
            kept += 1;
            last_kept = Some(key);
        }
    }
    if kept == 0 {
        return Err(BuildError::Empty);
    }
    entries.flush().map_err(BuildError::Write)?;
    to.write_all_at(&header(kept), 0).map_err(BuildError::Write)?;
    Ok(Built { lines, kept })
}

/// A digest, so that it sorts as its digits do: the first 8 bytes and the other 12.
type Key = (u64, u128);

/// A line `SHA1:COUNT`, whatever ends it.
fn parse(line: &[u8]) -> Option<(Key, u64)> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (digits, rest) = line.split_at_checked(DIGITS)?;
    let count = rest.strip_prefix(b":")?;
    if count.is_empty() || !count.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let count = str::from_utf8(count).ok()?.parse().ok()?;
    let (first, others) = digits.split_at_checked(16)?;
    let key = hexadecimal(first)?;
    Some(((u64::try_from(key).ok()?, hexadecimal(others)?), count))
}

fn hexadecimal(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | u128::from(char::from(*digit).to_digit(16)?)))
}
