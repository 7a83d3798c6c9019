//! What people say of themselves, how they want to be written to, and what they answered to the operator's fields.
//!
//! It only adds, and whatever it adds may be left out: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{
    DbErr, EntityName as _,
    sea_query::{ColumnDef, Table},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{optional_text, text};
use crate::entity::rows::{accounts, registrations};

pub(crate) struct Profile;

impl MigrationName for Profile {
    fn name(&self) -> &'static str {
        "m0005_profile"
    }
}

#[async_trait]
impl MigrationTrait for Profile {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        for (name, mut column) in columns_of_accounts() {
            if !manager.has_column(accounts::Entity.table_name(), name).await? {
                manager.alter_table(Table::alter().table(accounts::Entity).add_column(&mut column).take()).await?;
            }
        }
        if !manager.has_column(registrations::Entity.table_name(), "answers").await? {
            let mut answers = ColumnDef::new(registrations::Column::Answers).text().null().take();
            manager.alter_table(Table::alter().table(registrations::Entity).add_column(&mut answers).take()).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

fn columns_of_accounts() -> [(&'static str, ColumnDef); 7] {
    use accounts::Column;
    [
        ("phone", optional_text(Column::Phone, 16)),
        ("department", optional_text(Column::Department, 100)),
        ("job_title", optional_text(Column::JobTitle, 100)),
        ("picture", optional_text(Column::Picture, 32)),
        ("answers", ColumnDef::new(Column::Answers).text().null().take()),
        ("time_zone", text(Column::TimeZone, 64).default("UTC").take()),
        ("silenced", text(Column::Silenced, 1024).default("").take()),
    ]
}
