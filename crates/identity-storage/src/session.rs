use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use async_trait::async_trait;
use identity_core::{
    change::{Entity, Rejection, SessionChange, Unavailable},
    model::session::{Client, Session, SignedIn},
    port::SessionReads,
    value::{AccountId, Lifetime, SessionId, Timestamp, TokenDigest},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use uuid::Uuid;

use crate::{
    Storage, account,
    connections::Connections,
    convert::{digest, micros, number, parsed, time},
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
        epoch: number(row.epoch.unwrap_or_default(), TABLE)?,
        proved_at: time(row.proved_at.unwrap_or(row.started_at), TABLE)?,
        client: Client { address: row.network.map(|text| parsed(&text, TABLE)).transpose()?, device: row.device },
    })
}

#[async_trait]
impl SessionReads for Storage {
    async fn session_by_digest(&self, digest: &TokenDigest) -> Result<Option<SignedIn>, Unavailable> {
        self.lookups.find(*digest).await
    }

    async fn sessions_of(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>, Unavailable> {
        let rows = Sessions::find()
            .filter(Column::AccountId.eq(*account.as_uuid()))
            .filter(Column::ExpiresAt.gt(micros(now)))
            .order_by_desc(Column::Id)
            .limit(200)
            .all(&self.reads)
            .await
            .map_err(unavailable)?;
        rows.into_iter().map(read).collect()
    }
    async fn session(&self, id: SessionId) -> Result<Option<Session>, Unavailable> {
        let found = Sessions::find_by_id(*id.as_uuid()).one(&self.reads).await.map_err(unavailable)?;
        found.map(read).transpose()
    }
}

/// The most look-ups in one statement.
const GROUP: usize = 64;
/// How long one statement may take.
const LONGEST: Duration = Duration::from_secs(8);

type Answer = Result<Option<SignedIn>, Unavailable>;

/// Looks sessions up together: whatever waits while one statement runs is asked for by the next. Each look-up is read after it
/// was asked for, so what was revoked before counts; and many requests at once cost a few statements instead of one each.
#[derive(Clone, Debug)]
pub(crate) struct Lookups(mpsc::Sender<(TokenDigest, oneshot::Sender<Answer>)>);

#[derive(Debug, thiserror::Error)]
#[error("the reader of sessions has ended")]
struct Ended;

impl Lookups {
    pub(crate) fn start(reads: Connections) -> Self {
        let (ask, mut waiting) = mpsc::channel::<(TokenDigest, oneshot::Sender<Answer>)>(4 * GROUP);
        tokio::spawn(async move {
            let mut asked = Vec::with_capacity(GROUP);
            while waiting.recv_many(&mut asked, GROUP).await > 0 {
                let digests = asked.iter().map(|(digest, _)| *digest).collect::<BTreeSet<_>>();
                // A connection that broke without a word must not hold up everybody for ever.
                let found = timeout(LONGEST, together(&reads, &digests))
                    .await
                    .unwrap_or_else(|silence| Err(Unavailable::new("storage", silence)));
                for (digest, answer) in asked.drain(..) {
                    let answered = match &found {
                        Ok(found) => found.get(&digest).cloned().transpose(),
                        Err(error) => Err(error.clone()),
                    };
                    // The caller may have gone away.
                    drop(answer.send(answered));
                }
            }
        });
        Self(ask)
    }

    async fn find(&self, digest: TokenDigest) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.0.send((digest, answer)).await.map_err(|_| Unavailable::new("storage", Ended))?;
        answered.await.map_err(|_| Unavailable::new("storage", Ended))?
    }
}

