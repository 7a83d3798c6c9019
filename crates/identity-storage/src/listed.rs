//! What a grant says of its holder: what accounts are listed by. The database keeps it in step with the account; what is missing
//! is added here.

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Expr, ExprTrait as _, IntoCondition},
};
use uuid::Uuid;

use crate::{
    entity::rows::{accounts, listed},
    index::along,
};

/// Adds it to those of these grants that say nothing.
pub(crate) async fn fill(connection: &impl ConnectionTrait, grants: impl IntoCondition) -> Result<(), DbErr> {
    let of_account = |column: accounts::Column| {
        let account = accounts::Entity::find().select_only().column(column);
        let holds = Expr::col((accounts::Entity, accounts::Column::Id)).eq(Expr::col((listed::Entity, listed::Column::AccountId)));
        Expr::SubQuery(None, Box::new(account.filter(holds).into_query().into()))
    };
    listed::Entity::update_many()
        .col_expr(listed::Column::CompanyId, of_account(accounts::Column::CompanyId))
        .col_expr(listed::Column::State, of_account(accounts::Column::State))
        .col_expr(listed::Column::Canonical, of_account(accounts::Column::Canonical))
        .filter(grants)
        .filter(listed::Column::State.is_null())
        .exec(connection)
        .await
        .map(drop)
}

/// The grants that say nothing: the ids of their accounts.
pub(crate) fn silent(backend: DbBackend) -> Select<listed::Entity> {
    let silent = listed::Entity::find().select_only().column(listed::Column::AccountId).filter(listed::Column::State.is_null());
    if backend == DbBackend::Postgres {
        // The others are told the index; this one takes it for its order.
        silent.order_by_asc(listed::Column::State).order_by_asc(listed::Column::Kind).order_by_asc(listed::Column::Entry)
    } else {
        silent
    }
}

/// Adds it to at most so many grants, which a process of a version before wrote; how many.
pub(crate) async fn fill_some(transaction: &DatabaseTransaction, limit: u64) -> Result<u64, DbErr> {
    let missing = silent(transaction.get_database_backend()).limit(limit);
    let missing = along(transaction, missing, "grants_listed").await?;
    let missing = missing.iter().map(|row| row.try_get_by_index::<Uuid>(0)).collect::<Result<Vec<_>, _>>()?;
    if !missing.is_empty() {
        fill(transaction, listed::Column::AccountId.is_in(missing.iter().copied())).await?;
    }
    Ok(u64::try_from(missing.len()).unwrap_or(u64::MAX))
}
