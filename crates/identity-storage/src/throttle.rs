use async_trait::async_trait;
use identity_core::{
    change::{Entity, Rejection, ThrottleChange, Unavailable},
    model::throttle::{Bucket, Rate, Throttle},
    port::ThrottleReads,
    value::Timestamp,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, SqlErr,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::{
    Storage,
    convert::{micros, number, time, whole_micros},
    entity::rows::throttles::{ActiveModel, Column, Entity as Throttles, Model},
    error::{Failure, unavailable},
};

const TABLE: &str = "throttles";

fn read(row: &Model) -> Result<Throttle, Unavailable> {
    Ok(Throttle {
        free_at: time(row.free_at, TABLE)?,
        failures: number(row.failures, TABLE)?,
        expires_at: time(row.expires_at, TABLE)?,
    })
}

/// Everything but the key.
fn standing(throttle: &Throttle) -> ActiveModel {
    ActiveModel {
        bucket: NotSet,
        free_at: Set(micros(throttle.free_at)),
        failures: Set(throttle.failures.into()),
        expires_at: Set(micros(throttle.expires_at)),
    }
}

fn row(bucket: &Bucket, throttle: &Throttle) -> ActiveModel {
    ActiveModel { bucket: Set(bucket.as_bytes().to_vec()), ..standing(throttle) }
}

fn is(bucket: &Bucket) -> Expr {
    Column::Bucket.eq(bucket.as_bytes().as_slice())
}

#[async_trait]
impl ThrottleReads for Storage {
    async fn throttle(&self, bucket: &Bucket) -> Result<Option<Throttle>, Unavailable> {
        let row = Throttles::find().filter(is(bucket)).one(&self.reads).await.map_err(unavailable)?;
        row.as_ref().map(read).transpose()
    }
}

/// Applies a change of a bucket.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &ThrottleChange) -> Result<(), Failure> {
    match change {
        ThrottleChange::ConsumePermit { bucket, rate, at } => consume_permit(savepoint, bucket, rate, *at).await,
        ThrottleChange::CountAttempt { bucket, from, to } => count(savepoint, bucket, from.as_ref(), to).await,
        ThrottleChange::Reset { bucket, to } => reset(savepoint, bucket, to).await,
        ThrottleChange::Empty(bucket) => empty(savepoint, bucket).await,
    }
}

/// [`Throttle::turned`], in the statement that writes.
async fn consume_permit(savepoint: &DatabaseTransaction, bucket: &Bucket, rate: &Rate, at: Timestamp) -> Result<(), Failure> {
    if permit(savepoint, bucket, rate, at).await? {
        return Ok(());
    }
    // It has none left, or is not there: then it is put there as if it had been used up until now, by the person who comes first.
    let unused = Throttle { free_at: at, failures: 0, expires_at: at };
    let is_there = OnConflict::column(Column::Bucket).do_nothing_on([Column::Bucket]).to_owned();
    match Throttles::insert(row(bucket, &unused)).on_conflict(is_there).exec_without_returning(savepoint).await {
        Ok(_) | Err(DbErr::RecordNotInserted) => {}
        Err(error) => return Err(error.into()),
    }
    if permit(savepoint, bucket, rate, at).await? { Ok(()) } else { Err(Rejection::Throttled.into()) }
}

/// Consumes a permit of a bucket that is there and has one left.
async fn permit(savepoint: &DatabaseTransaction, bucket: &Bucket, rate: &Rate, at: Timestamp) -> Result<bool, DbErr> {
    let now = micros(at);
    let ahead = Expr::case(Column::FreeAt.gt(now), Expr::col(Column::FreeAt)).finally(now);
    let next = Expr::expr(ahead).add(whole_micros(rate.every));
    let updated = Throttles::update_many()
        // MySQL reads what the same statement wrote before: the column that the others are made of is written last.
        .col_expr(Column::ExpiresAt, next.clone())
        .col_expr(Column::Failures, Expr::value(0_i64))
        .col_expr(Column::FreeAt, next)
        .filter(is(bucket))
        .filter(Column::FreeAt.lte(now.saturating_add(whole_micros(rate.tolerance()))))
        .exec(savepoint)
        .await?;
    Ok(updated.rows_affected == 1)
}

async fn count(savepoint: &DatabaseTransaction, bucket: &Bucket, from: Option<&Throttle>, to: &Throttle) -> Result<(), Failure> {
    let changed = Err(Rejection::Changed(Entity::Throttle).into());
    let Some(from) = from else {
        return match Throttles::insert(row(bucket, to)).exec_without_returning(savepoint).await {
            Ok(_) => Ok(()),
            Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => changed,
            Err(error) => Err(error.into()),
        };
    };
    let updated = Throttles::update_many()
        .set(standing(to))
        .filter(is(bucket))
        .filter(Column::FreeAt.eq(micros(from.free_at)))
        .filter(Column::Failures.eq(i64::from(from.failures)))
        .filter(Column::ExpiresAt.eq(micros(from.expires_at)))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { changed }
}

async fn reset(savepoint: &DatabaseTransaction, bucket: &Bucket, to: &Throttle) -> Result<(), Failure> {
    let is_there =
        OnConflict::column(Column::Bucket).update_columns([Column::FreeAt, Column::Failures, Column::ExpiresAt]).to_owned();
    Throttles::insert(row(bucket, to)).on_conflict(is_there).exec_without_returning(savepoint).await?;
    Ok(())
}

async fn empty(savepoint: &DatabaseTransaction, bucket: &Bucket) -> Result<(), Failure> {
    Throttles::delete_many().filter(is(bucket)).exec(savepoint).await?;
    Ok(())
}
