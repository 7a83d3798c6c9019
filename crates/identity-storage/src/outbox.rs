use std::error::Error as _;

use async_trait::async_trait;
use identity_core::{
    change::{Entity, OutboxChange, Rejection, Unavailable},
    model::outbox::{DeliveryOutcome, MailKind, MailSubject, OutboxMessage, OutboxMessageState},
    port::{Delivery, Lease, Outbox},
    value::{EmailAddress, LeaseTicket, OutboxMessageId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::{
    Storage,
    convert::{micros, number, optional_time, parsed, time},
    entity::rows::notices::{ActiveModel, Column, Entity as Notices, Model},
    error::{Failure, corrupt, insert_failure, unavailable},
    write::Renewal,
};

const TABLE: &str = "notices";

fn state(row: &Model) -> Result<OutboxMessageState, Unavailable> {
    match (row.state.as_str(), row.ticket) {
        ("queued", _) => Ok(OutboxMessageState::Queued),
        ("leased", Some(ticket)) => Ok(OutboxMessageState::Leased(LeaseTicket::from_uuid(ticket))),
        ("sent", _) => Ok(OutboxMessageState::Sent),
        ("failed", _) => Ok(OutboxMessageState::Failed),
        ("dropped", _) => Ok(OutboxMessageState::Dropped),
        _ => Err(corrupt(TABLE)),
    }
}

fn read(row: Model) -> Result<OutboxMessage, Unavailable> {
    let generation = row.generation.map(|generation| number(generation, TABLE)).transpose()?;
    Ok(OutboxMessage {
        id: OutboxMessageId::from_uuid(row.id),
        to: EmailAddress::stored(&row.address).map_err(|_| corrupt(TABLE))?,
        language: parsed(&row.language, TABLE)?,
        kind: MailKind::parse(&row.topic, row.subject_id, generation).ok_or_else(|| corrupt(TABLE))?,
        queued_at: time(row.queued_at, TABLE)?,
        due_at: time(row.due_at.or(row.settled_at).unwrap_or(row.queued_at), TABLE)?,
        attempts: number(row.attempts, TABLE)?,
        state: state(&row)?,
        settled_at: optional_time(row.settled_at, TABLE)?,
        last_error: row.last_error,
    })
}

/// How far a message has come, as a list of invitations shows it.
pub(crate) fn delivery(row: Model) -> Result<Delivery, Unavailable> {
    Ok(Delivery {
        message: OutboxMessageId::from_uuid(row.id),
        state: state(&row)?,
        attempts: number(row.attempts, TABLE)?,
        settled_at: optional_time(row.settled_at, TABLE)?,
        last_error: row.last_error,
    })
}

#[async_trait]
impl Outbox for Storage {
    async fn lease_messages(&self, lease: &Lease) -> Result<Vec<OutboxMessage>, Unavailable> {
        self.writes.lease(lease).await
    }

    async fn renew_lease(&self, ticket: LeaseTicket, until: Timestamp) -> Result<u64, Unavailable> {
        self.writes.renew(Renewal { ticket, until }).await
    }

    async fn message(&self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, Unavailable> {
        let row = Notices::find_by_id(*id.as_uuid()).one(&self.reads).await.map_err(unavailable)?;
        row.map(read).transpose()
    }
}

/// Claims what is due, inside the writer's transaction; answers the rows, oldest first. What is settled has no time it is due at.
pub(crate) async fn claim(transaction: &DatabaseTransaction, lease: &Lease) -> Result<Vec<Model>, DbErr> {
    // Where the answer to this very claim was lost, it is given again.
    let claimed = claimed_by(transaction, lease.ticket).await?;
    if !claimed.is_empty() {
        return Ok(claimed);
    }
    let due = Notices::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::DueAt.lte(micros(lease.now)))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .limit(u64::from(lease.limit))
        // What another worker is about to claim is not waited for.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple::<Uuid>()
        .all(transaction)
        .await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    Notices::update_many()
        .col_expr(Column::State, Expr::value("leased"))
        .col_expr(Column::Ticket, Expr::value(*lease.ticket.as_uuid()))
        .col_expr(Column::DueAt, Expr::value(micros(lease.until)))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(due))
        .filter(Column::DueAt.lte(micros(lease.now)))
        .exec(transaction)
        .await?;
    claimed_by(transaction, lease.ticket).await
}

async fn claimed_by(transaction: &DatabaseTransaction, ticket: LeaseTicket) -> Result<Vec<Model>, DbErr> {
    let mut rows = Notices::find().filter(Column::Ticket.eq(*ticket.as_uuid())).all(transaction).await?;
    rows.sort_unstable_by_key(|row| row.id);
    Ok(rows)
}

/// Moves the end of a lease, inside the writer's transaction. A message that was settled or claimed again has this ticket no more.
pub(crate) async fn renew(transaction: &DatabaseTransaction, ticket: LeaseTicket, until: Timestamp) -> Result<u64, DbErr> {
    let held = Notices::update_many().col_expr(Column::DueAt, Expr::value(micros(until)));
    Ok(held.filter(Column::Ticket.eq(*ticket.as_uuid())).exec(transaction).await?.rows_affected)
}

/// A row that cannot be read is the operator's to mend: it stays leased, and holds up nobody.
pub(crate) fn readable(row: Model) -> Option<OutboxMessage> {
    let id = row.id;
    read(row).inspect_err(|error| tracing::error!(%id, error = ?error.source(), "a message cannot be read and is left out")).ok()
}

/// Applies a change of a message.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &OutboxChange) -> Result<(), Failure> {
    match change {
        OutboxChange::Queue(message) => queue(savepoint, message).await,
        OutboxChange::Settle { id, ticket, at, outcome } => settle(savepoint, *id, *ticket, *at, outcome).await,
    }
}

