//! Which connections of a pool are still to be trusted.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sea_orm::sqlx::{self, Connection, pool::PoolConnectionMetadata};
use tokio::time::{Instant, timeout};

/// A failure of a connection this soon after another says nothing new of the others.
const SAME_FAILURE: Duration = Duration::from_millis(200);
/// A connection that nothing was asked of for so long is asked whether it is still there, before it is used.
const DOUBTED_AFTER: Duration = Duration::from_secs(1);
/// How long it may take to answer that: a small part of what a request waits for a connection.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);

/// What is known of the connections of one pool.
#[derive(Clone, Default)]
pub(crate) struct Health(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    /// When one broke, or said that it cannot write: those that are older are replaced before they are used.
    failed: Option<Instant>,
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
    fn trusts(&self, age: Duration) -> bool {
        self.known().failed.is_none_or(|failed| age < failed.elapsed())
    }

    /// Whether a connection that lay in the pool may be used.
    ///
    /// # Errors
    /// Where it does not answer. As after `false`, the pool drops it and opens another.
    pub(crate) async fn admits<C: Connection>(
        &self,
        connection: &mut C,
        meta: &PoolConnectionMetadata,
    ) -> Result<bool, sqlx::Error> {
        if !self.trusts(meta.age) {
            return Ok(false);
        }
        if meta.idle_for >= DOUBTED_AFTER {
            check(connection).await?;
        }
        Ok(true)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Checks that a connection answers, before it is used and when it is given back. The pool itself would wait for as long as the network
/// keeps silent, which is a quarter of an hour where a firewall forgot the connection, and its place would be taken for so long.
///
/// # Errors
/// Where it does not answer within 2 seconds; the pool drops it then.
pub(crate) async fn check<C: Connection>(connection: &mut C) -> Result<(), sqlx::Error> {
    timeout(ANSWERS_WITHIN, connection.ping()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
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
