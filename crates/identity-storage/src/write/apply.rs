//! A change set, applied: its changes one after the other, each with its guard.

use async_trait::async_trait;
use identity_core::change::{Change, ChangeSet};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait as _, SqlErr};

use super::work::{Work, WorkOutcome};
use crate::{
    access, account, audit, company, convert::micros, email_change, entity::rows::change_sets, error::Failure, invitation, link,
    onboarding, outbox, picture, question, registration, session, terms, throttle,
};

#[async_trait]
impl Work for ChangeSet {
    type Done = ();

    async fn perform(&self, transaction: &DatabaseTransaction) -> Result<WorkOutcome<()>, Failure> {
        let applied = change_sets::ActiveModel { id: Set(*self.id().as_uuid()), committed_at: Set(micros(self.at())) };
        match change_sets::Entity::insert(applied).exec_without_returning(transaction).await {
            Ok(_) => {}
            // Applied before: it answers what it answered then.
            Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                return Ok(WorkOutcome::Nothing(()));
            }
            Err(error) => return Err(error.into()),
        }
        for change in self.changes() {
            apply_one(transaction, change, self).await?;
        }
        Ok(WorkOutcome::Commit(()))
    }
}

async fn apply_one(savepoint: &DatabaseTransaction, change: &Change, set: &ChangeSet) -> Result<(), Failure> {
    match change {
        Change::Company(change) => company::apply(savepoint, change).await,
        Change::Role(change) => access::apply_to_role(savepoint, change).await,
        Change::Subscription(change) => access::apply_to_subscription(savepoint, change).await,
        Change::Terms(change) => terms::apply(savepoint, change).await,
        Change::Account(change) => account::apply(savepoint, change, set.at()).await,
        Change::Password(change) => account::apply_to_password(savepoint, change).await,
        Change::Registration(change) => registration::apply(savepoint, change).await,
        Change::Invitation(change) => invitation::apply(savepoint, change).await,
        Change::Link(change) => link::apply(savepoint, change).await,
        Change::Session(change) => session::apply(savepoint, change).await,
        Change::Throttle(change) => throttle::apply(savepoint, change).await,
        Change::Outbox(change) => outbox::apply(savepoint, change).await,
        Change::Audit(change) => audit::apply(savepoint, change).await,
        Change::EmailChange(change) => email_change::apply(savepoint, change).await,
        Change::Picture(change) => picture::apply(savepoint, change).await,
        Change::Onboarding(change) => onboarding::apply(savepoint, change).await,
        Change::Question(change) => question::apply(savepoint, change).await,
    }
}
