//! Which connections of a pool are still to be trusted.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sea_orm::sqlx;
use tokio::time::{Instant, timeout};

/// A failure of a connection this soon after another says nothing new of the others.
const SAME_FAILURE: Duration = Duration::from_millis(200);
/// For how long after something was left unfinished a connection that is given back is asked whether it still answers.
const DOUBTED_FOR: Duration = Duration::from_secs(60);
/// How long such a connection may take to answer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// What is known of the connections of one pool.
#[derive(Clone, Default)]
pub(crate) struct Health(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    /// When one broke, or said that it cannot write: those that are older are replaced before they are used.
    failed: Option<Instant>,
    /// When something was last left unfinished.
    left: Option<Instant>,
}

impl Health {
    /// Notes that a connection broke or answers for a server that cannot write: what happened to it happened to all of them.
    pub(crate) fn distrust(&self) {
        let mut known = self.known();
        if known.failed.is_none_or(|failed| failed.elapsed() > SAME_FAILURE) {
            known.failed = Some(Instant::now());
        }
    }

    /// Whether a connection of this age may be used.
    pub(crate) fn trusts(&self, age: Duration) -> bool {
        self.known().failed.is_none_or(|failed| age < failed.elapsed())
    }

    /// Notes, if it is dropped, that something was left unfinished.
    pub(super) fn unfinished(&self) -> Unfinished<'_> {
        Unfinished { health: self, is_finished: false }
    }

    /// Checks a connection that is given back. The pool itself waits for its answer for as long as the network keeps silent, which is
    /// a quarter of an hour where a firewall forgot it, and its place in the pool is taken for so long.
    ///
    /// # Errors
    /// Where it does not answer in time; the pool drops it then.
    pub(crate) async fn check<C: sqlx::Connection>(&self, connection: &mut C) -> Result<(), sqlx::Error> {
        if self.known().left.is_none_or(|left| left.elapsed() > DOUBTED_FOR) {
            return Ok(());
        }
        timeout(ANSWERS_WITHIN, connection.ping()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Work that has not ended.
pub(super) struct Unfinished<'a> {
    health: &'a Health,
    is_finished: bool,
}

impl Unfinished<'_> {
    pub(super) fn finish(mut self) {
        self.is_finished = true;
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            self.health.known().left = Some(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_failure_is_counted_once_and_spares_what_came_after_it() {
        let health = Health::default();
        assert!(health.trusts(Duration::from_secs(99)));
        health.distrust();
        tokio::time::advance(Duration::from_millis(100)).await;
        health.distrust();
        assert!(!health.trusts(Duration::from_millis(101)) && health.trusts(Duration::from_millis(99)));
        tokio::time::advance(Duration::from_millis(200)).await;
        health.distrust();
        assert!(!health.trusts(Duration::from_millis(99)));
    }
}
