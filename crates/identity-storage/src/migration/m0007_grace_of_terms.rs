//! A version of the terms says for how long one may go on without accepting it.
//!
//! It only adds a column that may be left out: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{DbErr, EntityName as _, sea_query::Table};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::optional_number;
use crate::entity::rows::terms;

pub(crate) struct GraceOfTerms;

impl MigrationName for GraceOfTerms {
    fn name(&self) -> &'static str {
        "m0007_grace_of_terms"
    }
}

#[async_trait]
impl MigrationTrait for GraceOfTerms {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.has_column(terms::Entity.table_name(), "grace_seconds").await? {
            return Ok(());
        }
        let mut grace = optional_number(terms::Column::GraceSeconds);
        manager.alter_table(Table::alter().table(terms::Entity).add_column(&mut grace).take()).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
