mod list;
mod password;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use identity_core::{
    change::Unavailable,
    model::{
        account::{Account, AccountState, Deletion, Preferences, Profile, Recovery, RequiredAction},
        password::{Password, PasswordHash},
        privacy::Tombstone,
    },
    port::{AccountQuery, AccountReads, AccountWithPassword, Page},
    value::{AccountId, CompanyId, EmailAddress, PersonName, PhoneNumber, PictureName, ProfileText, RoleKey, Timestamp},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::Expr};
use uuid::Uuid;

pub(crate) use self::{password::apply as apply_to_password, write::apply};
use crate::{
    Storage,
    access::{ROLE, SUBSCRIPTION},
    convert::{answers, number, optional, optional_time, parsed, split, time},
    entity::rows::{
        accounts::{Column, Entity as Accounts, Model},
        erased_accounts, grants,
    },
    error::{corrupt, unavailable},
};

const TABLE: &str = "accounts";

/// An account and its password from one row and the grants beside it.
pub(crate) fn read(row: Model, grants: Vec<grants::Model>) -> Result<AccountWithPassword, Unavailable> {
    let name = |text: &str| PersonName::parse(text).map_err(|_| corrupt(TABLE));
    let action = |word| RequiredAction::parse(word).ok_or_else(|| corrupt(TABLE));
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
        email: EmailAddress::stored(&row.address).map_err(|_| corrupt(TABLE))?,
        first_name: name(&row.first_name)?,
        last_name: name(&row.last_name)?,
        language: parsed(&row.language, TABLE)?,
        profile: Profile {
            phone: optional(row.phone.as_deref(), PhoneNumber::parse, TABLE)?,
            department: optional(row.department.as_deref(), ProfileText::parse, TABLE)?,
            job_title: optional(row.job_title.as_deref(), ProfileText::parse, TABLE)?,
            picture: row.picture.map(|name| PictureName::parse(&name).ok_or_else(|| corrupt(TABLE))).transpose()?,
            answers: answers(row.answers.as_deref(), TABLE)?,
        },
        preferences: Preferences { time_zone: parsed(&row.time_zone, TABLE)?, silenced: split(&row.silenced, TABLE)? },
        state: AccountState::parse(&row.state).ok_or_else(|| corrupt(TABLE))?,
        roles,
        subscriptions,
        required_actions: row.required_actions.split_whitespace().map(action).collect::<Result<_, _>>()?,
        recovery: Recovery { generation: number(row.recovery_generation, TABLE)?, since: time(row.recovery_since, TABLE)? },
        session_epoch: number(row.session_epoch.unwrap_or_default(), TABLE)?,
        deletion: deletion(row.deletion_requested_at, row.erase_at)?,
        created_at: time(row.created_at, TABLE)?,
        version: number(row.version, TABLE)?,
    };
    let password = Password {
        hash: PasswordHash::from_phc(row.password),
        set_at: time(row.password_set_at.unwrap_or(row.created_at), TABLE)?,
        ends_at: optional_time(row.password_ends_at, TABLE)?,
    };
    Ok(AccountWithPassword { account, password })
}

/// Its columns hold something together, or none of them does.
fn deletion(requested_at: Option<i64>, erase_at: Option<i64>) -> Result<Option<Deletion>, Unavailable> {
    match (requested_at, erase_at) {
        (Some(requested_at), Some(erase_at)) => {
            Ok(Some(Deletion { requested_at: time(requested_at, TABLE)?, erase_at: time(erase_at, TABLE)? }))
        }
        (None, None) => Ok(None),
        _ => Err(corrupt(TABLE)),
    }
}

#[async_trait]
impl AccountReads for Storage {
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        Ok(self.one_where(Column::Id.eq(*id.as_uuid())).await?.map(|found| found.account))
    }

    async fn account_by_address(&self, canonical: &str) -> Result<Option<Account>, Unavailable> {
        Ok(self.login_candidate(canonical).await?.map(|found| found.account))
    }

    async fn login_candidate(&self, canonical: &str) -> Result<Option<AccountWithPassword>, Unavailable> {
        self.one_where(Column::Canonical.eq(canonical.as_bytes())).await
    }

    async fn credential(&self, id: AccountId) -> Result<Option<AccountWithPassword>, Unavailable> {
        self.one_where(Column::Id.eq(*id.as_uuid())).await
    }

    async fn retired_passwords(&self, account: AccountId, limit: u32) -> Result<Vec<PasswordHash>, Unavailable> {
        let rows = password::retired(account).limit(u64::from(limit)).all(&self.reads).await.map_err(unavailable)?;
        Ok(rows.into_iter().map(|row| PasswordHash::from_phc(row.hash)).collect())
    }

    async fn accounts(&self, query: &AccountQuery) -> Result<Page<Account, AccountId>, Unavailable> {
        self.list(query).await
    }

    async fn accounts_with_role(
        &self,
        role: &RoleKey,
        company: Option<CompanyId>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        self.who_hold(role, company, limit).await
    }

    async fn first_account_with_role(&self, role: &RoleKey, company: Option<CompanyId>) -> Result<Option<Account>, Unavailable> {
        Ok(self.who_hold(role, company, 1).await?.pop())
    }

    async fn accounts_to_erase(
        &self,
        now: Timestamp,
        after: Option<(Timestamp, AccountId)>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        self.due_for_erasure(now, after, limit).await
    }

    async fn tombstone(&self, id: AccountId) -> Result<Option<Tombstone>, Unavailable> {
        let row = erased_accounts::Entity::find_by_id(*id.as_uuid()).one(&self.reads).await.map_err(unavailable)?;
        let read = |row: erased_accounts::Model| {
            Ok(Tombstone {
                id,
                company: CompanyId::from_uuid(row.company_id),
                created_at: time(row.created_at, "erased_accounts")?,
                erased_at: time(row.erased_at, "erased_accounts")?,
            })
        };
        row.map(read).transpose()
    }
}

impl Storage {
    /// One account with its grants, in one statement.
    async fn one_where(&self, only: Expr) -> Result<Option<AccountWithPassword>, Unavailable> {
        Ok(self.all_where(only).await?.pop())
    }

    /// Accounts with their grants, in one statement and no order: a row for each grant, or one without.
    async fn all_where(&self, only: Expr) -> Result<Vec<AccountWithPassword>, Unavailable> {
        let rows = Accounts::find().filter(only).find_also_related(grants::Entity).all(&self.reads).await.map_err(unavailable)?;
        let mut found = BTreeMap::<Uuid, (Model, Vec<grants::Model>)>::new();
        for (row, grant) in rows {
            found.entry(row.id).or_insert_with(|| (row, Vec::new())).1.extend(grant);
        }
        found.into_values().map(|(row, held)| read(row, held)).collect()
    }
}
