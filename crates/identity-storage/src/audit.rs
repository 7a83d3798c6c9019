use identity_core::{
    audit::{Actor, AuditEvent, PersonalKind, Subject},
    change::Entity,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait as _};

use crate::{
    convert::micros,
    entity::rows::{audit_events, audit_personal},
    error::{Failure, insert_failure},
};

/// Writes an event, and beside it, in rows that erasure can take away, the values and salts of its personal fields.
pub(crate) async fn record(savepoint: &DatabaseTransaction, event: &AuditEvent) -> Result<(), Failure> {
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
        Subject::Notice(id) => ("notice", Some(id.to_string())),
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
