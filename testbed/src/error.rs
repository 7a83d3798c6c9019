use std::io;

use crate::Kind;

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum TestbedError {
    /// The programs are neither where Debian puts them nor on the path.
    #[error("{kind} is not installed: apt-get install {}", kind.package())]
    NotInstalled {
        /// Which.
        kind: Kind,
    },
    /// The machine refused something.
    #[error("cannot {what}")]
    Machine {
        /// What could not be done.
        what: &'static str,
        /// Why.
        source: io::Error,
    },
    /// What a package registry publishes could not be fetched.
    #[error("cannot fetch {what}: {why}")]
    NotFetched {
        /// What.
        what: &'static str,
        /// Why.
        why: String,
    },
    /// Its data folder could not be made.
    #[error("{kind} could not prepare its data folder; its log ends with:\n{log}")]
    NotPrepared {
        /// Which.
        kind: Kind,
        /// The last lines of its log.
        log: String,
    },
    /// It ended before it answered.
    #[error("{kind} ended while it was starting; its log ends with:\n{log}")]
    Ended {
        /// Which.
        kind: Kind,
        /// The last lines of its log.
        log: String,
    },
    /// It runs and does not answer.
    #[error("{kind} did not answer within {seconds} seconds; its log ends with:\n{log}")]
    Silent {
        /// Which.
        kind: Kind,
        /// How long it was waited for.
        seconds: u64,
        /// The last lines of its log.
        log: String,
    },
}

impl TestbedError {
    /// For `map_err`, by what could not be done.
    pub(crate) fn cannot(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Machine { what, source }
    }
}
