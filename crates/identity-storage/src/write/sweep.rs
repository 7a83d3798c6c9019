//! Taking away what has lapsed, and adding what a version before left out, a part at a time, so that no writer waits long and no transaction grows with the table.

use async_trait::async_trait;
use identity_core::{port::Sweep, value::Timestamp};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait, Iterable as _, PrimaryKeyToColumn, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, TryGetable, Value,
};
use uuid::Uuid;

use super::work::{Work, WorkOutcome};
use crate::{
    convert::micros,
    entity::rows::{change_sets, email_changes, links, notices, registrations, sessions, throttles},
    error::Failure,
    listed::fill_some,
};

/// The most rows of one table that one part takes.
const PART: u64 = 1000;

/// What one part of a sweep did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Swept {
    pub(super) rows: u64,
    pub(super) is_all: bool,
}

#[async_trait]
impl Work for Sweep {
    type Done = Swept;

    /// Takes a part away.
    async fn perform(&self, transaction: &DatabaseTransaction) -> Result<WorkOutcome<Swept>, Failure> {
        Ok(WorkOutcome::Commit(part(transaction, self).await?))
    }
}

async fn part(transaction: &DatabaseTransaction, sweep: &Sweep) -> Result<Swept, DbErr> {
    let counts = [
        some::<sessions::Entity, Uuid>(transaction, sessions::Column::ExpiresAt, sweep.sessions_before).await?,
        some::<links::Entity, Uuid>(transaction, links::Column::ExpiresAt, sweep.links_before).await?,
        some::<change_sets::Entity, Uuid>(transaction, change_sets::Column::CommittedAt, sweep.change_sets_before).await?,
        some::<registrations::Entity, Uuid>(transaction, registrations::Column::ExpiresAt, sweep.registrations_before).await?,
        some::<email_changes::Entity, Uuid>(transaction, email_changes::Column::UndoUntil, sweep.email_changes_before).await?,
        some::<throttles::Entity, Vec<u8>>(transaction, throttles::Column::ExpiresAt, sweep.throttles_before).await?,
        // What is not settled has no time of it, and is not before any.
        some::<notices::Entity, Uuid>(transaction, notices::Column::SettledAt, sweep.messages_before).await?,
    ];
    let filled = fill_some(transaction, PART).await?;
    Ok(Swept { rows: counts.iter().sum(), is_all: counts.iter().chain([&filled]).all(|count| *count < PART) })
}

/// At most a part of the rows of a table whose time is before this one, the longest lapsed first. Chosen by their keys first: not every
/// database limits a deletion.
async fn some<E: EntityTrait, K: TryGetable + Into<Value> + Send + Sync>(
    transaction: &DatabaseTransaction,
    time: E::Column,
    before: Timestamp,
) -> Result<u64, DbErr> {
    let Some(key) = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column) else { return Ok(0) };
    let lapsed = E::find().select_only().column(key).column(time).filter(time.lt(micros(before)));
    let chosen = lapsed.order_by_asc(time).limit(PART).into_tuple::<(K, i64)>().all(transaction).await?;
    let Some(last) = chosen.last().map(|(_, time)| *time) else { return Ok(0) };
    // What was put off meanwhile stays. Not all that lapsed is looked at once more for each part: only what is as old as this one.
    let keys = chosen.into_iter().map(|(key, _)| key);
    Ok(E::delete_many().filter(key.is_in(keys)).filter(time.lte(last)).exec(transaction).await?.rows_affected)
}
