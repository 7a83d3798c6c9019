use std::collections::HashMap;

use async_trait::async_trait;
use identity_core::{
    change::{AuditChange, Entity, Unavailable},
    model::audit::{Action, Actor, AuditEvent, By, OwnEvent, PersonalKind, Subject},
    port::{AuditReads, Cursor, Page},
    value::{AccountId, EventId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};
use uuid::Uuid;

use crate::{
    Storage,
    convert::{micros, parsed, time},
    entity::rows::{audit_events, audit_personal},
    error::{Failure, corrupt, insert_failure, unavailable},
};

const TABLE: &str = "audit_events";

fn actor(row: &audit_events::Model) -> Result<Actor, Unavailable> {
    match (row.actor_kind.as_str(), row.actor_id) {
        ("system", _) => Ok(Actor::System),
        ("anonymous", _) => Ok(Actor::Anonymous),
        ("account", Some(id)) => Ok(Actor::Account(AccountId::from_uuid(id))),
        _ => Err(corrupt(TABLE)),
    }
}

#[async_trait]
impl AuditReads for Storage {
    async fn events_of(
        &self,
        account: AccountId,
        after: Cursor<EventId>,
        limit: u16,
    ) -> Result<Page<OwnEvent, EventId>, Unavailable> {
        use audit_events::Column;
        let mut rows = audit_events::Entity::find()
            .filter(Column::AccountId.eq(*account.as_uuid()))
            .apply_if(after, |found, after| found.filter(Column::Id.lt(*after.as_uuid())))
            .order_by_desc(Column::Id)
            .limit(u64::from(limit) + 1)
            .all(&self.reads)
            .await
            .map_err(unavailable)?;
        let more = rows.len() > usize::from(limit);
        rows.truncate(limit.into());
        let networks = self.networks_of(&rows).await?;
        let items = rows.iter().map(|row| {
            let actor = actor(row)?;
            // Where another account's person acted from is not for this one to know.
            let network = networks.get(&row.id).filter(|_| !matches!(actor, Actor::Account(id) if id != account));
            Ok(OwnEvent {
                id: EventId::from_uuid(row.id),
                at: time(row.at, TABLE)?,
                action: Action::parse(&row.action).ok_or_else(|| corrupt(TABLE))?,
                by: By::of(actor, account),
                network: network.map(|text| parsed(text, TABLE)).transpose()?,
            })
        });
        let items = items.collect::<Result<Vec<_>, Unavailable>>()?;
        let next = items.last().filter(|_| more).map(|event| event.id);
        Ok(Page { items, next })
    }
}

impl Storage {
    async fn networks_of(&self, events: &[audit_events::Model]) -> Result<HashMap<Uuid, String>, Unavailable> {
        if events.is_empty() {
            return Ok(HashMap::new());
        }
        let found = audit_personal::Entity::find()
            .filter(audit_personal::Column::EventId.is_in(events.iter().map(|event| event.id)))
            .filter(audit_personal::Column::Kind.eq(PersonalKind::Network.as_str()));
        let found = found.all(&self.reads).await.map_err(unavailable)?;
        Ok(found.into_iter().map(|row| (row.event_id, row.value)).collect())
    }
}

/// Applies a change of the audit log.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &AuditChange) -> Result<(), Failure> {
    match change {
        AuditChange::Record(event) => record(savepoint, event).await,
    }
}

/// Writes an event, and beside it, in rows that erasure can take away, the values and salts of its personal fields.
async fn record(savepoint: &DatabaseTransaction, event: &AuditEvent) -> Result<(), Failure> {
    let (actor_kind, actor_id) = match event.actor {
        Actor::System => ("system", None),
        Actor::Anonymous => ("anonymous", None),
        Actor::Account(id) => ("account", Some(*id.as_uuid())),
    };
    let (subject_kind, subject_id) = match &event.subject {
        Subject::Nothing => ("nothing", None),
        Subject::Account(id) => ("account", Some(id.to_string())),
        Subject::Company(id) => ("company", Some(id.to_string())),
        Subject::Invitation(id) => ("invitation", Some(id.to_string())),
        Subject::Session(id) => ("session", Some(id.to_string())),
        Subject::OutboxMessage(id) => ("notice", Some(id.to_string())),
        Subject::Registration(id) => ("registration", Some(id.to_string())),
        Subject::Entry(key) => ("entry", Some(key.clone())),
    };
    let digest = |kind| event.personal.iter().find(|field| field.kind == kind).map(|field| field.digest().to_vec());
    let row = audit_events::ActiveModel {
        id: Set(*event.id.as_uuid()),
        at: Set(micros(event.at)),
        action: Set(event.action.as_str().to_owned()),
        actor_kind: Set(actor_kind.to_owned()),
        actor_id: Set(actor_id),
        subject_kind: Set(subject_kind.to_owned()),
        subject_id: Set(subject_id),
        address_digest: Set(digest(PersonalKind::Address)),
        network_digest: Set(digest(PersonalKind::Network)),
        identity_check_digest: Set(digest(PersonalKind::IdentityCheck)),
        account_id: Set(event.security_of().map(|id| *id.as_uuid())),
    };
    let failure = |error| insert_failure(error, Entity::Event, None);
    audit_events::Entity::insert(row).exec_without_returning(savepoint).await.map_err(failure)?;
    if event.personal.is_empty() {
        return Ok(());
    }
    let rows = event.personal.iter().map(|field| audit_personal::ActiveModel {
        event_id: Set(*event.id.as_uuid()),
        kind: Set(field.kind.as_str().to_owned()),
        salt: Set(field.salt.to_vec()),
        value: Set(field.value.clone()),
    });
    audit_personal::Entity::insert_many(rows).exec_without_returning(savepoint).await.map_err(failure)?;
    Ok(())
}
