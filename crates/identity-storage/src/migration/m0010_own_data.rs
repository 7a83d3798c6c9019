//! What the deletion of one's own account needs: when it was asked for, what stays of an account that was erased, and how whatever is
//! personal about it is found.
//!
//! It only adds, and whatever it adds to a table that was there may be left out: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{DbErr, EntityName as _, sea_query::Table};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{ADDRESS, Named, create_table, id, index, number, optional_bytes, optional_number, table};
use crate::entity::rows::{accounts, audit_events, audit_personal, erased_accounts, invitations, notices};

pub(crate) struct OwnData;

impl MigrationName for OwnData {
    fn name(&self) -> &'static str {
        "m0010_own_data"
    }
}

#[async_trait]
impl MigrationTrait for OwnData {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        let of_accounts = [
            ("deletion_requested_at", optional_number(accounts::Column::DeletionRequestedAt)),
            ("erase_at", optional_number(accounts::Column::EraseAt)),
        ];
        for (name, mut column) in of_accounts {
            if !manager.has_column(accounts::Entity.table_name(), name).await? {
                manager.alter_table(Table::alter().table(accounts::Entity).add_column(&mut column).take()).await?;
            }
        }
        // Those that were queued before have none: their addresses are looked at one by one.
        if !manager.has_column(notices::Entity.table_name(), "canonical").await? {
            let mut column = optional_bytes(notices::Column::Canonical, ADDRESS);
            manager.alter_table(Table::alter().table(notices::Entity).add_column(&mut column).take()).await?;
        }
        let erased = vec![
            id(erased_accounts::Column::Id),
            id(erased_accounts::Column::CompanyId),
            number(erased_accounts::Column::CreatedAt),
            number(erased_accounts::Column::ErasedAt),
        ];
        create_table(manager, table(erased_accounts::Entity, erased, vec![erased_accounts::Column::Id])).await?;
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
    use invitations::Column as Invitation;
    vec![
        index(accounts::Entity, "accounts_by_erasure", vec![accounts::Column::EraseAt, accounts::Column::Id], false),
        index(notices::Entity, "notices_by_address", vec![notices::Column::Canonical], false),
        index(invitations::Entity, "invitations_by_account", vec![Invitation::AccountId], false),
        index(invitations::Entity, "invitations_by_inviter", vec![Invitation::InviterId, Invitation::Id], false),
        index(audit_events::Entity, "audit_events_by_actor", vec![audit_events::Column::ActorId, audit_events::Column::Id], false),
        index(
            audit_events::Entity,
            "audit_events_by_subject",
            vec![audit_events::Column::SubjectId, audit_events::Column::Id],
            false,
        ),
        index(audit_personal::Entity, "audit_personal_by_value", vec![audit_personal::Column::Value], false),
    ]
}
