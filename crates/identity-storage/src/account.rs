use std::collections::BTreeSet;

use async_trait::async_trait;
use identity_core::{
    account::{Account, AccountState},
    change::{Entity, Rejection, Unavailable},
    password::PasswordHash,
    port::{AccountReads, LoginCandidate},
    value::{AccountId, CompanyId, EmailAddress, PersonName, RoleKey, Timestamp},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    Storage,
    catalogue::{ROLE, SUBSCRIPTION},
    convert::{micros, number, parsed, time},
    entity::rows::{
        accounts::{ActiveModel, Column, Entity as Accounts, Model},
        grants,
    },
    error::{Failure, Unique, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "accounts";

/// An account and its password from one row and the grants beside it.
pub(crate) fn read(row: Model, grants: Vec<grants::Model>) -> Result<LoginCandidate, Unavailable> {
    let name = |text: &str| PersonName::parse(text).map_err(|_| corrupt(TABLE));
    let (mut roles, mut subscriptions) = (BTreeSet::new(), BTreeSet::new());
    for grant in grants {
        let entry = std::str::from_utf8(&grant.entry).map_err(|_| corrupt(TABLE))?;
        match grant.kind.as_str() {
            ROLE => drop(roles.insert(parsed(entry, TABLE)?)),
            SUBSCRIPTION => drop(subscriptions.insert(parsed(entry, TABLE)?)),
            _ => return Err(corrupt(TABLE)),
        }
    }
    let account = Account {
        id: AccountId::from_uuid(row.id),
        company: CompanyId::from_uuid(row.company_id),
        email: EmailAddress::parse(&row.address).map_err(|_| corrupt(TABLE))?,
        first_name: name(&row.first_name)?,
        last_name: name(&row.last_name)?,
        language: parsed(&row.language, TABLE)?,
        state: AccountState::parse(&row.state).ok_or_else(|| corrupt(TABLE))?,
        roles,
        subscriptions,
        created_at: time(row.created_at, TABLE)?,
        version: number(row.version, TABLE)?,
    };
    Ok(LoginCandidate { account, password: PasswordHash::from_phc(row.password) })
}

#[async_trait]
impl AccountReads for Storage {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        Ok(self.one_where(Column::Id.eq(*id.as_uuid())).await?.map(|found| found.account))
    }

    async fn account_by_address(&self, canonical: &str) -> Result<Option<Account>, Unavailable> {
        Ok(self.login_candidate(canonical).await?.map(|found| found.account))
    }

    async fn login_candidate(&self, canonical: &str) -> Result<Option<LoginCandidate>, Unavailable> {
        self.one_where(Column::Canonical.eq(canonical.as_bytes())).await
    }

    async fn first_holder(&self, role: &RoleKey, company: Option<CompanyId>) -> Result<Option<Account>, Unavailable> {
        let mut holders = grants::Entity::find()
            .select_only()
            .column(grants::Column::AccountId)
            .inner_join(Accounts)
            .filter(grants::Column::Kind.eq(ROLE))
            .filter(grants::Column::Entry.eq(role.as_str().as_bytes()))
            .filter(Column::State.eq(AccountState::Active.as_str()))
            .order_by_asc(grants::Column::AccountId);
        if let Some(company) = company {
            holders = holders.filter(Column::CompanyId.eq(*company.as_uuid()));
        }
        match holders.into_tuple::<Uuid>().one(&self.reads).await.map_err(unavailable)? {
            Some(id) => self.account(AccountId::from_uuid(id)).await,
            None => Ok(None),
        }
    }
}

impl Storage {
    /// One account with its grants, in one statement: a row for each grant, or one without.
    async fn one_where(&self, only: Expr) -> Result<Option<LoginCandidate>, Unavailable> {
        let rows = Accounts::find().filter(only).find_also_related(grants::Entity).all(&self.reads).await.map_err(unavailable)?;
        let mut account = None;
        let mut held = Vec::with_capacity(rows.len());
        for (row, grant) in rows {
            account = Some(row);
            held.extend(grant);
        }
        account.map(|row| read(row, held)).transpose()
    }
}

pub(crate) async fn require(savepoint: &DatabaseTransaction, id: AccountId, version: u32) -> Result<(), Failure> {
    let found = Accounts::find_by_id(*id.as_uuid())
        .filter(Column::Version.eq(i64::from(version)))
        .select_only()
        .column(Column::Version)
        .lock_shared()
        .into_tuple::<i64>()
        .one(savepoint)
        .await?;
    if found.is_some() { Ok(()) } else { Err(Rejection::Changed(Entity::Account).into()) }
}

pub(crate) async fn open(
    savepoint: &DatabaseTransaction,
    account: &Account,
    password: &PasswordHash,
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
        state: Set(account.state.as_str().to_owned()),
        password: Set(password.expose().to_owned()),
        created_at: Set(micros(account.created_at)),
        version: Set(account.version.into()),
    };
    let taken = (Unique { column: "canonical", index: "accounts_by_address" }, Rejection::AddressTaken);
    let inserted = Accounts::insert(row).exec_without_returning(savepoint).await;
    inserted.map_err(|error| insert_failure(error, Entity::Account, Some(taken)))?;
    grant(savepoint, entries(account), account.id, granted_by, account.created_at).await?;
    Ok(())
}

pub(crate) async fn revise(
    savepoint: &DatabaseTransaction,
    account: &Account,
    by: Option<AccountId>,
    at: Timestamp,
) -> Result<(), Failure> {
    let updated = Accounts::update_many()
        .col_expr(Column::FirstName, Expr::value(account.first_name.to_string()))
        .col_expr(Column::LastName, Expr::value(account.last_name.to_string()))
        .col_expr(Column::Language, Expr::value(account.language.to_string()))
        .col_expr(Column::State, Expr::value(account.state.as_str()))
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
    grant(savepoint, wanted.difference(&held).cloned().collect(), account.id, by, at).await?;
    Ok(())
}

/// What an account holds, as the keys of its grants.
fn entries(account: &Account) -> BTreeSet<(String, Vec<u8>)> {
    let roles = account.roles.iter().map(|key| (ROLE.to_owned(), key.as_str().into()));
    roles.chain(account.subscriptions.iter().map(|key| (SUBSCRIPTION.to_owned(), key.as_str().into()))).collect()
}

async fn grant(
    savepoint: &DatabaseTransaction,
    entries: BTreeSet<(String, Vec<u8>)>,
    account: AccountId,
    by: Option<AccountId>,
    at: Timestamp,
) -> Result<(), DbErr> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows = entries.into_iter().map(|(kind, entry)| grants::ActiveModel {
        account_id: Set(*account.as_uuid()),
        kind: Set(kind),
        entry: Set(entry),
        granted_by: Set(by.map(|by| *by.as_uuid())),
        granted_at: Set(micros(at)),
    });
    grants::Entity::insert_many(rows).exec_without_returning(savepoint).await.map(|_| ())
}

pub(crate) async fn rehash(
    savepoint: &DatabaseTransaction,
    id: AccountId,
    from: &PasswordHash,
    to: &PasswordHash,
) -> Result<(), Failure> {
    let updated = Accounts::update_many()
        .col_expr(Column::Password, Expr::value(to.expose()))
        .filter(Column::Id.eq(*id.as_uuid()))
        .filter(Column::Password.eq(from.expose()))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Account).into()) }
}
