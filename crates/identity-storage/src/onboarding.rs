//! How far accounts have come in their first login.

use std::collections::BTreeMap;

use async_trait::async_trait;
use identity_core::{
    change::{Entity, OnboardingChange, Rejection, Unavailable},
    model::onboarding::{ClosedStep, Closing, Onboarding},
    port::OnboardingReads,
    value::{AccountId, StepKey},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use crate::{
    Storage,
    convert::{micros, number, optional_time, parsed, time},
    entity::rows::setups::{ActiveModel, Column, Entity as Setups, Model},
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "setups";

#[async_trait]
impl OnboardingReads for Storage {
    async fn onboarding(&self, account: AccountId) -> Result<Option<Onboarding>, Unavailable> {
        let row = Setups::find_by_id(*account.as_uuid()).one(&self.reads).await.map_err(unavailable)?;
        row.as_ref().map(read).transpose()
    }
}

fn read(row: &Model) -> Result<Onboarding, Unavailable> {
    Ok(Onboarding {
        account: AccountId::from_uuid(row.account_id),
        steps: row.steps.lines().map(step).collect::<Result<_, _>>()?,
        finished_at: optional_time(row.finished_at, TABLE)?,
        version: number(row.version, TABLE)?,
    })
}

/// Each step on a line of its own: its key, how it was closed, and when.
fn written(steps: &BTreeMap<StepKey, ClosedStep>) -> String {
    let lines = steps.iter().map(|(key, closed)| format!("{key} {} {}", closed.closing.as_str(), micros(closed.at)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Reads a line of [`written`] back.
fn step(line: &str) -> Result<(StepKey, ClosedStep), Unavailable> {
    let mut words = line.split(' ');
    let mut word = || words.next().ok_or_else(|| corrupt(TABLE));
    let (key, closing, at) = (word()?, word()?, word()?);
    let closing = Closing::parse(closing).ok_or_else(|| corrupt(TABLE))?;
    Ok((parsed(key, TABLE)?, ClosedStep { closing, at: time(parsed(at, TABLE)?, TABLE)? }))
}

/// Applies a change of the steps of a first login.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &OnboardingChange) -> Result<(), Failure> {
    match change {
        OnboardingChange::Open(onboarding) => open(savepoint, onboarding).await,
        OnboardingChange::Advance(onboarding) => advance(savepoint, onboarding).await,
    }
}

async fn open(savepoint: &DatabaseTransaction, onboarding: &Onboarding) -> Result<(), Failure> {
    let row = ActiveModel {
        account_id: Set(*onboarding.account.as_uuid()),
        steps: Set(written(&onboarding.steps)),
        finished_at: Set(onboarding.finished_at.map(micros)),
        version: Set(onboarding.version.into()),
    };
    let inserted = Setups::insert(row).exec_without_returning(savepoint).await;
    inserted.map(drop).map_err(|error| insert_failure(error, Entity::Onboarding, None))
}

async fn advance(savepoint: &DatabaseTransaction, next: &Onboarding) -> Result<(), Failure> {
    let updated = Setups::update_many()
        .col_expr(Column::Steps, Expr::value(written(&next.steps)))
        .col_expr(Column::FinishedAt, Expr::value(next.finished_at.map(micros)))
        .col_expr(Column::Version, Expr::value(i64::from(next.version)))
        .filter(Column::AccountId.eq(*next.account.as_uuid()))
        .filter(Column::Version.eq(i64::from(next.version) - 1))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Onboarding).into()) }
}
