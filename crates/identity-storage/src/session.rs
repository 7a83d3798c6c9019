use async_trait::async_trait;
use identity_core::{
    change::{Entity, Rejection, Unavailable},
    port::SessionReads,
    session::{Client, Session, SignedIn},
    value::{AccountId, Lifetime, SessionId, Timestamp, TokenDigest},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use crate::{
    Storage, account,
    convert::{digest, micros, parsed, time},
    entity::rows::{
        accounts, grants,
        sessions::{ActiveModel, Column, Entity as Sessions, Model},
    },
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "sessions";

fn read(row: Model) -> Result<Session, Unavailable> {
    Ok(Session {
        id: SessionId::from_uuid(row.id),
        digest: TokenDigest::from_bytes(digest(&row.digest, TABLE)?),
        account: AccountId::from_uuid(row.account_id),
        started_at: time(row.started_at, TABLE)?,
        used_at: time(row.used_at, TABLE)?,
        idle: Lifetime::from_seconds(row.idle_seconds).map_err(|_| corrupt(TABLE))?,
        expires_at: time(row.expires_at, TABLE)?,
        remembered: row.remembered,
        client: Client { address: row.network.map(|text| parsed(&text, TABLE)).transpose()?, device: row.device },
    })
}

#[async_trait]
impl SessionReads for Storage {
    async fn session_by_digest(&self, digest: &TokenDigest) -> Result<Option<SignedIn>, Unavailable> {
        let rows = Sessions::find()
            .filter(Column::Digest.eq(digest.as_bytes().as_slice()))
            .find_also_related(accounts::Entity)
            .find_also(accounts::Entity, grants::Entity)
            .all(&self.reads)
            .await
            .map_err(unavailable)?;
        let (mut found, mut held) = (None, Vec::with_capacity(rows.len()));
        for (session, account, grant) in rows {
            found = account.map(|account| (session, account));
            held.extend(grant);
        }
        let Some((session, account)) = found else { return Ok(None) };
        Ok(Some(SignedIn { session: read(session)?, account: account::read(account, held)?.account }))
    }
}

pub(crate) async fn start(savepoint: &DatabaseTransaction, session: &Session) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(*session.id.as_uuid()),
        digest: Set(session.digest.as_bytes().to_vec()),
        account_id: Set(*session.account.as_uuid()),
        started_at: Set(micros(session.started_at)),
        used_at: Set(micros(session.used_at)),
        idle_seconds: Set(session.idle.as_seconds()),
        expires_at: Set(micros(session.expires_at)),
        remembered: Set(session.remembered),
        network: Set(session.client.address.map(|address| address.to_string())),
        device: Set(session.client.device.clone()),
    };
    let inserted = Sessions::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::Session, None))
}

pub(crate) async fn touch(savepoint: &DatabaseTransaction, id: SessionId, at: Timestamp) -> Result<(), Failure> {
    let updated = Sessions::update_many()
        .col_expr(Column::UsedAt, Expr::value(micros(at)))
        .filter(Column::Id.eq(*id.as_uuid()))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Session).into()) }
}

pub(crate) async fn end(savepoint: &DatabaseTransaction, id: SessionId) -> Result<(), Failure> {
    let deleted = Sessions::delete_by_id(*id.as_uuid()).exec(savepoint).await?;
    if deleted.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Session).into()) }
}

pub(crate) async fn end_all(savepoint: &DatabaseTransaction, account: AccountId) -> Result<(), Failure> {
    Sessions::delete_many().filter(Column::AccountId.eq(*account.as_uuid())).exec(savepoint).await?;
    Ok(())
}
