use async_trait::async_trait;
use identity_core::{
    change::{Entity, RegistrationChange, Rejection, Unavailable},
    model::{
        password::PasswordHash,
        registration::{Application, IssuedCode, Registration, RegistrationState},
    },
    port::{Page, RegistrationQuery, RegistrationReads},
    value::{AccountId, CompanyName, CountryCode, EmailAddress, PersonName, RegistrationId, Timestamp, TokenDigest},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, FromQueryResult as _, Order, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Value,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    Storage,
    convert::{answers, digest, micros, number, parsed, time, written},
    entity::rows::registrations::{ActiveModel, Column, Entity as Registrations, Model},
    error::{Failure, corrupt, insert_failure, unavailable},
    index::{Start, Walk},
};

const TABLE: &str = "registrations";

fn read(row: &Model) -> Result<Registration, Unavailable> {
    let name = |text: &str| PersonName::parse(text).map_err(|_| corrupt(TABLE));
    Ok(Registration {
        id: RegistrationId::from_uuid(row.id),
        flow: TokenDigest::from_bytes(digest(&row.flow, TABLE)?),
        email: EmailAddress::stored(&row.address).map_err(|_| corrupt(TABLE))?,
        first_name: name(&row.first_name)?,
        last_name: name(&row.last_name)?,
        company_name: CompanyName::parse(&row.company_name).map_err(|_| corrupt(TABLE))?,
        country: CountryCode::parse(&row.country).map_err(|_| corrupt(TABLE))?,
        language: parsed(&row.language, TABLE)?,
        answers: answers(row.answers.as_deref(), TABLE)?,
        state: RegistrationState::parse(&row.state).ok_or_else(|| corrupt(TABLE))?,
        generation: number(row.generation, TABLE)?,
        code: code(row)?,
        code_tries: number(row.code_tries, TABLE)?,
        application: application(row)?,
        account: row.account_id.map(AccountId::from_uuid),
        requested_at: time(row.requested_at, TABLE)?,
        expires_at: time(row.expires_at, TABLE)?,
        version: number(row.version, TABLE)?,
    })
}

/// Its columns hold something together, or none of them does.
fn code(row: &Model) -> Result<Option<IssuedCode>, Unavailable> {
    match (&row.code_hash, row.code_expires_at) {
        (Some(hash), Some(expires_at)) => {
            Ok(Some(IssuedCode { hash: PasswordHash::from_phc(hash.clone()), expires_at: time(expires_at, TABLE)? }))
        }
        (None, None) => Ok(None),
        _ => Err(corrupt(TABLE)),
    }
}

/// As [`code`].
fn application(row: &Model) -> Result<Option<Application>, Unavailable> {
    match (&row.password, row.terms_number, &row.terms_language, &row.text_hash, row.submitted_at) {
        (Some(password), Some(terms), Some(language), Some(text_hash), Some(submitted_at)) => Ok(Some(Application {
            password: PasswordHash::from_phc(password.clone()),
            terms: number(terms, TABLE)?,
            terms_language: parsed(language, TABLE)?,
            text_hash: digest(text_hash, TABLE)?,
            // A row of the version before says none.
            time_zone: row.time_zone.as_deref().map(|zone| parsed(zone, TABLE)).transpose()?.unwrap_or_default(),
            submitted_at: time(submitted_at, TABLE)?,
        })),
        (None, None, None, None, None) => Ok(None),
        _ => Err(corrupt(TABLE)),
    }
}

#[async_trait]
impl RegistrationReads for Storage {
    async fn registration(&self, id: RegistrationId) -> Result<Option<Registration>, Unavailable> {
        let row = Registrations::find_by_id(*id.as_uuid()).one(&self.reads).await.map_err(unavailable)?;
        row.as_ref().map(read).transpose()
    }

    async fn registration_by_flow(&self, flow: &TokenDigest) -> Result<Option<Registration>, Unavailable> {
        let query = Registrations::find().filter(Column::Flow.eq(flow.as_bytes().as_slice()));
        query.one(&self.reads).await.map_err(unavailable)?.as_ref().map(read).transpose()
    }

    async fn newest_registration(
        &self,
        canonical: &str,
        state: RegistrationState,
        now: Timestamp,
    ) -> Result<Option<Registration>, Unavailable> {
        let query = Registrations::find()
            .filter(Column::Canonical.eq(canonical.as_bytes()))
            .filter(Column::State.eq(state.as_str()))
            .filter(Column::ExpiresAt.gt(micros(now)))
            .order_by_desc(Column::Id);
        query.one(&self.reads).await.map_err(unavailable)?.as_ref().map(read).transpose()
    }

    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration, RegistrationId>, Unavailable> {
        let walk = Walk {
            index: "registrations_by_state",
            equal: vec![(Column::State, query.state.as_str().into())],
            order: vec![Column::Id],
            direction: Order::Asc,
            start: query.after.map_or(Start::First, |after| Start::Behind(vec![Value::from(*after.as_uuid())])),
            end: None,
            filter: Condition::all(),
        };
        let found = Registrations::find().limit(u64::from(query.limit) + 1);
        let rows = walk.rows(&self.reads, found).await.map_err(unavailable)?;
        let rows = rows.iter().map(|row| Model::from_query_result(row, "")).collect::<Result<Vec<_>, _>>().map_err(unavailable)?;
        let more = rows.len() > usize::from(query.limit);
        let items = rows.iter().take(query.limit.into()).map(read).collect::<Result<Vec<_>, _>>()?;
        let next = items.last().filter(|_| more).map(|registration| registration.id);
        Ok(Page { items, next })
    }
}

