//! Whether the database takes a write now.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use identity_core::change::Unavailable;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait as _};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};
use uuid::Uuid;

use super::{
    LONGEST_PING, Writes,
    work::{Work, WorkOutcome},
};
use crate::{entity::rows::change_sets, error::Failure};

/// For how long an answer counts: asking more often costs the database nothing.
const COUNTS_FOR: Duration = Duration::from_secs(1);

type Answer = Result<(), Unavailable>;

/// Writes something that leaves nothing, one at a time, and remembers for a second what came of it.
#[derive(Clone, Default)]
pub(crate) struct Probe(Arc<Mutex<Option<(Instant, Answer)>>>);

impl Probe {
    /// Whether a write was durable a second ago or later.
    ///
    /// # Errors
    /// [`Unavailable`] where it failed, or took more than 5 seconds.
    pub(crate) async fn ask(&self, writes: &Writes) -> Answer {
        let mut last = self.0.clone().lock_owned().await;
        if let Some((_, answer)) = last.as_ref().filter(|(at, _)| at.elapsed() < COUNTS_FOR) {
            return answer.clone();
        }
        let writes = writes.clone();
        // Apart from the caller, who may go away: the next one waits for this answer, and begins no other write.
        let asked = tokio::spawn(async move {
            let written = timeout(LONGEST_PING, writes.run_unguarded(&Nothing)).await;
            let answer = written.unwrap_or_else(|silence| Err(Unavailable::new("storage", silence)));
            *last = Some((Instant::now(), answer.clone()));
            answer
        });
        asked.await.unwrap_or_else(|ended| Err(Unavailable::new("storage", ended)))
    }
}

/// A row that comes and goes in one transaction. It is committed: only that meets a full disk.
#[derive(Clone)]
struct Nothing;

#[async_trait]
impl Work for Nothing {
    type Done = ();

    async fn perform(&self, transaction: &DatabaseTransaction) -> Result<WorkOutcome<()>, Failure> {
        // No set has this id: theirs hold the time that they were made at.
        let row = change_sets::ActiveModel { id: Set(Uuid::nil()), committed_at: Set(0) };
        change_sets::Entity::insert(row).exec_without_returning(transaction).await?;
        change_sets::Entity::delete_by_id(Uuid::nil()).exec(transaction).await?;
        Ok(WorkOutcome::Commit(()))
    }
}
