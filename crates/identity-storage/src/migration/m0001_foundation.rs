//! The first tables. An applied migration never changes.

use async_trait::async_trait;
use sea_orm::{
    DbBackend, DbErr,
    sea_query::{ColumnDef, ForeignKey, ForeignKeyAction, IntoIden, TableCreateStatement},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{
    ADDRESS, KEY, LANGUAGE, Named, WORD, belongs_to_account, bytes, create_table, id, index, number, optional_bytes, optional_id,
    optional_number, optional_text, table, text,
};
use crate::entity::rows::{
    acceptances, accounts, audit_events, audit_personal, catalogue, change_sets, companies, grants, invitations, links, notices,
    sessions, terms, terms_texts,
};

pub(crate) struct Foundation;

impl MigrationName for Foundation {
    fn name(&self) -> &'static str {
        "m0001_foundation"
    }
}

#[async_trait]
impl MigrationTrait for Foundation {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables(manager.get_database_backend()) {
            create_table(manager, table).await?;
        }
        for Named { table, name, index } in indexes() {
            // Where definitions are not transactional, an interrupted migration starts again from its beginning.
            if !manager.has_index(table, name).await? {
                manager.create_index(index).await?;
            }
        }
        Ok(())
    }
}

/// Up to [`TermsVersion::MAX_TEXT_BYTES`](identity_core::model::terms::TermsVersion::MAX_TEXT_BYTES): more than MySQL calls a text.
fn long_text(column: impl IntoIden, backend: DbBackend) -> ColumnDef {
    let mut column = ColumnDef::new(column);
    let column = if backend == DbBackend::MySql { column.custom("mediumtext") } else { column.text() };
    column.not_null().take()
}

fn tables(backend: DbBackend) -> Vec<TableCreateStatement> {
    vec![
        table(
            change_sets::Entity,
            vec![id(change_sets::Column::Id), number(change_sets::Column::CommittedAt)],
            vec![change_sets::Column::Id],
        ),
        table(
            companies::Entity,
            vec![
                id(companies::Column::Id),
                text(companies::Column::Name, 200),
                number(companies::Column::CreatedAt),
                number(companies::Column::Version),
            ],
            vec![companies::Column::Id],
        ),
        catalogue_table(),
        table(terms::Entity, vec![number(terms::Column::Number), number(terms::Column::EffectiveAt)], vec![terms::Column::Number]),
        table(
            terms_texts::Entity,
            vec![
                number(terms_texts::Column::Number),
                text(terms_texts::Column::Language, LANGUAGE),
                long_text(terms_texts::Column::Body, backend),
            ],
            vec![terms_texts::Column::Number, terms_texts::Column::Language],
        ),
        accounts_table(),
        table(
            grants::Entity,
            vec![
                id(grants::Column::AccountId),
                text(grants::Column::Kind, WORD),
                bytes(grants::Column::Entry, KEY),
                optional_id(grants::Column::GrantedBy),
                number(grants::Column::GrantedAt),
            ],
            vec![grants::Column::AccountId, grants::Column::Kind, grants::Column::Entry],
        )
        .foreign_key(&mut belongs_to_account(grants::Entity, grants::Column::AccountId))
        .take(),
        table(
            acceptances::Entity,
            vec![
                id(acceptances::Column::AccountId),
                number(acceptances::Column::Number),
                text(acceptances::Column::Language, LANGUAGE),
                bytes(acceptances::Column::TextHash, 32),
                number(acceptances::Column::AcceptedAt),
            ],
            vec![acceptances::Column::AccountId, acceptances::Column::Number],
        ),
        invitations_table(),
        table(
            links::Entity,
            vec![
                id(links::Column::Id),
                bytes(links::Column::Digest, 32),
                text(links::Column::SubjectKind, WORD),
                id(links::Column::SubjectId),
                number(links::Column::Generation),
                optional_text(links::Column::Address, ADDRESS),
                number(links::Column::IssuedAt),
                number(links::Column::ExpiresAt),
                optional_number(links::Column::SpentAt),
            ],
            vec![links::Column::Id],
        ),
        sessions_table(),
        notices_table(),
        audit_events_table(),
        table(
            audit_personal::Entity,
            vec![
                id(audit_personal::Column::EventId),
                text(audit_personal::Column::Kind, WORD),
                bytes(audit_personal::Column::Salt, 16),
                text(audit_personal::Column::Value, ADDRESS),
            ],
            vec![audit_personal::Column::EventId, audit_personal::Column::Kind],
        ),
    ]
}

fn catalogue_table() -> TableCreateStatement {
    table(
        catalogue::Entity,
        vec![
            text(catalogue::Column::Kind, WORD),
            bytes(catalogue::Column::Entry, KEY),
            text(catalogue::Column::Name, 200),
            optional_text(catalogue::Column::Description, 200),
            text(catalogue::Column::GrantableBy, WORD),
        ],
        vec![catalogue::Column::Kind, catalogue::Column::Entry],
    )
}

fn accounts_table() -> TableCreateStatement {
    table(
        accounts::Entity,
        vec![
            id(accounts::Column::Id),
            id(accounts::Column::CompanyId),
            text(accounts::Column::Address, ADDRESS),
            bytes(accounts::Column::Canonical, ADDRESS),
            text(accounts::Column::FirstName, 100),
            text(accounts::Column::LastName, 100),
            text(accounts::Column::Language, LANGUAGE),
            text(accounts::Column::State, WORD),
            text(accounts::Column::Password, 255),
            number(accounts::Column::CreatedAt),
            number(accounts::Column::Version),
        ],
        vec![accounts::Column::Id],
    )
    .foreign_key(
        &mut ForeignKey::create()
            .from(accounts::Entity, accounts::Column::CompanyId)
            .to(companies::Entity, companies::Column::Id)
            .on_delete(ForeignKeyAction::Restrict)
            .take(),
    )
    .take()
}

