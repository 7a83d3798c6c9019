//! How far accounts have come in their first login.
//!
//! It only adds: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait as _, DbErr,
    sea_query::{ColumnDef, Expr, ExprTrait as _, Query},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{belongs_to_account, create_table, id, number, optional_number, table};
use crate::entity::rows::{accounts, setups};

pub(crate) struct Setup;

impl MigrationName for Setup {
    fn name(&self) -> &'static str {
        "m0009_setup"
    }
}

#[async_trait]
impl MigrationTrait for Setup {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use setups::Column;
        let steps = ColumnDef::new(Column::Steps).text().not_null().take();
        let columns = vec![id(Column::AccountId), steps, optional_number(Column::FinishedAt), number(Column::Version)];
        let table = table(setups::Entity, columns, vec![Column::AccountId])
            .foreign_key(&mut belongs_to_account(setups::Entity, Column::AccountId))
            .take();
        create_table(manager, table).await?;
        // A person who has an account already knows their way about: they count as finished, since they have had it. Outside of a
        // transaction, an interrupted migration starts again from its beginning: who is there stays there.
        let have = Query::select().column(Column::AccountId).from(setups::Entity).take();
        let everybody = Query::select()
            .column(accounts::Column::Id)
            .expr(Expr::value(""))
            .column(accounts::Column::CreatedAt)
            .expr(Expr::value(1_i64))
            .from(accounts::Entity)
            .and_where(Expr::col(accounts::Column::Id).not_in_subquery(have))
            .take();
        let columns = [Column::AccountId, Column::Steps, Column::FinishedAt, Column::Version];
        let mut insert = Query::insert().into_table(setups::Entity).columns(columns).take();
        insert.select_from(everybody).map_err(|error| DbErr::Migration(error.to_string()))?;
        manager.get_connection().execute(&insert).await.map(drop)
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
