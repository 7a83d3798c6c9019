use async_trait::async_trait;
use identity_core::{
    change::{CompanyChange, Entity, Rejection, Unavailable},
    model::company::Company,
    port::{CompanyReads, Cursor, Page},
    value::{CompanyId, CompanyName},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, sea_query::Expr,
};

use crate::{
    Storage,
    convert::{micros, number, time},
    entity::rows::companies::{ActiveModel, Column, Entity as Companies, Model},
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "companies";

impl TryFrom<Model> for Company {
    type Error = Unavailable;

    fn try_from(row: Model) -> Result<Self, Unavailable> {
        Ok(Self {
            id: CompanyId::from_uuid(row.id),
            name: CompanyName::parse(&row.name).map_err(|_| corrupt(TABLE))?,
            created_at: time(row.created_at, TABLE)?,
            is_trusted: row.is_trusted.unwrap_or(true),
            version: number(row.version, TABLE)?,
        })
    }
}

#[async_trait]
impl CompanyReads for Storage {
    async fn company(&self, id: CompanyId) -> Result<Option<Company>, Unavailable> {
        let row = Companies::find_by_id(*id.as_uuid()).one(&self.reads).await.map_err(unavailable)?;
        row.map(Company::try_from).transpose()
    }

    async fn companies(&self, after: Cursor<CompanyId>, limit: u16) -> Result<Page<Company, CompanyId>, Unavailable> {
        let rows = Companies::find()
            .apply_if(after, |query, after| query.filter(Column::Id.lt(*after.as_uuid())))
            .order_by_desc(Column::Id)
            .limit(u64::from(limit) + 1)
            .all(&self.reads)
            .await
            .map_err(unavailable)?;
        let more = rows.len() > usize::from(limit);
        let items = rows.into_iter().take(limit.into()).map(Company::try_from).collect::<Result<Vec<_>, _>>()?;
        let next = items.last().filter(|_| more).map(|company| company.id);
        Ok(Page { items, next })
    }
}

/// Applies a change of a company.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &CompanyChange) -> Result<(), Failure> {
    match change {
        CompanyChange::Open(company) => open(savepoint, company).await,
        CompanyChange::Revise(company) => revise(savepoint, company).await,
    }
}

async fn open(savepoint: &DatabaseTransaction, company: &Company) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(*company.id.as_uuid()),
        name: Set(company.name.to_string()),
        created_at: Set(micros(company.created_at)),
        is_trusted: Set(Some(company.is_trusted)),
        version: Set(company.version.into()),
    };
    let inserted = Companies::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::Company, None))
}

async fn revise(savepoint: &DatabaseTransaction, company: &Company) -> Result<(), Failure> {
    let updated = Companies::update_many()
        .col_expr(Column::Name, Expr::value(company.name.to_string()))
        .col_expr(Column::IsTrusted, Expr::value(company.is_trusted))
        .col_expr(Column::Version, Expr::value(i64::from(company.version)))
        .filter(Column::Id.eq(*company.id.as_uuid()))
        .filter(Column::Version.eq(i64::from(company.version) - 1))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Company).into()) }
}
