//! Answers to security questions, which go with their account.
//!
//! It only adds: the version before runs on it.

use async_trait::async_trait;
use sea_orm::DbErr;
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager};

use super::define::{KEY, belongs_to_account, bytes, create_table, id, number, optional_number, table, text};
use crate::entity::rows::security_answers;

pub(crate) struct SecurityAnswers;

impl MigrationName for SecurityAnswers {
    fn name(&self) -> &'static str {
        "m0011_security_answers"
    }
}

#[async_trait]
impl MigrationTrait for SecurityAnswers {
    #[expect(elided_lifetimes_in_paths, reason = "the trait's own signature elides it")]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use security_answers::Column;
        let columns = vec![
            id(Column::AccountId),
            bytes(Column::Question, KEY),
            text(Column::Hash, 255),
            number(Column::Place),
            number(Column::SetAt),
            optional_number(Column::GivenAt),
        ];
        let answers = table(security_answers::Entity, columns, vec![Column::AccountId, Column::Question])
            .foreign_key(&mut belongs_to_account(security_answers::Entity, Column::AccountId))
            .take();
        // Outside of a transaction, an interrupted migration starts again from its beginning.
        create_table(manager, answers).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
}
