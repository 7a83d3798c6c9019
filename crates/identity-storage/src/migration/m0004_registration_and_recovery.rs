//! Registrations, what is known of passwords beside their hashes, and throttles; operators and administrators list accounts.
//!
//! It only adds, and whatever it adds to a table that was there may be left out: the version before runs on it.

use async_trait::async_trait;
use sea_orm::{
    DbErr, EntityName as _,
    sea_query::{ColumnDef, Table, TableCreateStatement},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{
    ADDRESS, LANGUAGE, Named, WORD, belongs_to_account, bytes, create_table, id, index, number, optional_bytes, optional_id,
    optional_number, optional_text, table, text,
};
use crate::entity::rows::{accounts, audit_events, registrations, retired_passwords, throttles};

pub(crate) struct RegistrationAndRecovery;

impl MigrationName for RegistrationAndRecovery {
    fn name(&self) -> &'static str {
        "m0004_registration_and_recovery"
    }
}

/// The longest hash of a password or a code.
const HASH: u32 = 255;

#[async_trait]
impl MigrationTrait for RegistrationAndRecovery {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        for (name, mut column) in columns_of_accounts() {
            if !manager.has_column(accounts::Entity.table_name(), name).await? {
                manager.alter_table(Table::alter().table(accounts::Entity).add_column(&mut column).take()).await?;
            }
        }
        if !manager.has_column(audit_events::Entity.table_name(), "identity_check_digest").await? {
            let mut digest = optional_bytes(audit_events::Column::IdentityCheckDigest, 32);
            manager.alter_table(Table::alter().table(audit_events::Entity).add_column(&mut digest).take()).await?;
        }
        for table in [registrations_table(), retired_passwords_table(), throttles_table()] {
            create_table(manager, table).await?;
        }
        for index in indexes() {
            index.create_beside_writers(manager).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

fn columns_of_accounts() -> [(&'static str, ColumnDef); 5] {
    use accounts::Column;
    [
        ("password_set_at", optional_number(Column::PasswordSetAt)),
        ("password_ends_at", optional_number(Column::PasswordEndsAt)),
        ("required_actions", text(Column::RequiredActions, 255).default("").take()),
        ("recovery_generation", number(Column::RecoveryGeneration).default(1).take()),
        ("recovery_since", number(Column::RecoverySince).default(0).take()),
    ]
}

fn registrations_table() -> TableCreateStatement {
    use registrations::Column;
    table(
        registrations::Entity,
        vec![
            id(Column::Id),
            bytes(Column::Flow, 32),
            text(Column::Address, ADDRESS),
            bytes(Column::Canonical, ADDRESS),
            text(Column::FirstName, 100),
            text(Column::LastName, 100),
            text(Column::CompanyName, 200),
            text(Column::Country, 2),
            text(Column::Language, LANGUAGE),
            text(Column::State, WORD),
            number(Column::Generation),
            optional_text(Column::CodeHash, HASH),
            optional_number(Column::CodeExpiresAt),
            number(Column::CodeTries),
            optional_text(Column::Password, HASH),
            optional_number(Column::TermsNumber),
            optional_text(Column::TermsLanguage, LANGUAGE),
            optional_bytes(Column::TextHash, 32),
            optional_number(Column::SubmittedAt),
            optional_id(Column::AccountId),
            number(Column::RequestedAt),
            number(Column::ExpiresAt),
            number(Column::Version),
        ],
        vec![Column::Id],
    )
}

fn retired_passwords_table() -> TableCreateStatement {
    use retired_passwords::Column;
    table(
        retired_passwords::Entity,
        vec![id(Column::Id), id(Column::AccountId), text(Column::Hash, HASH), number(Column::RetiredAt)],
        vec![Column::Id],
    )
    .foreign_key(&mut belongs_to_account(retired_passwords::Entity, Column::AccountId))
    .take()
}

fn throttles_table() -> TableCreateStatement {
    use throttles::Column;
    table(
        throttles::Entity,
        vec![bytes(Column::Bucket, 32), number(Column::FreeAt), number(Column::Failures), number(Column::ExpiresAt)],
        vec![Column::Bucket],
    )
}

fn indexes() -> Vec<Named> {
    use accounts::Column as Account;
    use registrations::Column as Registration;
    vec![
        index(registrations::Entity, "registrations_by_flow", vec![Registration::Flow], true),
        index(registrations::Entity, "registrations_by_address", vec![Registration::Canonical, Registration::Id], false),
        index(registrations::Entity, "registrations_by_state", vec![Registration::State, Registration::Id], false),
        index(registrations::Entity, "registrations_by_expiry", vec![Registration::ExpiresAt], false),
        index(
            retired_passwords::Entity,
            "retired_passwords_by_account",
            vec![retired_passwords::Column::AccountId, retired_passwords::Column::Id],
            false,
        ),
        index(throttles::Entity, "throttles_by_expiry", vec![throttles::Column::ExpiresAt], false),
        index(accounts::Entity, "accounts_by_state", vec![Account::CompanyId, Account::State, Account::Id], false),
        index(accounts::Entity, "accounts_by_company_and_address", vec![Account::CompanyId, Account::Canonical], false),
        index(accounts::Entity, "accounts_of_all_by_state", vec![Account::State, Account::Id], false),
        // Those in one state lie together: where few are in it, none of the others is read.
        index(accounts::Entity, "accounts_of_all_by_state_and_address", vec![Account::State, Account::Canonical], false),
    ]
}
