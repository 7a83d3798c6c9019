//! A change set, applied: its changes one after the other, each with its guard.

use async_trait::async_trait;
use identity_core::change::{Change, ChangeSet, Entity};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait as _, SqlErr};

use super::work::{Work, WorkOutcome};
use crate::{
    account, answer, audit, catalogue, company, convert::micros, email_change, entity::rows::change_sets, erasure, error::Failure,
    invitation, link, onboarding, outbox, picture, registration, session, terms, throttle,
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
        Change::OpenCompany(company) => company::open(savepoint, company).await,
        Change::ReviseCompany(company) => company::revise(savepoint, company).await,
        Change::DefineRole(role) => catalogue::define(savepoint, role.into()).await,
        Change::ReviseRole(role) => catalogue::revise(savepoint, role.into()).await,
        Change::DefineSubscription(subscription) => catalogue::define(savepoint, subscription.into()).await,
        Change::ReviseSubscription(subscription) => catalogue::revise(savepoint, subscription.into()).await,
        Change::RequireRole { key, version } => {
            catalogue::require(savepoint, (Entity::Role, catalogue::ROLE), key.as_str(), *version).await
        }
        Change::RequireSubscription { key, version } => {
            catalogue::require(savepoint, (Entity::Subscription, catalogue::SUBSCRIPTION), key.as_str(), *version).await
        }
        Change::PublishTerms(version) => terms::publish(savepoint, version).await,
        Change::AcceptTerms(acceptance) => terms::accept(savepoint, acceptance).await,
        Change::RequireAccount { id, version } => account::require(savepoint, *id, *version).await,
        Change::RequireSessionEpoch { id, epoch } => account::require_session_epoch(savepoint, *id, *epoch).await,
        Change::OpenAccount { account, password, granted_by } => account::open(savepoint, account, password, *granted_by).await,
        Change::ReviseAccount { account, by } => account::revise(savepoint, account, *by, set.at()).await,
        Change::Rehash { id, from, to } => account::rehash(savepoint, *id, from, to).await,
        Change::SetPassword { id, from, to } => account::set_password(savepoint, *id, from, to).await,
        Change::RetirePassword { retired, keep } => account::retire(savepoint, retired, *keep).await,
        Change::OpenRegistration(registration) => registration::open(savepoint, registration).await,
        Change::AdvanceRegistration(registration) => registration::advance(savepoint, registration).await,
        Change::ReplaceCode { id, from, to } => registration::replace_code(savepoint, *id, from.as_ref(), to.as_ref()).await,
        Change::TryCode { id, limit } => registration::try_code(savepoint, *id, *limit).await,
        Change::IssueInvitation(invitation) => invitation::issue(savepoint, invitation).await,
        Change::AdvanceInvitation(invitation) => invitation::advance(savepoint, invitation).await,
        Change::RecordFirstOpen { id, at } => invitation::record_first_open(savepoint, *id, *at).await,
        Change::IssueToken(token) => link::issue(savepoint, token).await,
        Change::SpendToken { id, at } => link::spend(savepoint, *id, *at).await,
        Change::ExtendToken { id, expires_at } => link::extend(savepoint, *id, *expires_at).await,
        Change::StartSession(session) => session::start(savepoint, session).await,
        Change::TouchSession { id, at } => session::touch(savepoint, *id, *at).await,
        Change::EndSession(id) => session::end(savepoint, *id).await,
        Change::EndSessions(account) => session::end_all(savepoint, *account).await,
        Change::EndOtherSessions { account, keep, epoch } => session::end_others(savepoint, *account, (*keep, *epoch)).await,
        Change::ConsumePermit { bucket, rate, at } => throttle::consume_permit(savepoint, bucket, rate, *at).await,
        Change::CountAttempt { bucket, from, to } => throttle::count(savepoint, bucket, from.as_ref(), to).await,
        Change::ResetBucket { bucket, to } => throttle::reset(savepoint, bucket, to).await,
        Change::EmptyBucket(bucket) => throttle::empty(savepoint, bucket).await,
        Change::QueueMessage(notice) => outbox::queue(savepoint, notice).await,
        Change::SettleMessage { id, ticket, at, outcome } => outbox::settle(savepoint, *id, *ticket, *at, outcome).await,
        Change::Record(event) => audit::record(savepoint, event).await,
        Change::ChangeEmail { id, from, to } => account::change_email(savepoint, *id, (from, to), set.at()).await,
        Change::OpenEmailChange(change) => email_change::open(savepoint, change).await,
        Change::AdvanceEmailChange(change) => email_change::advance(savepoint, change).await,
        Change::UndoEmailChanges { account, since } => Ok(email_change::undo(savepoint, *account, *since).await?),
        Change::ConfirmReauthentication { id, from, to, at } => {
            session::confirm_reauthentication(savepoint, *id, (from, to), *at).await
        }
        Change::StorePicture(picture) => picture::store(savepoint, picture).await,
        Change::RemovePicture(account) => picture::remove(savepoint, *account).await,
        Change::OpenOnboarding(onboarding) => onboarding::open(savepoint, onboarding).await,
        Change::AdvanceOnboarding(onboarding) => onboarding::advance(savepoint, onboarding).await,
        Change::SetAnswers { account, answers } => answer::set(savepoint, *account, answers).await,
        Change::NoteAnswer { account, question, from, at } => answer::note(savepoint, (*account, question), from, *at).await,
        Change::EraseAccount { id, version, at } => erasure::erase(savepoint, *id, *version, *at).await,
    }
}