/// The sessions with these digests and their accounts, in one statement: a row for each grant, or one without.
async fn together(
    reads: &Connections,
    digests: &BTreeSet<TokenDigest>,
) -> Result<BTreeMap<TokenDigest, Result<SignedIn, Unavailable>>, Unavailable> {
    let rows = Sessions::find()
        .filter(Column::Digest.is_in(digests.iter().map(|digest| digest.as_bytes().as_slice())))
        .find_also_related(accounts::Entity)
        .find_also(accounts::Entity, grants::Entity)
        .all(reads)
        .await
        .map_err(unavailable)?;
    let mut found = BTreeMap::<Uuid, (Model, accounts::Model, Vec<grants::Model>)>::new();
    for (session, account, grant) in rows {
        let Some(account) = account else { continue };
        found.entry(session.id).or_insert_with(|| (session, account, Vec::new())).2.extend(grant);
    }
    // A row that cannot be read is the misfortune of its own session alone.
    let keyed = found.into_values().map(|(session, account, held)| {
        let digest = TokenDigest::from_bytes(digest(&session.digest, TABLE)?);
        let account = account::read(account, held).map(|found| found.account);
        Ok((digest, read(session).and_then(|session| Ok(SignedIn { session, account: account? }))))
    });
    keyed.collect()
}

/// Applies a change of a session.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &SessionChange) -> Result<(), Failure> {
    match change {
        SessionChange::Start(session) => start(savepoint, session).await,
        SessionChange::Touch { id, at } => touch(savepoint, *id, *at).await,
        SessionChange::End(id) => end(savepoint, *id).await,
        SessionChange::EndAll(account) => end_all(savepoint, *account).await,
        SessionChange::EndOthers { account, keep, epoch } => end_others(savepoint, *account, (*keep, *epoch)).await,
        SessionChange::ConfirmReauthentication { id, from, to, at } => {
            confirm_reauthentication(savepoint, *id, (from, to), *at).await
        }
    }
}

async fn start(savepoint: &DatabaseTransaction, session: &Session) -> Result<(), Failure> {
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
        proved_at: Set(Some(micros(session.proved_at))),
        epoch: Set(Some(session.epoch.into())),
    };
    let inserted = Sessions::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::Session, None))
}

async fn touch(savepoint: &DatabaseTransaction, id: SessionId, at: Timestamp) -> Result<(), Failure> {
    let updated = Sessions::update_many()
        .col_expr(Column::UsedAt, Expr::value(micros(at)))
        .filter(Column::Id.eq(*id.as_uuid()))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Session).into()) }
}

/// Notes that the password was said again, under another secret or the same.
async fn confirm_reauthentication(
    savepoint: &DatabaseTransaction,
    id: SessionId,
    (from, to): (&TokenDigest, &TokenDigest),
    at: Timestamp,
) -> Result<(), Failure> {
    let updated = Sessions::update_many()
        .col_expr(Column::Digest, Expr::value(to.as_bytes().to_vec()))
        .col_expr(Column::ProvedAt, Expr::value(micros(at)))
        .filter(Column::Id.eq(*id.as_uuid()))
        .filter(Column::Digest.eq(from.as_bytes().as_slice()))
        .exec(savepoint)
        .await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Session).into()) }
}

async fn end(savepoint: &DatabaseTransaction, id: SessionId) -> Result<(), Failure> {
    let deleted = Sessions::delete_by_id(*id.as_uuid()).exec(savepoint).await?;
    if deleted.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Session).into()) }
}

async fn end_all(savepoint: &DatabaseTransaction, account: AccountId) -> Result<(), Failure> {
    Sessions::delete_many().filter(Column::AccountId.eq(*account.as_uuid())).exec(savepoint).await?;
    Ok(())
}

async fn end_others(savepoint: &DatabaseTransaction, account: AccountId, (keep, epoch): (SessionId, u32)) -> Result<(), Failure> {
    let of_account = Column::AccountId.eq(*account.as_uuid());
    Sessions::delete_many().filter(of_account.clone()).filter(Column::Id.ne(*keep.as_uuid())).exec(savepoint).await?;
    let kept = Sessions::update_many().col_expr(Column::Epoch, Expr::value(i64::from(epoch)));
    kept.filter(of_account).filter(Column::Id.eq(*keep.as_uuid())).exec(savepoint).await?;
    Ok(())
}
