//! Taking away what has lapsed, a part at a time, so that no writer waits long and no transaction grows with the table.

use async_trait::async_trait;
use identity_core::port::Sweep;
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait, Iterable as _, PrimaryKeyToColumn, QueryFilter as _,
    QuerySelect as _, TryGetable, Value, sea_query::Expr,
};
use uuid::Uuid;

use super::work::{Outcome, Work};
use crate::{
    convert::micros,
    entity::rows::{change_sets, email_changes, links, notices, registrations, sessions, throttles},
    error::Failure,
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
    async fn perform(&self, transaction: &DatabaseTransaction) -> Result<Outcome<Swept>, Failure> {
        Ok(Outcome::Commit(part(transaction, self).await?))
    }
}

async fn part(transaction: &DatabaseTransaction, sweep: &Sweep) -> Result<Swept, DbErr> {
    let counts = [
        some::<sessions::Entity, Uuid>(transaction, sessions::Column::ExpiresAt.lt(micros(sweep.sessions_before))).await?,
        some::<links::Entity, Uuid>(transaction, links::Column::ExpiresAt.lt(micros(sweep.links_before))).await?,
        some::<change_sets::Entity, Uuid>(transaction, change_sets::Column::CommittedAt.lt(micros(sweep.change_sets_before)))
            .await?,
        some::<registrations::Entity, Uuid>(transaction, registrations::Column::ExpiresAt.lt(micros(sweep.registrations_before)))
            .await?,
        some::<email_changes::Entity, Uuid>(transaction, email_changes::Column::UndoUntil.lt(micros(sweep.email_changes_before)))
            .await?,
        some::<throttles::Entity, Vec<u8>>(transaction, throttles::Column::ExpiresAt.lt(micros(sweep.throttles_before))).await?,
        // What is not settled has no time of it, and is not before any.
        some::<notices::Entity, Uuid>(transaction, notices::Column::SettledAt.lt(micros(sweep.notices_before))).await?,
    ];
    Ok(Swept { rows: counts.iter().sum(), is_all: counts.iter().all(|count| *count < PART) })
}

/// At most a part of the rows of a table that lapsed. Chosen by their keys first: not every database limits a deletion.
async fn some<E: EntityTrait, K: TryGetable + Into<Value> + Send + Sync>(
    transaction: &DatabaseTransaction,
    lapsed: Expr,
) -> Result<u64, DbErr> {
    let Some(key) = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column) else { return Ok(0) };
    let chosen = E::find().select_only().column(key).filter(lapsed.clone()).limit(PART).into_tuple::<K>().all(transaction).await?;
    if chosen.is_empty() {
        return Ok(0);
    }
    Ok(E::delete_many().filter(key.is_in(chosen)).filter(lapsed).exec(transaction).await?.rows_affected)
}
