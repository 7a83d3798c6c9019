//! Operators list the invitations of all companies: by state, and by the beginning of an address.

use async_trait::async_trait;
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, EntityName as _, Statement, sea_query::Index};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

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
            // Outside of a transaction, an interrupted migration starts again from its beginning.
            if is_whole(manager, name).await? {
                continue;
            }
            let mut index = Index::create().name(name).table(Invitations).take();
            for column in columns {
                index.col(column);
            }
            if manager.get_database_backend() == DbBackend::Postgres {
                // Whoever writes goes on meanwhile.
                index.concurrently();
                manager.get_connection().execute_unprepared(&format!("DROP INDEX CONCURRENTLY IF EXISTS {name}")).await?;
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

/// Whether the index is there, and not what an interrupted build left of it.
async fn is_whole(manager: &SchemaManager<'_>, name: &str) -> Result<bool, DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return manager.has_index(Invitations.table_name(), name).await;
    }
    let valid = "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indisvalid AND relname = $1 \
                 AND relnamespace = current_schema()::regnamespace";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, valid, [name.into()]);
    Ok(manager.get_connection().query_one_raw(statement).await?.is_some())
}
