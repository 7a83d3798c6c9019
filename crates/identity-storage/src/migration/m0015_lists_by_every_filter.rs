//! Accounts and invitations are listed by every combination of what can be asked for, along an index that has all of it. A grant says of
//! its holder what accounts are listed by; the database itself keeps that in step with the account, whichever version writes.
//!
//! What it adds to a table may be left out: the version before runs on it. It takes away indexes that begin others.

use async_trait::async_trait;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, DbErr, EntityName as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Statement, sea_query::Table,
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};
use uuid::Uuid;

use super::define::{ADDRESS, Named, WORD, drop_index_beside_writers, index, optional_bytes, optional_id, optional_text};
use crate::{
    entity::rows::{accounts, invitations, listed},
    listed::fill,
};

pub(crate) struct ListsByEveryFilter;

impl MigrationName for ListsByEveryFilter {
    fn name(&self) -> &'static str {
        "m0015_lists_by_every_filter"
    }
}

/// How many accounts are looked at in one statement: a writer of one of them waits no longer.
const PART: u64 = 1000;

#[async_trait]
impl MigrationTrait for ListsByEveryFilter {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        let of_account = [
            ("company_id", optional_id(listed::Column::CompanyId)),
            ("state", optional_text(listed::Column::State, WORD)),
            ("canonical", optional_bytes(listed::Column::Canonical, ADDRESS)),
        ];
        for (name, mut column) in of_account {
            if !manager.has_column(listed::Entity.table_name(), name).await? {
                manager.alter_table(Table::alter().table(listed::Entity).add_column(&mut column).take()).await?;
            }
        }
        match manager.get_database_backend() {
            DbBackend::Sqlite => keep_in_step_on_sqlite(manager).await?,
            DbBackend::Postgres => keep_in_step_on_postgres(manager).await?,
            _ => keep_in_step_on_mysql(manager).await?,
        }
        say_who_holds_what(manager).await?;
        for index in indexes() {
            index.create_beside_writers(manager).await?;
        }
        for (table, name) in [
            (listed::Entity.table_name(), "grants_by_entry"),
            (invitations::Entity.table_name(), "invitations_by_state"),
            (invitations::Entity.table_name(), "invitations_by_address"),
        ] {
            drop_index_beside_writers(manager, table, name).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}

async fn keep_in_step_on_sqlite(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let trigger = "CREATE TRIGGER IF NOT EXISTS grants_follow_accounts AFTER UPDATE OF company_id, state, canonical ON accounts \
                   WHEN OLD.company_id <> NEW.company_id OR OLD.state <> NEW.state OR OLD.canonical <> NEW.canonical BEGIN \
                   UPDATE grants SET company_id = NEW.company_id, state = NEW.state, canonical = NEW.canonical \
                   WHERE account_id = NEW.id; END";
    manager.get_connection().execute_unprepared(trigger).await.map(drop)
}

async fn keep_in_step_on_postgres(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let function = "CREATE OR REPLACE FUNCTION grants_follow_accounts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                    UPDATE grants SET company_id = NEW.company_id, state = NEW.state, canonical = NEW.canonical \
                    WHERE account_id = NEW.id; RETURN NULL; END $$";
    let connection = manager.get_connection();
    connection.execute_unprepared(function).await?;
    let there = "SELECT 1 FROM pg_trigger WHERE tgname = 'grants_follow_accounts' AND tgrelid = 'accounts'::regclass";
    if connection.query_one_raw(Statement::from_string(DbBackend::Postgres, there)).await?.is_some() {
        return Ok(());
    }
    let trigger = "CREATE TRIGGER grants_follow_accounts AFTER UPDATE OF company_id, state, canonical ON accounts FOR EACH ROW \
                   WHEN (OLD.company_id <> NEW.company_id OR OLD.state <> NEW.state OR OLD.canonical <> NEW.canonical) \
                   EXECUTE FUNCTION grants_follow_accounts()";
    connection.execute_unprepared(trigger).await.map(drop)
}

/// By a foreign key: a trigger takes a privilege beyond those of the database itself, where the server keeps a binary log.
async fn keep_in_step_on_mysql(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let key = index(accounts::Entity, "accounts_as_granted_to", AS_GRANTED_TO.to_vec(), true);
    key.create_beside_writers(manager).await?;
    let connection = manager.get_connection();
    let there = "SELECT 1 FROM information_schema.table_constraints WHERE constraint_schema = DATABASE() AND table_name = 'grants' \
                 AND constraint_name = 'grants_follow_accounts'";
    if connection.query_one_raw(Statement::from_string(DbBackend::MySql, there)).await?.is_some() {
        return Ok(());
    }
    // Unchecked, it is added beside writers; there is nothing to check, since nothing stands in these columns yet.
    connection.execute_unprepared("SET SESSION foreign_key_checks = 0").await?;
    let added = connection
        .execute_unprepared(
            "ALTER TABLE grants ADD CONSTRAINT grants_follow_accounts FOREIGN KEY (account_id, company_id, state, canonical) \
             REFERENCES accounts (id, company_id, state, canonical) ON UPDATE CASCADE ON DELETE CASCADE",
        )
        .await;
    connection.execute_unprepared("SET SESSION foreign_key_checks = 1").await?;
    added.map(drop)
}

const AS_GRANTED_TO: [accounts::Column; 4] =
    [accounts::Column::Id, accounts::Column::CompanyId, accounts::Column::State, accounts::Column::Canonical];

/// Of the grants that were there before.
async fn say_who_holds_what(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let mut after = None::<Uuid>;
    loop {
        let accounts = accounts::Entity::find()
            .select_only()
            .column(accounts::Column::Id)
            .apply_if(after, |found, after| found.filter(accounts::Column::Id.gt(after)))
            .order_by_asc(accounts::Column::Id)
            .limit(PART)
            .into_tuple::<Uuid>()
            .all(connection)
            .await?;
        let (Some(first), Some(last)) = (accounts.first(), accounts.last()) else { return Ok(()) };
        fill(connection, listed::Column::AccountId.between(*first, *last)).await?;
        after = Some(*last);
    }
}

fn indexes() -> Vec<Named> {
    use accounts::Column as Account;
    use invitations::Column as Invitation;
    use listed::Column as Grant;
    let (of_accounts, of_grants, of_invitations) = (accounts::Entity, listed::Entity, invitations::Entity);
    let by_role = [Grant::State, Grant::Kind, Grant::Entry];
    let in_order = [Grant::AccountId].as_slice();
    let by_address = [Grant::Canonical, Grant::AccountId].as_slice();
    let of_company = [Grant::CompanyId].as_slice();
    let of_role = |company: &[Grant], order: &[Grant]| [company, by_role.as_slice(), order].concat();
    // Whether what is pending has expired is told from the index itself.
    let by_state = [Invitation::State, Invitation::Id, Invitation::ExpiresAt];
    let by_state_and_address = [Invitation::State, Invitation::Canonical, Invitation::Id, Invitation::ExpiresAt];
    let of_one = |columns: &[Invitation]| [&[Invitation::CompanyId], columns].concat();
    vec![
        index(of_accounts, "accounts_by_state_and_address", vec![Account::CompanyId, Account::State, Account::Canonical], false),
        index(of_grants, "grants_listed", of_role(&[], in_order), false),
        index(of_grants, "grants_listed_by_address", of_role(&[], by_address), false),
        index(of_grants, "grants_listed_of_company", of_role(of_company, in_order), false),
        index(of_grants, "grants_listed_of_company_by_address", of_role(of_company, by_address), false),
        index(of_invitations, "invitations_of_all_by_state_and_address", by_state_and_address.to_vec(), false),
        index(of_invitations, "invitations_of_company_by_state", of_one(&by_state), false),
        index(of_invitations, "invitations_of_company_by_address", of_one(&[Invitation::Canonical, Invitation::Id]), false),
        index(of_invitations, "invitations_of_company_by_state_and_address", of_one(&by_state_and_address), false),
    ]
}
