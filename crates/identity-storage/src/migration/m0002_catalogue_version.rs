//! Entries of the catalogue get a version, so that a commit can require the one it was decided on.

use async_trait::async_trait;
use sea_orm::{
    DbErr, EntityName as _,
    sea_query::{ColumnDef, Table},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use crate::entity::rows::catalogue::{Column, Entity as Catalogue};

pub(crate) struct CatalogueVersion;

impl MigrationName for CatalogueVersion {
    fn name(&self) -> &'static str {
        "m0002_catalogue_version"
    }
}

#[async_trait]
impl MigrationTrait for CatalogueVersion {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Where definitions are not transactional, an interrupted migration starts again from its beginning.
        if manager.has_column(Catalogue.table_name(), "version").await? {
            return Ok(());
        }
        let mut version = ColumnDef::new(Column::Version).big_integer().not_null().default(1).take();
        manager.alter_table(Table::alter().table(Catalogue).add_column(&mut version).take()).await
    }
}