async fn queue(savepoint: &DatabaseTransaction, message: &OutboxMessage) -> Result<(), Failure> {
    let subject = match message.kind.subject() {
        MailSubject::Address => Uuid::nil(),
        MailSubject::Invitation(id) => *id.as_uuid(),
        MailSubject::Registration(id) => *id.as_uuid(),
        MailSubject::Account(id) => *id.as_uuid(),
        MailSubject::EmailChange(id) => *id.as_uuid(),
        MailSubject::Session(id) => *id.as_uuid(),
    };
    let row = ActiveModel {
        id: Set(*message.id.as_uuid()),
        address: Set(message.to.as_str().to_owned()),
        canonical: Set(Some(message.to.canonical().into())),
        language: Set(message.language.to_string()),
        topic: Set(message.kind.as_str().to_owned()),
        subject_id: Set(subject),
        generation: Set(message.kind.generation().map(i64::from)),
        queued_at: Set(micros(message.queued_at)),
        due_at: Set(Some(micros(message.due_at))),
        attempts: Set(message.attempts.into()),
        state: Set(message.state.as_str().to_owned()),
        ticket: Set(None),
        last_error: Set(message.last_error.clone()),
        settled_at: Set(None),
    };
    let inserted = Notices::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::OutboxMessage, None))
}

async fn settle(
    savepoint: &DatabaseTransaction,
    id: OutboxMessageId,
    ticket: LeaseTicket,
    at: Timestamp,
    outcome: &DeliveryOutcome,
) -> Result<(), Failure> {
    let written = Notices::update_many().col_expr(Column::Ticket, Expr::value(None::<Uuid>));
    let over = |state: &str| {
        let written = written.clone().col_expr(Column::State, Expr::value(state)).col_expr(Column::DueAt, Expr::value(None::<i64>));
        written.col_expr(Column::SettledAt, Expr::value(micros(at)))
    };
    let waiting = |due_at: Timestamp| {
        let written = written.clone().col_expr(Column::State, Expr::value("queued"));
        written.col_expr(Column::DueAt, Expr::value(micros(due_at)))
    };
    let written = match outcome {
        DeliveryOutcome::Sent => over("sent").col_expr(Column::LastError, Expr::value(None::<String>)),
        DeliveryOutcome::Dropped => over("dropped"),
        DeliveryOutcome::Failed { error } => over("failed").col_expr(Column::LastError, Expr::value(error.as_str())),
        DeliveryOutcome::Retry { due_at, error } => waiting(*due_at).col_expr(Column::LastError, Expr::value(error.as_str())),
        DeliveryOutcome::Returned => waiting(at).col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1)),
    };
    let updated = written.filter(Column::Id.eq(*id.as_uuid())).filter(Column::Ticket.eq(*ticket.as_uuid())).exec(savepoint).await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::LeaseLost.into()) }
}
