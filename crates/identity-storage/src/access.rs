use async_trait::async_trait;
use identity_core::{
    change::{Entity, Rejection, RoleChange, SubscriptionChange, Unavailable},
    model::access::{GrantableBy, Role, Subscription},
    port::AccessReads,
    value::{AccessText, RoleKey, SubscriptionKey},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};

use crate::{
    Storage,
    convert::number,
    entity::rows::catalogue::{ActiveModel, Column, Entity as Catalogue, Model},
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "catalogue";
/// Roles and subscriptions are told apart by these words, here and among the grants.
pub(crate) const ROLE: &str = "role";
pub(crate) const SUBSCRIPTION: &str = "subscription";

/// An entry of either kind, as its row.
pub(crate) struct Row {
    entity: Entity,
    kind: &'static str,
    entry: Vec<u8>,
    name: String,
    description: Option<String>,
    grantable_by: &'static str,
    version: u32,
}

impl From<&Role> for Row {
    fn from(role: &Role) -> Self {
        Self {
            entity: Entity::Role,
            kind: ROLE,
            entry: role.key.as_str().into(),
            name: role.name.to_string(),
            description: role.description.as_ref().map(ToString::to_string),
            grantable_by: role.grantable_by.as_str(),
            version: role.version,
        }
    }
}

impl From<&Subscription> for Row {
    fn from(subscription: &Subscription) -> Self {
        Self {
            entity: Entity::Subscription,
            kind: SUBSCRIPTION,
            entry: subscription.key.as_str().into(),
            name: subscription.name.to_string(),
            description: subscription.description.as_ref().map(ToString::to_string),
            grantable_by: subscription.grantable_by.as_str(),
            version: subscription.version,
        }
    }
}

/// What both kinds have in common, read back.
struct Common<'a> {
    key: &'a str,
    name: AccessText,
    description: Option<AccessText>,
    grantable_by: GrantableBy,
    version: u32,
}

fn read(row: &Model) -> Result<Common<'_>, Unavailable> {
    let text = |text: &str| AccessText::parse(text).map_err(|_| corrupt(TABLE));
    Ok(Common {
        key: std::str::from_utf8(&row.entry).map_err(|_| corrupt(TABLE))?,
        name: text(&row.name)?,
        description: row.description.as_deref().map(text).transpose()?,
        grantable_by: GrantableBy::parse(&row.grantable_by).ok_or_else(|| corrupt(TABLE))?,
        version: number(row.version, TABLE)?,
    })
}

#[async_trait]
impl AccessReads for Storage {
    async fn roles(&self) -> Result<Vec<Role>, Unavailable> {
        self.of_kind(ROLE)
            .await?
            .iter()
            .map(|row| {
                let Common { key, name, description, grantable_by, version } = read(row)?;
                let key = RoleKey::parse(key).map_err(|_| corrupt(TABLE))?;
                Ok(Role { key, name, description, grantable_by, version })
            })
            .collect()
    }

    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unavailable> {
        self.of_kind(SUBSCRIPTION)
            .await?
            .iter()
            .map(|row| {
                let Common { key, name, description, grantable_by, version } = read(row)?;
                let key = SubscriptionKey::parse(key).map_err(|_| corrupt(TABLE))?;
                Ok(Subscription { key, name, description, grantable_by, version })
            })
            .collect()
    }
}

impl Storage {
    async fn of_kind(&self, kind: &str) -> Result<Vec<Model>, Unavailable> {
        let query = Catalogue::find().filter(Column::Kind.eq(kind)).order_by_asc(Column::Entry);
        query.all(&self.reads).await.map_err(unavailable)
    }
}

/// Applies a change of a role.
pub(crate) async fn apply_to_role(savepoint: &DatabaseTransaction, change: &RoleChange) -> Result<(), Failure> {
    match change {
        RoleChange::Define(role) => define(savepoint, role.into()).await,
        RoleChange::Revise(role) => revise(savepoint, role.into()).await,
        RoleChange::Require { key, version } => require(savepoint, (Entity::Role, ROLE), key.as_str(), *version).await,
    }
}

/// Applies a change of a subscription.
pub(crate) async fn apply_to_subscription(savepoint: &DatabaseTransaction, change: &SubscriptionChange) -> Result<(), Failure> {
    match change {
        SubscriptionChange::Define(subscription) => define(savepoint, subscription.into()).await,
        SubscriptionChange::Revise(subscription) => revise(savepoint, subscription.into()).await,
        SubscriptionChange::Require { key, version } => {
            require(savepoint, (Entity::Subscription, SUBSCRIPTION), key.as_str(), *version).await
        }
    }
}

async fn define(savepoint: &DatabaseTransaction, row: Row) -> Result<(), Failure> {
    let entity = row.entity;
    let row = ActiveModel {
        kind: Set(row.kind.to_owned()),
        entry: Set(row.entry),
        name: Set(row.name),
        description: Set(row.description),
        grantable_by: Set(row.grantable_by.to_owned()),
        version: Set(row.version.into()),
    };
    let inserted = Catalogue::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, entity, None))
}

async fn revise(savepoint: &DatabaseTransaction, row: Row) -> Result<(), Failure> {
    let updated = Catalogue::update_many()
        .col_expr(Column::Name, Expr::value(row.name))
        .col_expr(Column::Description, Expr::value(row.description))
        .col_expr(Column::GrantableBy, Expr::value(row.grantable_by))
        .col_expr(Column::Version, Expr::value(i64::from(row.version)))
        .filter(Column::Kind.eq(row.kind))
        .filter(Column::Entry.eq(row.entry))
        .filter(Column::Version.eq(i64::from(row.version) - 1))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(row.entity).into()) }
}

async fn require(savepoint: &DatabaseTransaction, (entity, kind): (Entity, &str), key: &str, version: u32) -> Result<(), Failure> {
    let found = Catalogue::find()
        .filter(Column::Kind.eq(kind))
        .filter(Column::Entry.eq(key.as_bytes()))
        .filter(Column::Version.eq(i64::from(version)))
        .select_only()
        .column(Column::Version)
        .lock_shared()
        .into_tuple::<i64>()
        .one(savepoint)
        .await?;
    if found.is_some() { Ok(()) } else { Err(Rejection::Changed(entity).into()) }
}
