//! What the page of one's own security needs: changes of addresses, when a password was last said, and events by whom they concern.
//!
//! It only adds, and whatever it adds to a table that was there may be left out: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{
    DbErr, EntityName as _,
    sea_query::{Table, TableCreateStatement},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{
    ADDRESS, Named, WORD, belongs_to_account, bytes, create_table, id, index, number, optional_id, optional_number, table, text,
};
use crate::entity::rows::{audit_events, email_changes, sessions};

pub(crate) struct SecurityPage;

impl MigrationName for SecurityPage {
    fn name(&self) -> &'static str {
        "m0006_security_page"
    }
}

#[async_trait]
impl MigrationTrait for SecurityPage {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        if !manager.has_column(sessions::Entity.table_name(), "proved_at").await? {
            let mut column = optional_number(sessions::Column::ProvedAt);
            manager.alter_table(Table::alter().table(sessions::Entity).add_column(&mut column).take()).await?;
        }
        // What happened before has none: its person is not shown it.
        if !manager.has_column(audit_events::Entity.table_name(), "account_id").await? {
            let mut column = optional_id(audit_events::Column::AccountId);
            manager.alter_table(Table::alter().table(audit_events::Entity).add_column(&mut column).take()).await?;
        }
        create_table(manager, email_changes_table()).await?;
        for index in indexes() {
            index.create_beside_writers(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

fn email_changes_table() -> TableCreateStatement {
    use email_changes::Column;
    table(
        email_changes::Entity,
        vec![
            id(Column::Id),
            id(Column::AccountId),
            optional_id(Column::PendingFor),
            text(Column::FromAddress, ADDRESS),
            bytes(Column::FromCanonical, ADDRESS),
            text(Column::ToAddress, ADDRESS),
            text(Column::State, WORD),
            number(Column::Generation),
            id(Column::SessionId),
            number(Column::RequestedAt),
            number(Column::ExpiresAt),
            number(Column::UndoUntil),
            number(Column::Version),
        ],
        vec![Column::Id],
    )
    .foreign_key(&mut belongs_to_account(email_changes::Entity, Column::AccountId))
    .take()
}

fn indexes() -> Vec<Named> {
    use email_changes::Column;
    vec![
        index(email_changes::Entity, "email_changes_by_pending", vec![Column::PendingFor], true),
        index(email_changes::Entity, "email_changes_by_account", vec![Column::AccountId, Column::Id], false),
        index(
            email_changes::Entity,
            "email_changes_by_old_address",
            vec![Column::FromCanonical, Column::State, Column::UndoUntil],
            false,
        ),
        index(email_changes::Entity, "email_changes_by_end", vec![Column::UndoUntil], false),
        index(
            audit_events::Entity,
            "audit_events_by_account",
            vec![audit_events::Column::AccountId, audit_events::Column::Id],
            false,
        ),
    ]
}
