//! Pictures, one of an account.
//!
//! It only adds: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{
    DbBackend, DbErr,
    sea_query::{ColumnDef, TableCreateStatement},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{belongs_to_account, bytes, create_table, id, index, number, table};
use crate::entity::rows::pictures;

pub(crate) struct Pictures;

impl MigrationName for Pictures {
    fn name(&self) -> &'static str {
        "m0008_pictures"
    }
}

#[async_trait]
impl MigrationTrait for Pictures {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        create_table(manager, pictures_table(manager.get_database_backend())).await?;
        let by_account = index(pictures::Entity, "pictures_by_account", vec![pictures::Column::AccountId], true);
        by_account.create_beside_writers(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

fn pictures_table(backend: DbBackend) -> TableCreateStatement {
    use pictures::Column;
    let mut picture = ColumnDef::new(Column::Bytes);
    if backend == DbBackend::MySql {
        // Its BLOB ends at 64 KiB.
        picture.custom("MEDIUMBLOB");
    } else {
        picture.blob();
    }
    let columns = vec![bytes(Column::Name, 32), id(Column::AccountId), picture.not_null().take(), number(Column::CreatedAt)];
    table(pictures::Entity, columns, vec![Column::Name])
        .foreign_key(&mut belongs_to_account(pictures::Entity, Column::AccountId))
        .take()
}
