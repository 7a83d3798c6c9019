//! A registration that waits for approval knows the time zone of its person.
//!
//! It only adds a column that may be left out: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{DbErr, EntityName as _, sea_query::Table};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::optional_text;
use crate::entity::rows::registrations::{Column, Entity};

pub(crate) struct TimeZoneOfApplications;

impl MigrationName for TimeZoneOfApplications {
    fn name(&self) -> &'static str {
        "m0016_time_zone_of_applications"
    }
}

#[async_trait]
impl MigrationTrait for TimeZoneOfApplications {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        if !manager.has_column(Entity.table_name(), "time_zone").await? {
            let mut column = optional_text(Column::TimeZone, 64);
            manager.alter_table(Table::alter().table(Entity).add_column(&mut column).take()).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
