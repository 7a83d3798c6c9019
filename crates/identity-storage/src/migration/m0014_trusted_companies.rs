//! A company is trusted or not. Those that are there are.
//!
//! It only adds a column that may be left out: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{
    DbErr, EntityName as _,
    sea_query::{ColumnDef, Table},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::entity::rows::companies::{Column, Entity};

pub(crate) struct TrustedCompanies;

impl MigrationName for TrustedCompanies {
    fn name(&self) -> &'static str {
        "m0014_trusted_companies"
    }
}

#[async_trait]
impl MigrationTrait for TrustedCompanies {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        if !manager.has_column(Entity.table_name(), "is_trusted").await? {
            let mut column = ColumnDef::new(Column::IsTrusted).boolean().null().take();
            manager.alter_table(Table::alter().table(Entity).add_column(&mut column).take()).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
