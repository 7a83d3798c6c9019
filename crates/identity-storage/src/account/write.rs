//! Accounts and what they hold, written.

use std::collections::BTreeSet;

use identity_core::{
    change::{AccountChange, Entity, Rejection},
    model::{account::Account, password::Password},
    value::{AccountId, EmailAddress, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, IntoCondition},
};
use uuid::Uuid;

use crate::{
    access::{ROLE, SUBSCRIPTION},
    convert::{joined, micros, written},
    email_change::require_no_undo,
    entity::rows::{
        accounts::{ActiveModel, Column, Entity as Accounts},
        grants, listed,
    },
    error::{Failure, Unique, insert_failure},
};

/// Applies a change of an account.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &AccountChange, at: Timestamp) -> Result<(), Failure> {
    match change {
        AccountChange::Require { id, version } => require(savepoint, *id, *version).await,
        AccountChange::RequireSessionEpoch { id, epoch } => require_session_epoch(savepoint, *id, *epoch).await,
        AccountChange::Open { account, password, granted_by } => open(savepoint, account, password, *granted_by).await,
        AccountChange::Revise { account, by } => revise(savepoint, account, *by, at).await,
        AccountChange::ChangeEmail { id, from, to } => change_email(savepoint, *id, (from, to), at).await,
        AccountChange::Erase { id, version, at } => crate::erasure::erase(savepoint, *id, *version, *at).await,
    }
}

async fn require(savepoint: &DatabaseTransaction, id: AccountId, version: u32) -> Result<(), Failure> {
    require_where(savepoint, id, Column::Version.eq(i64::from(version))).await
}

async fn require_session_epoch(savepoint: &DatabaseTransaction, id: AccountId, epoch: u32) -> Result<(), Failure> {
    let is_in_it = Column::SessionEpoch.eq(i64::from(epoch));
    let is_first = Condition::any().add(is_in_it.clone()).add(Column::SessionEpoch.is_null());
    require_where(savepoint, id, if epoch == 0 { is_first } else { is_in_it.into_condition() }).await
}

async fn require_where(savepoint: &DatabaseTransaction, id: AccountId, holds: impl IntoCondition) -> Result<(), Failure> {
    let found = Accounts::find_by_id(*id.as_uuid())
        .filter(holds)
        .select_only()
        .column(Column::Version)
        .lock_shared()
        .into_tuple::<i64>()
        .one(savepoint)
        .await?;
    if found.is_some() { Ok(()) } else { Err(Rejection::Changed(Entity::Account).into()) }
}

/// Another account has the address.
const TAKEN: (Unique, Rejection) = (Unique { column: "canonical", index: "accounts_by_address" }, Rejection::AddressTaken);

async fn open(
    savepoint: &DatabaseTransaction,
    account: &Account,
    password: &Password,
    granted_by: Option<AccountId>,
) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(*account.id.as_uuid()),
        company_id: Set(*account.company.as_uuid()),
        address: Set(account.email.as_str().to_owned()),
        canonical: Set(account.email.canonical().into()),
        first_name: Set(account.first_name.to_string()),
        last_name: Set(account.last_name.to_string()),
        language: Set(account.language.to_string()),
        phone: Set(account.profile.phone.as_ref().map(ToString::to_string)),
        department: Set(account.profile.department.as_ref().map(ToString::to_string)),
        job_title: Set(account.profile.job_title.as_ref().map(ToString::to_string)),
        picture: Set(account.profile.picture.as_ref().map(ToString::to_string)),
        answers: Set(written(&account.profile.answers)),
        time_zone: Set(account.preferences.time_zone.to_string()),
        silenced: Set(joined(&account.preferences.silenced)),
        state: Set(account.state.as_str().to_owned()),
        password: Set(password.hash.expose().to_owned()),
        password_set_at: Set(Some(micros(password.set_at))),
        password_ends_at: Set(password.ends_at.map(micros)),
        required_actions: Set(required_actions(account)),
        recovery_generation: Set(account.recovery.generation.into()),
        recovery_since: Set(micros(account.recovery.since)),
        session_epoch: Set(Some(account.session_epoch.into())),
        deletion_requested_at: Set(account.deletion.map(|deletion| micros(deletion.requested_at))),
        erase_at: Set(account.deletion.map(|deletion| micros(deletion.erase_at))),
        created_at: Set(micros(account.created_at)),
        version: Set(account.version.into()),
    };
    let inserted = Accounts::insert(row).exec_without_returning(savepoint).await;
    inserted.map_err(|error| insert_failure(error, Entity::Account, Some(TAKEN)))?;
    let owner = (*account.company.as_uuid(), account.state.as_str().to_owned(), account.email.canonical().into());
    grant(savepoint, entries(account), (account.id, owner), granted_by, account.created_at).await?;
    Ok(())
}

async fn change_email(
    savepoint: &DatabaseTransaction,
    id: AccountId,
    (from, to): (&EmailAddress, &EmailAddress),
    at: Timestamp,
) -> Result<(), Failure> {
    let updated = Accounts::update_many()
        .col_expr(Column::Address, Expr::value(to.as_str()))
        .col_expr(Column::Canonical, Expr::value(to.canonical().as_bytes().to_vec()))
        .filter(Column::Id.eq(*id.as_uuid()))
        .filter(Column::Canonical.eq(from.canonical().as_bytes()))
        .exec(savepoint)
        .await
        .map_err(|error| insert_failure(error, Entity::Account, Some(TAKEN)))?;
    if updated.rows_affected != 1 {
        return Err(Rejection::Changed(Entity::Account).into());
    }
    require_no_undo(savepoint, to, id, at).await
}

