use async_trait::async_trait;
use identity_core::{
    change::{EmailChangeChange, Entity, Rejection, Unavailable},
    model::email_change::{EmailChange, EmailChangeState},
    port::EmailChangeReads,
    value::{AccountId, EmailAddress, EmailChangeId, SessionId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use crate::{
    Storage,
    convert::{micros, number, optional_time, time},
    entity::rows::email_changes::{ActiveModel, Column, Entity as EmailChanges, Model},
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "email_changes";

fn read(row: &Model) -> Result<EmailChange, Unavailable> {
    let address = |text: &str| EmailAddress::stored(text).map_err(|_| corrupt(TABLE));
    Ok(EmailChange {
        id: EmailChangeId::from_uuid(row.id),
        account: AccountId::from_uuid(row.account_id),
        from: address(&row.from_address)?,
        to: address(&row.to_address)?,
        state: EmailChangeState::parse(&row.state).ok_or_else(|| corrupt(TABLE))?,
        generation: number(row.generation, TABLE)?,
        session: SessionId::from_uuid(row.session_id),
        requested_at: time(row.requested_at, TABLE)?,
        expires_at: time(row.expires_at, TABLE)?,
        undo_until: time(row.undo_until, TABLE)?,
        version: number(row.version, TABLE)?,
    })
}

#[async_trait]
impl EmailChangeReads for Storage {
    async fn email_change(&self, id: EmailChangeId) -> Result<Option<EmailChange>, Unavailable> {
        let row = EmailChanges::find_by_id(*id.as_uuid()).one(&self.reads).await.map_err(unavailable)?;
        row.as_ref().map(read).transpose()
    }

    async fn pending_email_change(&self, account: AccountId) -> Result<Option<EmailChange>, Unavailable> {
        let query = EmailChanges::find().filter(Column::PendingFor.eq(*account.as_uuid()));
        query.one(&self.reads).await.map_err(unavailable)?.as_ref().map(read).transpose()
    }

    async fn address_undo_until(
        &self,
        canonical: &str,
        but: Option<AccountId>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Unavailable> {
        let latest = giving_back(canonical, but, now).order_by_desc(Column::UndoUntil).select_only().column(Column::UndoUntil);
        let found = latest.into_tuple::<i64>().one(&self.reads).await.map_err(unavailable)?;
        optional_time(found, TABLE)
    }
}

/// The confirmed changes whose undo would give an address back to another account than `but`.
fn giving_back(canonical: &str, but: Option<AccountId>, now: Timestamp) -> Select<EmailChanges> {
    let query = EmailChanges::find()
        .filter(Column::FromCanonical.eq(canonical.as_bytes()))
        .filter(Column::State.eq(EmailChangeState::Confirmed.as_str()))
        .filter(Column::UndoUntil.gt(micros(now)))
        .limit(1);
    but.into_iter().fold(query, |query, but| query.filter(Column::AccountId.ne(*but.as_uuid())))
}

/// Whether an address that an account has just moved to in this transaction is nobody else's to have back. The account that gave it up
/// did that with the commit that confirmed its change, and the unique index has made this transaction wait for that commit: what is
/// read now is read after it.
pub(crate) async fn require_no_undo(
    savepoint: &DatabaseTransaction,
    address: &EmailAddress,
    account: AccountId,
    now: Timestamp,
) -> Result<(), Failure> {
    let changes = giving_back(address.canonical(), Some(account), now).select_only().column(Column::Id);
    let found = changes.into_tuple::<Uuid>().one(savepoint).await?;
    if found.is_none() { Ok(()) } else { Err(Rejection::AddressTaken.into()) }
}

/// What the unique index holds: one pending change of each account.
fn pending_for(change: &EmailChange) -> Option<Uuid> {
    (change.state == EmailChangeState::Pending).then_some(*change.account.as_uuid())
}

/// Applies a change of a change of address.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &EmailChangeChange) -> Result<(), Failure> {
    match change {
        EmailChangeChange::Open(change) => open(savepoint, change).await,
        EmailChangeChange::Advance(change) => advance(savepoint, change).await,
        EmailChangeChange::Undo { account, since } => Ok(undo(savepoint, *account, *since).await?),
    }
}

async fn open(savepoint: &DatabaseTransaction, change: &EmailChange) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(*change.id.as_uuid()),
        account_id: Set(*change.account.as_uuid()),
        pending_for: Set(pending_for(change)),
        from_address: Set(change.from.as_str().to_owned()),
        from_canonical: Set(change.from.canonical().into()),
        to_address: Set(change.to.as_str().to_owned()),
        state: Set(change.state.as_str().to_owned()),
        generation: Set(change.generation.into()),
        session_id: Set(*change.session.as_uuid()),
        requested_at: Set(micros(change.requested_at)),
        expires_at: Set(micros(change.expires_at)),
        undo_until: Set(micros(change.undo_until)),
        version: Set(change.version.into()),
    };
    let inserted = EmailChanges::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::EmailChange, None))
}

async fn advance(savepoint: &DatabaseTransaction, next: &EmailChange) -> Result<(), Failure> {
    let updated = EmailChanges::update_many()
        .col_expr(Column::State, Expr::value(next.state.as_str()))
        .col_expr(Column::PendingFor, Expr::value(pending_for(next)))
        .col_expr(Column::UndoUntil, Expr::value(micros(next.undo_until)))
        .col_expr(Column::Version, Expr::value(i64::from(next.version)))
        .filter(Column::Id.eq(*next.id.as_uuid()))
        .filter(Column::Version.eq(i64::from(next.version) - 1))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::EmailChange).into()) }
}

async fn undo(savepoint: &DatabaseTransaction, account: AccountId, since: EmailChangeId) -> Result<(), DbErr> {
    let undone = EmailChangeState::Undone.as_str();
    EmailChanges::update_many()
        .col_expr(Column::State, Expr::value(undone))
        .col_expr(Column::PendingFor, Expr::value(None::<Uuid>))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::AccountId.eq(*account.as_uuid()))
        .filter(Column::Id.gte(*since.as_uuid()))
        .filter(Column::State.ne(undone))
        .exec(savepoint)
        .await
        .map(|_| ())
}