fn invitations_table() -> TableCreateStatement {
    use invitations::Column;
    table(
        invitations::Entity,
        vec![
            id(Column::Id),
            optional_id(Column::CompanyId),
            optional_id(Column::InviterId),
            optional_text(Column::Address, ADDRESS),
            optional_bytes(Column::Canonical, ADDRESS),
            // The company's 16 bytes and the canonical address while it is pending, nothing afterwards: unique.
            optional_bytes(Column::PendingFor, 16 + ADDRESS),
            optional_text(Column::FirstName, 100),
            optional_text(Column::LastName, 100),
            ColumnDef::new(Column::Roles).text().not_null().take(),
            ColumnDef::new(Column::Subscriptions).text().not_null().take(),
            text(Column::Language, LANGUAGE),
            optional_text(Column::Note, 1000),
            number(Column::LifetimeSeconds),
            ColumnDef::new(Column::StartsAtSending).boolean().not_null().take(),
            number(Column::ExpiresAt),
            text(Column::State, WORD),
            number(Column::Generation),
            number(Column::CreatedAt),
            optional_number(Column::OpenedAt),
            optional_number(Column::RenewalRequestedAt),
            optional_id(Column::AccountId),
            number(Column::Version),
        ],
        vec![Column::Id],
    )
    .foreign_key(
        &mut ForeignKey::create()
            .from(invitations::Entity, Column::CompanyId)
            .to(companies::Entity, companies::Column::Id)
            .on_delete(ForeignKeyAction::Restrict)
            .take(),
    )
    .take()
}

fn sessions_table() -> TableCreateStatement {
    use sessions::Column;
    table(
        sessions::Entity,
        vec![
            id(Column::Id),
            bytes(Column::Digest, 32),
            id(Column::AccountId),
            number(Column::StartedAt),
            number(Column::UsedAt),
            number(Column::IdleSeconds),
            number(Column::ExpiresAt),
            ColumnDef::new(Column::Remembered).boolean().not_null().take(),
            optional_text(Column::Network, 45),
            optional_text(Column::Device, 300),
        ],
        vec![Column::Id],
    )
    .foreign_key(&mut belongs_to_account(sessions::Entity, Column::AccountId))
    .take()
}

fn notices_table() -> TableCreateStatement {
    use notices::Column;
    table(
        notices::Entity,
        vec![
            id(Column::Id),
            text(Column::Address, ADDRESS),
            text(Column::Language, LANGUAGE),
            text(Column::Topic, WORD),
            id(Column::SubjectId),
            optional_number(Column::Generation),
            number(Column::QueuedAt),
            // Nothing once it is settled, so that the index on it holds what is open and nothing else.
            optional_number(Column::DueAt),
            number(Column::Attempts),
            text(Column::State, WORD),
            optional_id(Column::Ticket),
            optional_text(Column::LastError, 300),
            optional_number(Column::SettledAt),
        ],
        vec![Column::Id],
    )
}

fn audit_events_table() -> TableCreateStatement {
    use audit_events::Column;
    table(
        audit_events::Entity,
        vec![
            id(Column::Id),
            number(Column::At),
            text(Column::Action, 64),
            text(Column::ActorKind, WORD),
            optional_id(Column::ActorId),
            text(Column::SubjectKind, WORD),
            optional_text(Column::SubjectId, 64),
            optional_bytes(Column::AddressDigest, 32),
            optional_bytes(Column::NetworkDigest, 32),
        ],
        vec![Column::Id],
    )
}

fn indexes() -> Vec<Named> {
    vec![
        index(change_sets::Entity, "change_sets_by_time", vec![change_sets::Column::CommittedAt], false),
        index(accounts::Entity, "accounts_by_address", vec![accounts::Column::Canonical], true),
        index(accounts::Entity, "accounts_by_company", vec![accounts::Column::CompanyId, accounts::Column::Id], false),
        index(grants::Entity, "grants_by_entry", vec![grants::Column::Kind, grants::Column::Entry], false),
        index(invitations::Entity, "invitations_pending", vec![invitations::Column::PendingFor], true),
        index(invitations::Entity, "invitations_by_company", vec![invitations::Column::CompanyId, invitations::Column::Id], false),
        index(
            invitations::Entity,
            "invitations_by_state",
            vec![invitations::Column::CompanyId, invitations::Column::State, invitations::Column::Id],
            false,
        ),
        index(
            invitations::Entity,
            "invitations_by_address",
            vec![invitations::Column::CompanyId, invitations::Column::Canonical],
            false,
        ),
        index(links::Entity, "links_by_digest", vec![links::Column::Digest], true),
        index(links::Entity, "links_by_subject", vec![links::Column::SubjectId, links::Column::Generation], false),
        index(links::Entity, "links_by_expiry", vec![links::Column::ExpiresAt], false),
        index(sessions::Entity, "sessions_by_digest", vec![sessions::Column::Digest], true),
        index(sessions::Entity, "sessions_by_account", vec![sessions::Column::AccountId], false),
        index(sessions::Entity, "sessions_by_expiry", vec![sessions::Column::ExpiresAt], false),
        index(notices::Entity, "notices_due", vec![notices::Column::DueAt, notices::Column::Id], false),
        index(notices::Entity, "notices_by_ticket", vec![notices::Column::Ticket], false),
        index(notices::Entity, "notices_by_invitation", vec![notices::Column::SubjectId, notices::Column::Id], false),
        index(audit_events::Entity, "audit_events_by_time", vec![audit_events::Column::At], false),
    ]
}
