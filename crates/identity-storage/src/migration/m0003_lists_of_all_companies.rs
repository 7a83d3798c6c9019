//! Operators list the invitations of all companies: by state, and by the beginning of an address.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::index;
use crate::entity::rows::invitations::{Column, Entity as Invitations};

pub(crate) struct ListsOfAllCompanies;

impl MigrationName for ListsOfAllCompanies {
    fn name(&self) -> &'static str {
        "m0003_lists_of_all_companies"
    }
}

#[async_trait]
impl MigrationTrait for ListsOfAllCompanies {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What is pending and what has expired lie among each other in the first: the index itself tells them apart.
        let lists = [
            ("invitations_of_all_by_state", [Column::State, Column::Id, Column::ExpiresAt]),
            ("invitations_of_all_by_address", [Column::Canonical, Column::Id, Column::State]),
        ];
        for (name, columns) in lists {
            index(Invitations, name, columns.to_vec(), false).create_beside_writers(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