async fn revise(savepoint: &DatabaseTransaction, account: &Account, by: Option<AccountId>, at: Timestamp) -> Result<(), Failure> {
    let updated = Accounts::update_many()
        .col_expr(Column::FirstName, Expr::value(account.first_name.to_string()))
        .col_expr(Column::LastName, Expr::value(account.last_name.to_string()))
        .col_expr(Column::Language, Expr::value(account.language.to_string()))
        .col_expr(Column::Phone, Expr::value(account.profile.phone.as_ref().map(ToString::to_string)))
        .col_expr(Column::Department, Expr::value(account.profile.department.as_ref().map(ToString::to_string)))
        .col_expr(Column::JobTitle, Expr::value(account.profile.job_title.as_ref().map(ToString::to_string)))
        .col_expr(Column::Picture, Expr::value(account.profile.picture.as_ref().map(ToString::to_string)))
        .col_expr(Column::Answers, Expr::value(written(&account.profile.answers)))
        .col_expr(Column::TimeZone, Expr::value(account.preferences.time_zone.to_string()))
        .col_expr(Column::Silenced, Expr::value(joined(&account.preferences.silenced)))
        .col_expr(Column::State, Expr::value(account.state.as_str()))
        .col_expr(Column::RequiredActions, Expr::value(required_actions(account)))
        .col_expr(Column::RecoveryGeneration, Expr::value(i64::from(account.recovery.generation)))
        .col_expr(Column::RecoverySince, Expr::value(micros(account.recovery.since)))
        .col_expr(Column::SessionEpoch, Expr::value(i64::from(account.session_epoch)))
        .col_expr(Column::DeletionRequestedAt, Expr::value(account.deletion.map(|deletion| micros(deletion.requested_at))))
        .col_expr(Column::EraseAt, Expr::value(account.deletion.map(|deletion| micros(deletion.erase_at))))
        .col_expr(Column::Version, Expr::value(i64::from(account.version)))
        .filter(Column::Id.eq(*account.id.as_uuid()))
        .filter(Column::Version.eq(i64::from(account.version) - 1))
        .exec(savepoint)
        .await?;
    if updated.rows_affected != 1 {
        return Err(Rejection::Changed(Entity::Account).into());
    }
    let wanted = entries(account);
    let of_account = grants::Column::AccountId.eq(*account.id.as_uuid());
    let held = grants::Entity::find().filter(of_account.clone()).all(savepoint).await?;
    let held = held.into_iter().map(|row| (row.kind, row.entry)).collect::<BTreeSet<_>>();
    let gone = held.difference(&wanted).fold(Condition::any(), |any, (kind, entry)| {
        any.add(Condition::all().add(grants::Column::Kind.eq(kind.as_str())).add(grants::Column::Entry.eq(entry.as_slice())))
    });
    if !gone.is_empty() {
        grants::Entity::delete_many().filter(of_account).filter(gone).exec(savepoint).await?;
    }
    let missing = wanted.difference(&held).cloned().collect::<BTreeSet<_>>();
    if missing.is_empty() {
        return Ok(());
    }
    // As the row has it: its address is none of what is revised here.
    let owner =
        Accounts::find_by_id(*account.id.as_uuid()).select_only().columns(OWNER).into_tuple::<Owner>().one(savepoint).await?;
    let owner = owner.ok_or(Rejection::Changed(Entity::Account))?;
    grant(savepoint, missing, (account.id, owner), by, at).await?;
    Ok(())
}

/// Words on one line: none of them holds a space.
fn required_actions(account: &Account) -> String {
    account.required_actions.iter().map(|action| action.as_str()).collect::<Vec<_>>().join(" ")
}

/// What an account holds, as the keys of its grants.
fn entries(account: &Account) -> BTreeSet<(String, Vec<u8>)> {
    let roles = account.roles.iter().map(|key| (ROLE.to_owned(), key.as_str().into()));
    roles.chain(account.subscriptions.iter().map(|key| (SUBSCRIPTION.to_owned(), key.as_str().into()))).collect()
}

/// What a grant says of its holder: the company, the state and the canonical address.
type Owner = (Uuid, String, Vec<u8>);

const OWNER: [Column; 3] = [Column::CompanyId, Column::State, Column::Canonical];

async fn grant(
    savepoint: &DatabaseTransaction,
    entries: BTreeSet<(String, Vec<u8>)>,
    (account, (company, state, canonical)): (AccountId, Owner),
    by: Option<AccountId>,
    at: Timestamp,
) -> Result<(), DbErr> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows = entries.into_iter().map(|(kind, entry)| listed::ActiveModel {
        account_id: Set(*account.as_uuid()),
        kind: Set(kind),
        entry: Set(entry),
        granted_by: Set(by.map(|by| *by.as_uuid())),
        granted_at: Set(micros(at)),
        company_id: Set(Some(company)),
        state: Set(Some(state.clone())),
        canonical: Set(Some(canonical.clone())),
    });
    listed::Entity::insert_many(rows).exec_without_returning(savepoint).await.map(|_| ())
}
