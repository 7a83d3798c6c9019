use std::collections::BTreeMap;

use async_trait::async_trait;
use identity_core::{
    change::{Entity, TermsChange, Unavailable},
    model::terms::{TermsAcceptance, TermsNumber, TermsSchedule, TermsVersion},
    port::TermsReads,
    value::{AccountId, Lifetime, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::{
    Storage,
    convert::{micros, number, parsed, time},
    entity::rows::{acceptances, terms, terms_texts},
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "terms";

#[async_trait]
impl TermsReads for Storage {
    async fn terms_in_force(&self, now: Timestamp) -> Result<Option<TermsVersion>, Unavailable> {
        let row = terms::Entity::find()
            .filter(terms::Column::EffectiveAt.lte(micros(now)))
            .order_by_desc(terms::Column::Number)
            .one(&self.reads)
            .await
            .map_err(unavailable)?;
        Ok(self.with_texts(row.into_iter().collect()).await?.pop())
    }

    async fn terms_versions(&self) -> Result<Vec<TermsVersion>, Unavailable> {
        let query = terms::Entity::find().order_by_desc(terms::Column::Number).limit(50);
        self.with_texts(query.all(&self.reads).await.map_err(unavailable)?).await
    }

    async fn newest_terms_number(&self) -> Result<Option<TermsNumber>, Unavailable> {
        let query = terms::Entity::find().order_by_desc(terms::Column::Number);
        let row = query.one(&self.reads).await.map_err(unavailable)?;
        row.map(|row| number(row.number, TABLE)).transpose()
    }

    async fn terms_schedule(&self, now: Timestamp) -> Result<Option<TermsSchedule>, Unavailable> {
        let query = terms::Entity::find().filter(terms::Column::EffectiveAt.lte(micros(now)));
        let row = query.order_by_desc(terms::Column::Number).one(&self.reads).await.map_err(unavailable)?;
        row.as_ref().map(schedule).transpose()
    }

    async fn newest_acceptance(&self, account: AccountId) -> Result<Option<TermsAcceptance>, Unavailable> {
        let query = acceptances::Entity::find().filter(acceptances::Column::AccountId.eq(*account.as_uuid()));
        let row = query.order_by_desc(acceptances::Column::Number).one(&self.reads).await.map_err(unavailable)?;
        row.map(acceptance).transpose()
    }

    async fn acceptances_of(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Unavailable> {
        let query = acceptances::Entity::find().filter(acceptances::Column::AccountId.eq(*account.as_uuid()));
        let rows = query.order_by_asc(acceptances::Column::Number).all(&self.reads).await.map_err(unavailable)?;
        rows.into_iter().map(acceptance).collect()
    }
}

fn schedule(row: &terms::Model) -> Result<TermsSchedule, Unavailable> {
    let grace = row.grace_seconds.map(Lifetime::from_seconds).transpose().map_err(|_| corrupt(TABLE))?;
    Ok(TermsSchedule { number: number(row.number, TABLE)?, effective_at: time(row.effective_at, TABLE)?, grace })
}

fn acceptance(row: acceptances::Model) -> Result<TermsAcceptance, Unavailable> {
    const TABLE: &str = "acceptances";
    Ok(TermsAcceptance {
        account: AccountId::from_uuid(row.account_id),
        number: number(row.number, TABLE)?,
        language: parsed(&row.language, TABLE)?,
        text_hash: row.text_hash.try_into().map_err(|_| corrupt(TABLE))?,
        accepted_at: time(row.accepted_at, TABLE)?,
    })
}

impl Storage {
    async fn with_texts(&self, rows: Vec<terms::Model>) -> Result<Vec<TermsVersion>, Unavailable> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let numbers = rows.iter().map(|row| row.number);
        let query = terms_texts::Entity::find().filter(terms_texts::Column::Number.is_in(numbers));
        let mut texts = BTreeMap::<i64, BTreeMap<_, _>>::new();
        for row in query.all(&self.reads).await.map_err(unavailable)? {
            texts.entry(row.number).or_default().insert(parsed(&row.language, TABLE)?, row.body);
        }
        rows.into_iter()
            .map(|row| {
                let TermsSchedule { number, effective_at, grace } = schedule(&row)?;
                Ok(TermsVersion { number, effective_at, grace, texts: texts.remove(&row.number).unwrap_or_default() })
            })
            .collect()
    }
}

/// Applies a change of the terms.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &TermsChange) -> Result<(), Failure> {
    match change {
        TermsChange::Publish(version) => publish(savepoint, version).await,
        TermsChange::Accept(acceptance) => accept(savepoint, acceptance).await,
    }
}

async fn publish(savepoint: &DatabaseTransaction, version: &TermsVersion) -> Result<(), Failure> {
    let row = terms::ActiveModel {
        number: Set(version.number.into()),
        effective_at: Set(micros(version.effective_at)),
        grace_seconds: Set(version.grace.map(Lifetime::as_seconds)),
    };
    let failure = |error| insert_failure(error, Entity::Terms, None);
    terms::Entity::insert(row).exec_without_returning(savepoint).await.map_err(failure)?;
    for (language, body) in &version.texts {
        let row = terms_texts::ActiveModel {
            number: Set(version.number.into()),
            language: Set(language.to_string()),
            body: Set(body.clone()),
        };
        terms_texts::Entity::insert(row).exec_without_returning(savepoint).await.map_err(failure)?;
    }
    Ok(())
}

async fn accept(savepoint: &DatabaseTransaction, acceptance: &TermsAcceptance) -> Result<(), Failure> {
    let row = acceptances::ActiveModel {
        account_id: Set(*acceptance.account.as_uuid()),
        number: Set(acceptance.number.into()),
        language: Set(acceptance.language.to_string()),
        text_hash: Set(acceptance.text_hash.to_vec()),
        accepted_at: Set(micros(acceptance.accepted_at)),
    };
    let inserted = acceptances::Entity::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::Acceptance, None))
}
