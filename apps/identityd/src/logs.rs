//! Structured logs, to standard error. They hold no secret and no address: see docs/operating.md.
//!
//! They are written by a thread of their own. Where they cannot be written, because the disk is full or their reader is gone or does not
//! read, lines are lost and counted, and nothing else stops.

use std::{
    io::{self, Write},
    sync::{Arc, OnceLock},
};

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{EnvFilter, fmt};

/// Statements, mail dialogues and connection strings stay out, whatever `RUST_LOG` asks for.
const QUIET: [&str; 6] = ["sea_orm=warn", "sea_orm_migration=warn", "sqlx=warn", "lettre=warn", "hyper=warn", "reqwest=warn"];

/// The most lines that wait to be written; beyond them lines are lost. A line has some 200 bytes.
const WAITING: usize = 8192;

/// Starts logging; done twice, the first time counts. What waits is written when the guard is dropped.
pub(crate) fn start(json: bool) -> WorkerGuard {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = QUIET.iter().filter_map(|directive| directive.parse().ok()).fold(wanted, EnvFilter::add_directive);
    let not_queued = Arc::new(OnceLock::new());
    let lines = Lossy { inner: io::stderr(), lost: 0, not_queued: not_queued.clone(), told: 0 };
    let (writer, guard) = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING).thread_name("logs").finish(lines);
    not_queued.get_or_init(|| writer.error_counter());
    let logs = fmt().with_env_filter(filter).with_writer(writer);
    let started = if json { logs.json().try_init() } else { logs.with_ansi(false).with_target(false).try_init() };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
    guard
}

/// Writes whole lines, and loses those that cannot be written. As soon as one can be written again, it logs how many were lost.
struct Lossy<W> {
    inner: W,
    /// How many lines could not be written.
    lost: usize,
    /// How many never came here, since too many waited.
    not_queued: Arc<OnceLock<ErrorCounter>>,
    /// How many have been told of.
    told: usize,
}

impl<W: Write> Write for Lossy<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self.inner.write_all(line) {
            Ok(()) => self.tell(),
            Err(_) => self.lost += 1,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // Nobody is there to be told.
        let _ = self.inner.flush();
        Ok(())
    }
}

impl<W> Lossy<W> {
    fn tell(&mut self) {
        let lost = self.lost + self.not_queued.get().map_or(0, ErrorCounter::dropped_lines);
        if lost > self.told {
            tracing::warn!(lines = lost - self.told, "log lines were lost, since they could not be written");
            self.told = lost;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes nothing while it is full.
    #[derive(Default)]
    struct Disk {
        is_full: bool,
        written: Vec<u8>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.is_full {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.written.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_that_cannot_be_written_is_lost_and_counted() {
        let mut lines = Lossy { inner: Disk::default(), lost: 0, not_queued: Arc::default(), told: 0 };
        lines.write_all(b"first\n").unwrap();
        lines.inner.is_full = true;
        lines.write_all(b"second\n").unwrap();
        lines.write_all(b"third\n").unwrap();
        assert_eq!((lines.lost, lines.told), (2, 0));
        lines.inner.is_full = false;
        lines.write_all(b"fourth\n").unwrap();
        assert_eq!((lines.lost, lines.told), (2, 2));
        assert_eq!(lines.inner.written, b"first\nfourth\n");
    }
}
