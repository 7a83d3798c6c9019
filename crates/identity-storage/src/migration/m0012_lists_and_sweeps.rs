//! Messages are swept by when they were settled; accounts are listed by a role that they hold, in the order of the list.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{Named, index};
use crate::entity::rows::{grants, notices};

pub(crate) struct ListsAndSweeps;

impl MigrationName for ListsAndSweeps {
    fn name(&self) -> &'static str {
        "m0012_lists_and_sweeps"
    }
}

#[async_trait]
impl MigrationTrait for ListsAndSweeps {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in indexes() {
            index.create_beside_writers(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

fn indexes() -> Vec<Named> {
    use grants::Column;
    vec![
        index(notices::Entity, "notices_by_settlement", vec![notices::Column::SettledAt], false),
        index(grants::Entity, "grants_by_entry_in_order", vec![Column::Kind, Column::Entry, Column::AccountId], false),
    ]
}
