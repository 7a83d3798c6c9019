//! How migrations define things: columns, tables, and indexes that can be begun again.

use sea_orm::{
    ConnectionTrait as _, DbBackend, DbErr, EntityTrait, Statement,
    sea_query::{
        ColumnDef, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement, IntoIden, Table,
        TableCreateStatement,
    },
};
use sea_orm_migration::SchemaManager;

use crate::entity::rows::accounts;

/// The longest address (RFC 5321).
pub(super) const ADDRESS: u32 = 254;
/// The longest language tag (RFC 5646).
pub(super) const LANGUAGE: u32 = 35;
/// The longest key.
pub(super) const KEY: u32 = 64;
/// The longest word of this program's own, such as a state.
pub(super) const WORD: u32 = 32;

pub(super) fn id(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).uuid().not_null().take()
}

pub(super) fn optional_id(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).uuid().null().take()
}

pub(super) fn number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().not_null().take()
}

pub(super) fn optional_number(column: impl IntoIden) -> ColumnDef {
    ColumnDef::new(column).big_integer().null().take()
}

pub(super) fn text(column: impl IntoIden, length: u32) -> ColumnDef {
    ColumnDef::new(column).string_len(length).not_null().take()
}

pub(super) fn optional_text(column: impl IntoIden, length: u32) -> ColumnDef {
    ColumnDef::new(column).string_len(length).null().take()
}

pub(super) fn bytes(column: impl IntoIden, length: u32) -> ColumnDef {
    ColumnDef::new(column).var_binary(length).not_null().take()
}

pub(super) fn optional_bytes(column: impl IntoIden, length: u32) -> ColumnDef {
    ColumnDef::new(column).var_binary(length).null().take()
}

pub(super) fn table(entity: impl EntityTrait, columns: Vec<ColumnDef>, key: Vec<impl IntoIden>) -> TableCreateStatement {
    let mut table = Table::create().table(entity.table_ref()).if_not_exists().take();
    for mut column in columns {
        table.col(&mut column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(column.into_iden());
    }
    table.primary_key(&mut primary).take()
}

pub(super) fn belongs_to_account(entity: impl EntityTrait, column: impl IntoIden) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(entity.table_ref(), column)
        .to(accounts::Entity, accounts::Column::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

pub(super) async fn create_table(manager: &SchemaManager<'_>, mut table: TableCreateStatement) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::MySql {
        // Whatever the server's default is: every character, and no two texts the same that are not.
        table.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_bin");
    }
    manager.create_table(table).await
}

/// An index, as it is to be looked for and to be made.
pub(super) struct Named {
    pub(super) table: &'static str,
    pub(super) name: &'static str,
    pub(super) index: IndexCreateStatement,
}

pub(super) fn index<E: EntityTrait>(entity: E, name: &'static str, columns: Vec<impl IntoIden>, unique: bool) -> Named {
    let mut index = Index::create().name(name).table(entity.table_ref()).take();
    for column in columns {
        index.col(column.into_iden());
    }
    if unique {
        index.unique();
    }
    Named { table: entity.table_name(), name, index }
}

impl Named {
    /// Makes the index where it is not yet. Outside of a transaction: other writers go on meanwhile, and an interrupted migration
    /// starts again from its beginning.
    pub(super) async fn create_beside_writers(mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        if self.is_whole(manager).await? {
            return Ok(());
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            self.index.concurrently();
            let remains = format!("DROP INDEX CONCURRENTLY IF EXISTS {}", self.name);
            manager.get_connection().execute_unprepared(&remains).await?;
        }
        manager.create_index(self.index).await
    }

    /// Whether the index is there, and not what an interrupted build left of it.
    async fn is_whole(&self, manager: &SchemaManager<'_>) -> Result<bool, DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return manager.has_index(self.table, self.name).await;
        }
        let valid = "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indisvalid AND relname = $1 \
                     AND relnamespace = current_schema()::regnamespace";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, valid, [self.name.into()]);
        Ok(manager.get_connection().query_one_raw(statement).await?.is_some())
    }
}

/// Takes an index away where it still is.
pub(super) async fn drop_index_beside_writers(manager: &SchemaManager<'_>, table: &str, name: &str) -> Result<(), DbErr> {
    let statement = match manager.get_database_backend() {
        DbBackend::Postgres => format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"),
        DbBackend::Sqlite => format!("DROP INDEX IF EXISTS {name}"),
        _ if manager.has_index(table, name).await? => format!("DROP INDEX {name} ON {table}"),
        _ => return Ok(()),
    };
    manager.get_connection().execute_unprepared(&statement).await.map(drop)
}