/// Everything but the id, and but the code and how often one was tried.
fn row(registration: &Registration) -> ActiveModel {
    let application = registration.application.as_ref();
    ActiveModel {
        id: NotSet,
        flow: Set(registration.flow.as_bytes().to_vec()),
        address: Set(registration.email.as_str().to_owned()),
        canonical: Set(registration.email.canonical().into()),
        first_name: Set(registration.first_name.to_string()),
        last_name: Set(registration.last_name.to_string()),
        company_name: Set(registration.company_name.to_string()),
        country: Set(registration.country.to_string()),
        language: Set(registration.language.to_string()),
        answers: Set(written(&registration.answers)),
        state: Set(registration.state.as_str().to_owned()),
        generation: Set(registration.generation.into()),
        code_hash: NotSet,
        code_expires_at: NotSet,
        code_tries: NotSet,
        password: Set(application.map(|application| application.password.expose().to_owned())),
        terms_number: Set(application.map(|application| application.terms.into())),
        terms_language: Set(application.map(|application| application.terms_language.to_string())),
        text_hash: Set(application.map(|application| application.text_hash.to_vec())),
        time_zone: Set(application.map(|application| application.time_zone.to_string())),
        submitted_at: Set(application.map(|application| micros(application.submitted_at))),
        account_id: Set(registration.account.map(|id| *id.as_uuid())),
        requested_at: Set(micros(registration.requested_at)),
        expires_at: Set(micros(registration.expires_at)),
        version: Set(registration.version.into()),
    }
}

/// Applies a change of a registration.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &RegistrationChange) -> Result<(), Failure> {
    match change {
        RegistrationChange::Open(registration) => open(savepoint, registration).await,
        RegistrationChange::Advance(registration) => advance(savepoint, registration).await,
        RegistrationChange::ReplaceCode { id, from, to } => replace_code(savepoint, *id, from.as_ref(), to.as_ref()).await,
        RegistrationChange::TryCode { id, limit } => try_code(savepoint, *id, *limit).await,
    }
}

async fn open(savepoint: &DatabaseTransaction, registration: &Registration) -> Result<(), Failure> {
    let code = registration.code.as_ref();
    let row = ActiveModel {
        id: Set(*registration.id.as_uuid()),
        code_hash: Set(code.map(|code| code.hash.expose().to_owned())),
        code_expires_at: Set(code.map(|code| micros(code.expires_at))),
        code_tries: Set(registration.code_tries.into()),
        ..row(registration)
    };
    let inserted = Registrations::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::Registration, None))
}

async fn advance(savepoint: &DatabaseTransaction, next: &Registration) -> Result<(), Failure> {
    let updated = Registrations::update_many()
        .set(row(next))
        .filter(Column::Id.eq(*next.id.as_uuid()))
        .filter(Column::Version.eq(i64::from(next.version) - 1))
        .exec(savepoint)
        .await
        .map_err(|error| insert_failure(error, Entity::Registration, None))?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Registration).into()) }
}

async fn replace_code(
    savepoint: &DatabaseTransaction,
    id: RegistrationId,
    from: Option<&PasswordHash>,
    to: Option<&IssuedCode>,
) -> Result<(), Failure> {
    let is_stored = from.map_or_else(|| Column::CodeHash.is_null(), |hash| Column::CodeHash.eq(hash.expose()));
    let updated = Registrations::update_many()
        .col_expr(Column::CodeHash, Expr::value(to.map(|code| code.hash.expose())))
        .col_expr(Column::CodeExpiresAt, Expr::value(to.map(|code| micros(code.expires_at))))
        .col_expr(Column::CodeTries, Expr::value(0_i64))
        .filter(Column::Id.eq(*id.as_uuid()))
        .filter(is_stored)
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Registration).into()) }
}

async fn try_code(savepoint: &DatabaseTransaction, id: RegistrationId, limit: u32) -> Result<(), Failure> {
    let updated = Registrations::update_many()
        .col_expr(Column::CodeTries, Expr::col(Column::CodeTries).add(1_i64))
        .filter(Column::Id.eq(*id.as_uuid()))
        .filter(Column::CodeTries.lt(i64::from(limit)))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::CodeSpent.into()) }
}
