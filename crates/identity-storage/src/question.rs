//! Security answers. The question decides which one is meant: it is kept as bytes.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, QuestionChange, Rejection, Unavailable},
    model::{password::PasswordHash, question::SecurityAnswer},
    port::QuestionReads,
    value::{AccountId, QuestionKey, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr,
};

use crate::{
    Storage,
    convert::{micros, number, time},
    entity::rows::security_answers::{ActiveModel, Column, Entity as Answers, Model},
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "security_answers";

fn read(row: Model) -> Result<SecurityAnswer, Unavailable> {
    let question = std::str::from_utf8(&row.question).ok().and_then(|text| QuestionKey::parse(text).ok());
    Ok(SecurityAnswer {
        account: AccountId::from_uuid(row.account_id),
        question: question.ok_or_else(|| corrupt(TABLE))?,
        hash: PasswordHash::from_phc(row.hash),
        place: number(row.place, TABLE)?,
        set_at: time(row.set_at, TABLE)?,
        given_at: row.given_at.map(|given_at| time(given_at, TABLE)).transpose()?,
    })
}

#[async_trait]
impl QuestionReads for Storage {
    async fn security_answers(&self, account: AccountId) -> Result<Vec<SecurityAnswer>, Unavailable> {
        let query = Answers::find().filter(Column::AccountId.eq(*account.as_uuid())).order_by_asc(Column::Place);
        query.all(&self.reads).await.map_err(unavailable)?.into_iter().map(read).collect()
    }
}

/// Applies a change of security answers.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &QuestionChange) -> Result<(), Failure> {
    match change {
        QuestionChange::SetAnswers { account, answers } => set(savepoint, *account, answers).await,
        QuestionChange::NoteAnswer { account, question, from, at } => note(savepoint, (*account, question), from, *at).await,
    }
}

async fn set(savepoint: &DatabaseTransaction, account: AccountId, answers: &[SecurityAnswer]) -> Result<(), Failure> {
    Answers::delete_many().filter(Column::AccountId.eq(*account.as_uuid())).exec(savepoint).await?;
    for answer in answers {
        let row = ActiveModel {
            account_id: Set(*account.as_uuid()),
            question: Set(answer.question.as_str().into()),
            hash: Set(answer.hash.expose().to_owned()),
            place: Set(answer.place.into()),
            set_at: Set(micros(answer.set_at)),
            given_at: Set(answer.given_at.map(micros)),
        };
        let inserted = Answers::insert(row).exec_without_returning(savepoint).await;
        inserted.map_err(|error| insert_failure(error, Entity::SecurityAnswer, None))?;
    }
    Ok(())
}

async fn note(
    savepoint: &DatabaseTransaction,
    (account, question): (AccountId, &QuestionKey),
    from: &PasswordHash,
    at: Timestamp,
) -> Result<(), Failure> {
    let updated = Answers::update_many()
        .col_expr(Column::GivenAt, Expr::value(micros(at)))
        .filter(Column::AccountId.eq(*account.as_uuid()))
        .filter(Column::Question.eq(question.as_str().as_bytes()))
        .filter(Column::Hash.eq(from.expose()))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::SecurityAnswer).into()) }
}
