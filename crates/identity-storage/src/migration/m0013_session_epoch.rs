//! An account has an epoch, which whatever ends sessions raises, and a session is of one epoch.
//!
//! It only adds columns that may be left out, and stand for the epoch 0 then: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{DbErr, EntityName as _, sea_query::Table};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::optional_number;
use crate::entity::rows::{accounts, sessions};

pub(crate) struct SessionEpoch;

impl MigrationName for SessionEpoch {
    fn name(&self) -> &'static str {
        "m0013_session_epoch"
    }
}

#[async_trait]
impl MigrationTrait for SessionEpoch {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        if !manager.has_column(accounts::Entity.table_name(), "session_epoch").await? {
            let mut column = optional_number(accounts::Column::SessionEpoch);
            manager.alter_table(Table::alter().table(accounts::Entity).add_column(&mut column).take()).await?;
        }
        if !manager.has_column(sessions::Entity.table_name(), "epoch").await? {
            let mut column = optional_number(sessions::Column::Epoch);
            manager.alter_table(Table::alter().table(sessions::Entity).add_column(&mut column).take()).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
