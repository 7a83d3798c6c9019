//! The passwords of accounts: the one that counts, and those before it.

use identity_core::{
    change::{Entity, PasswordChange, Rejection},
    model::password::{Password, PasswordHash, RetiredPassword},
    value::AccountId,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, UpdateMany, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    convert::micros,
    entity::rows::{
        accounts::{Column, Entity as Accounts},
        retired_passwords::{ActiveModel, Column as Retired, Entity as RetiredPasswords},
    },
    error::{Failure, insert_failure},
};

/// Applies a change of a password.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &PasswordChange) -> Result<(), Failure> {
    match change {
        PasswordChange::Rehash { id, from, to } => rehash(savepoint, *id, from, to).await,
        PasswordChange::Set { id, from, to } => set(savepoint, *id, from, to).await,
        PasswordChange::Retire { retired, keep } => retire(savepoint, retired, *keep).await,
    }
}

async fn rehash(savepoint: &DatabaseTransaction, id: AccountId, from: &PasswordHash, to: &PasswordHash) -> Result<(), Failure> {
    replace(savepoint, id, from, with_hash(to)).await
}

async fn set(savepoint: &DatabaseTransaction, id: AccountId, from: &PasswordHash, to: &Password) -> Result<(), Failure> {
    let next = with_hash(&to.hash)
        .col_expr(Column::PasswordSetAt, Expr::value(micros(to.set_at)))
        .col_expr(Column::PasswordEndsAt, Expr::value(to.ends_at.map(micros)));
    replace(savepoint, id, from, next).await
}

fn with_hash(hash: &PasswordHash) -> UpdateMany<Accounts> {
    Accounts::update_many().col_expr(Column::Password, Expr::value(hash.expose()))
}

async fn replace(
    savepoint: &DatabaseTransaction,
    id: AccountId,
    from: &PasswordHash,
    next: UpdateMany<Accounts>,
) -> Result<(), Failure> {
    let next = next.filter(Column::Id.eq(*id.as_uuid())).filter(Column::Password.eq(from.expose()));
    let updated = next.exec(savepoint).await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Account).into()) }
}

/// Those of an account, the last one first.
pub(super) fn retired(account: AccountId) -> Select<RetiredPasswords> {
    RetiredPasswords::find().filter(Retired::AccountId.eq(*account.as_uuid())).order_by_desc(Retired::Id)
}

async fn retire(savepoint: &DatabaseTransaction, password: &RetiredPassword, keep: u32) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(*password.id.as_uuid()),
        account_id: Set(*password.account.as_uuid()),
        hash: Set(password.hash.expose().to_owned()),
        retired_at: Set(micros(password.retired_at)),
    };
    let inserted = RetiredPasswords::insert(row).exec_without_returning(savepoint).await;
    inserted.map_err(|error| insert_failure(error, Entity::RetiredPassword, None))?;
    forget(savepoint, password.account, keep).await?;
    Ok(())
}

/// Takes away all but the newest. The newest of those that go is looked for first: not every database limits a deletion.
async fn forget(savepoint: &DatabaseTransaction, account: AccountId, keep: u32) -> Result<(), DbErr> {
    let newest = retired(account).select_only().column(Retired::Id).offset(u64::from(keep)).limit(1);
    let Some(newest) = newest.into_tuple::<Uuid>().one(savepoint).await? else { return Ok(()) };
    let gone = RetiredPasswords::delete_many().filter(Retired::AccountId.eq(*account.as_uuid())).filter(Retired::Id.lte(newest));
    gone.exec(savepoint).await?;
    Ok(())
}
