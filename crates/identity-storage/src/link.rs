use async_trait::async_trait;
use identity_core::{
    change::{Entity, LinkChange, Rejection, Unavailable},
    model::link::{Generation, LinkPurpose, Token},
    port::LinkReads,
    value::{AccountId, EmailAddress, EmailChangeId, InvitationId, RegistrationId, Timestamp, TokenDigest, TokenId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use uuid::Uuid;

use crate::{
    Storage,
    convert::{digest, micros, number, optional, optional_time, time},
    entity::rows::links::{ActiveModel, Column, Entity as Links, Model},
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "links";

/// What a link is about, as a word and an id.
const fn columns(subject: &LinkPurpose) -> (&'static str, &Uuid) {
    match subject {
        LinkPurpose::Invitation(id) => ("invitation", id.as_uuid()),
        LinkPurpose::Registration(id) => ("registration", id.as_uuid()),
        LinkPurpose::Recovery(id) => ("recovery", id.as_uuid()),
        LinkPurpose::ResetReport(id) => ("reset_report", id.as_uuid()),
        LinkPurpose::ChangeReport(id) => ("change_report", id.as_uuid()),
        LinkPurpose::EmailConfirmation(id) => ("email_confirmation", id.as_uuid()),
        LinkPurpose::EmailUndo(id) => ("email_undo", id.as_uuid()),
    }
}

/// Reads [`columns`] back.
fn subject(kind: &str, id: Uuid) -> Option<LinkPurpose> {
    Some(match kind {
        "invitation" => LinkPurpose::Invitation(InvitationId::from_uuid(id)),
        "registration" => LinkPurpose::Registration(RegistrationId::from_uuid(id)),
        "recovery" => LinkPurpose::Recovery(AccountId::from_uuid(id)),
        "reset_report" => LinkPurpose::ResetReport(AccountId::from_uuid(id)),
        "change_report" => LinkPurpose::ChangeReport(AccountId::from_uuid(id)),
        "email_confirmation" => LinkPurpose::EmailConfirmation(EmailChangeId::from_uuid(id)),
        "email_undo" => LinkPurpose::EmailUndo(EmailChangeId::from_uuid(id)),
        _ => return None,
    })
}

fn read(row: &Model) -> Result<Token, Unavailable> {
    Ok(Token {
        id: TokenId::from_uuid(row.id),
        digest: TokenDigest::from_bytes(digest(&row.digest, TABLE)?),
        subject: subject(&row.subject_kind, row.subject_id).ok_or_else(|| corrupt(TABLE))?,
        generation: number(row.generation, TABLE)?,
        sent_to: optional(row.address.as_deref(), EmailAddress::stored, TABLE)?,
        issued_at: time(row.issued_at, TABLE)?,
        expires_at: time(row.expires_at, TABLE)?,
        spent_at: optional_time(row.spent_at, TABLE)?,
    })
}

#[async_trait]
impl LinkReads for Storage {
    async fn token_by_digest(&self, digest: &TokenDigest) -> Result<Option<Token>, Unavailable> {
        let query = Links::find().filter(Column::Digest.eq(digest.as_bytes().as_slice()));
        query.one(&self.reads).await.map_err(unavailable)?.as_ref().map(read).transpose()
    }

    async fn unspent_tokens(&self, subject: LinkPurpose, generation: Generation) -> Result<Vec<Token>, Unavailable> {
        let (kind, id) = columns(&subject);
        let query = Links::find()
            .filter(Column::SubjectId.eq(*id))
            .filter(Column::SubjectKind.eq(kind))
            .filter(Column::Generation.eq(i64::from(generation)))
            .filter(Column::SpentAt.is_null());
        query.all(&self.reads).await.map_err(unavailable)?.iter().map(read).collect()
    }
}

/// Applies a change of a link.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &LinkChange) -> Result<(), Failure> {
    match change {
        LinkChange::Issue(token) => issue(savepoint, token).await,
        LinkChange::Spend { id, at } => spend(savepoint, *id, *at).await,
        LinkChange::Extend { id, expires_at } => extend(savepoint, *id, *expires_at).await,
    }
}

async fn issue(savepoint: &DatabaseTransaction, token: &Token) -> Result<(), Failure> {
    let (kind, id) = columns(&token.subject);
    let row = ActiveModel {
        id: Set(*token.id.as_uuid()),
        digest: Set(token.digest.as_bytes().to_vec()),
        subject_kind: Set(kind.to_owned()),
        subject_id: Set(*id),
        generation: Set(token.generation.into()),
        address: Set(token.sent_to.as_ref().map(|address| address.as_str().to_owned())),
        issued_at: Set(micros(token.issued_at)),
        expires_at: Set(micros(token.expires_at)),
        spent_at: Set(token.spent_at.map(micros)),
    };
    let inserted = Links::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::Token, None))
}

async fn spend(savepoint: &DatabaseTransaction, id: TokenId, at: Timestamp) -> Result<(), Failure> {
    let updated = Links::update_many()
        .col_expr(Column::SpentAt, Expr::value(micros(at)))
        .filter(Column::Id.eq(*id.as_uuid()))
        .filter(Column::SpentAt.is_null())
        .filter(Column::ExpiresAt.gt(micros(at)))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::TokenSpent.into()) }
}

async fn extend(savepoint: &DatabaseTransaction, id: TokenId, expires_at: Timestamp) -> Result<(), Failure> {
    let updated = Links::update_many()
        .col_expr(Column::ExpiresAt, Expr::value(micros(expires_at)))
        .filter(Column::Id.eq(*id.as_uuid()))
        .filter(Column::SpentAt.is_null())
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::TokenSpent.into()) }
}
