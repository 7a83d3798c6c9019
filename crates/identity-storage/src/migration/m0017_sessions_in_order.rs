//! The sessions of an account are found in the order in which they began.
//!
//! It changes one index: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{DbErr, EntityName as _};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{drop_index_beside_writers, index};
use crate::entity::rows::sessions::{Column, Entity};

pub(crate) struct SessionsInOrder;

impl MigrationName for SessionsInOrder {
    fn name(&self) -> &'static str {
        "m0017_sessions_in_order"
    }
}

#[async_trait]
impl MigrationTrait for SessionsInOrder {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let of_account = index(Entity, "sessions_by_account_in_order", vec![Column::AccountId, Column::Id], false);
        of_account.create_beside_writers(manager).await?;
        drop_index_beside_writers(manager, Entity.table_name(), "sessions_by_account").await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
