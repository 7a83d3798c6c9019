//! Deciding again over what is there now.

use std::ops::ControlFlow;

use crate::change::{CommitError, Unavailable};

/// How often a flow decides at most. Somebody else was faster each time; with so many at once, one of them is told to try again.
const TRIES: usize = 8;

/// Runs `attempt`, which loads, decides and commits, until its commit is taken. It answers `None` where a guard of the commit failed: what
/// it stood on has changed, and what is there now decides. `lost` is the error where that happened every time.
pub(crate) async fn retry<T, E, F>(lost: E, attempt: impl Fn() -> F) -> Result<T, E>
where
    F: Future<Output = Result<Option<T>, E>>,
{
    let attempt = |()| async { Ok(attempt().await?.map_or(ControlFlow::Continue(()), ControlFlow::Break)) };
    retry_from((), lost, attempt).await
}

/// As [`retry`], over something that was loaded before: where a guard failed, `attempt` loads it again and continues with that.
pub(crate) async fn retry_from<S, T, E, F>(loaded: S, lost: E, attempt: impl Fn(S) -> F) -> Result<T, E>
where
    F: Future<Output = Result<ControlFlow<T, S>, E>>,
{
    let mut loaded = loaded;
    for _ in 0..TRIES {
        match attempt(loaded).await? {
            ControlFlow::Break(done) => return Ok(done),
            ControlFlow::Continue(again) => loaded = again,
        }
    }
    Err(lost)
}

/// `done` where the commit was taken, `None` where a guard of it failed.
///
/// # Errors
/// Where the store could not do its work.
pub(crate) fn taken<T, E: From<Unavailable>>(answer: Result<(), CommitError>, done: T) -> Result<Option<T>, E> {
    match answer {
        Ok(()) => Ok(Some(done)),
        Err(CommitError::Rejected(_)) => Ok(None),
        Err(CommitError::Unavailable(error)) => Err(error.into()),
    }
}
