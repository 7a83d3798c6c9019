//! Erasure: everything that is personal about one account, in one place. Whatever is kept of people in another table belongs here too;
//! a test of the whole program looks for what was left behind in all tables there are.

use std::collections::BTreeSet;

use identity_core::{
    change::{Entity, Rejection},
    model::{
        audit::{Action, PersonalKind},
        invitation::InvitationState,
    },
    value::{AccountId, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Expr, ExprTrait as _, Func},
};
use uuid::Uuid;

use crate::{
    convert::micros,
    entity::rows::{
        acceptances, accounts, audit_events, audit_personal, email_changes, erased_accounts, invitations, links, notices,
        registrations, sessions,
    },
    error::Failure,
};

/// The most rows of the log that are taken at a time.
const PART: u64 = 1000;

/// Erases an account. What belongs to it by a foreign key goes with its row: what it holds, its password and those before, its
/// sessions, its changes of addresses, its picture, its security answers, and how far its first login has come.
pub(crate) async fn erase(savepoint: &DatabaseTransaction, id: AccountId, version: u32, at: Timestamp) -> Result<(), Failure> {
    let uuid = *id.as_uuid();
    let account = locked(savepoint, uuid, version, at).await?;
    let whole = whole_of(savepoint, &account).await?;

    accounts::Entity::delete_by_id(uuid).exec(savepoint).await?;
    acceptances::Entity::delete_many().filter(acceptances::Column::AccountId.eq(uuid)).exec(savepoint).await?;
    whole.erase_registrations(savepoint).await?;
    whole.erase_from_invitations(savepoint).await?;
    whole.erase_links(savepoint).await?;
    whole.erase_notices(savepoint).await?;
    whole.erase_from_log(savepoint).await?;

    let stays = erased_accounts::ActiveModel {
        id: Set(uuid),
        company_id: Set(account.company_id),
        created_at: Set(account.created_at),
        erased_at: Set(micros(at)),
    };
    erased_accounts::Entity::insert(stays).exec_without_returning(savepoint).await?;
    Ok(())
}

/// The account's row under its guard. Nobody else changes it, or adds what belongs to it, until this commit is over.
async fn locked(savepoint: &DatabaseTransaction, id: Uuid, version: u32, at: Timestamp) -> Result<accounts::Model, Failure> {
    let found = accounts::Entity::find_by_id(id)
        .filter(accounts::Column::Version.eq(i64::from(version)))
        .filter(accounts::Column::EraseAt.lte(micros(at)))
        .lock_exclusive()
        .one(savepoint)
        .await?;
    found.ok_or_else(|| Rejection::Changed(Entity::Account).into())
}

/// What an account is known by in rows that do not belong to it.
struct Whole {
    id: Uuid,
    /// Canonical addresses that it has or had, but for those that are somebody else's by now.
    addresses: BTreeSet<Vec<u8>>,
    /// Those that it asked for, had or not, but for somebody else's.
    wanted: BTreeSet<Vec<u8>>,
    changes: Vec<Uuid>,
    sessions: Vec<Uuid>,
    registrations: Vec<Uuid>,
    invitations: Vec<Uuid>,
}

async fn whole_of(savepoint: &DatabaseTransaction, account: &accounts::Model) -> Result<Whole, DbErr> {
    let id = account.id;
    let changes = email_changes::Entity::find()
        .select_only()
        .columns([email_changes::Column::Id, email_changes::Column::FromCanonical])
        .filter(email_changes::Column::AccountId.eq(id))
        .into_tuple::<(Uuid, Vec<u8>)>()
        .all(savepoint)
        .await?;
    let mut addresses = changes.iter().map(|(_, from)| from.clone()).chain([account.canonical.clone()]).collect::<BTreeSet<_>>();
    addresses.extend(addresses_in_log(savepoint, id, &Action::OF_ADDRESSES_HAD).await?);
    let mut wanted = addresses_in_log(savepoint, id, &[Action::EmailChangeRequested]).await?;
    let anothers = accounts::Entity::find()
        .select_only()
        .column(accounts::Column::Canonical)
        .filter(accounts::Column::Canonical.is_in(addresses.union(&wanted).cloned()))
        .filter(accounts::Column::Id.ne(id))
        .into_tuple::<Vec<u8>>()
        .all(savepoint)
        .await?;
    addresses.retain(|address| !anothers.contains(address));
    wanted.retain(|address| !anothers.contains(address));

    let of_account = sessions::Entity::find().select_only().column(sessions::Column::Id);
    let sessions = of_account.filter(sessions::Column::AccountId.eq(id)).into_tuple().all(savepoint).await?;
    let registered = registrations::Entity::find().select_only().column(registrations::Column::Id);
    let registered = registered.filter(registrations::Column::Canonical.is_in(addresses.iter().cloned()));
    let registrations = registered.into_tuple().all(savepoint).await?;
    let mut received = Vec::new();
    for by in [invitations::Column::AccountId.eq(id), invitations::Column::Canonical.is_in(addresses.iter().cloned())] {
        let found = invitations::Entity::find().select_only().column(invitations::Column::Id).filter(by);
        received.extend(found.into_tuple::<Uuid>().all(savepoint).await?);
    }
    let changes = changes.into_iter().map(|(id, _)| id).collect();
    Ok(Whole { id, addresses, wanted, changes, sessions, registrations, invitations: received })
}

/// The canonical addresses of these events that an account caused or that are about it.
async fn addresses_in_log(savepoint: &DatabaseTransaction, account: Uuid, actions: &[Action]) -> Result<BTreeSet<Vec<u8>>, DbErr> {
    use audit_events::Column;
    let mut told = BTreeSet::new();
    for of_account in [Column::ActorId.eq(account), Column::SubjectId.eq(account.to_string())] {
        let events = audit_events::Entity::find().select_only().column(Column::Id).filter(of_account);
        let events = events.filter(Column::Action.is_in(actions.iter().map(|action| action.as_str())));
        let values = audit_personal::Entity::find()
            .select_only()
            .column(audit_personal::Column::Value)
            .distinct()
            .filter(audit_personal::Column::EventId.in_subquery(events.into_query()))
            .filter(audit_personal::Column::Kind.eq(PersonalKind::Address.as_str()));
        told.extend(values.into_tuple::<String>().all(savepoint).await?.into_iter().map(String::into_bytes));
    }
    Ok(told)
}

impl Whole {
    async fn erase_registrations(&self, savepoint: &DatabaseTransaction) -> Result<(), DbErr> {
        let gone = registrations::Column::Id.is_in(self.registrations.iter().copied());
        registrations::Entity::delete_many().filter(gone).exec(savepoint).await?;
        Ok(())
    }

    /// An invitation stays, and says no more whom it was for. One that was pending ends. What the account wrote to others goes.
    async fn erase_from_invitations(&self, savepoint: &DatabaseTransaction) -> Result<(), DbErr> {
        use invitations::Column;
        let (pending, revoked) = (InvitationState::Pending.as_str(), InvitationState::Revoked.as_str());
        let ended = Expr::case(Column::State.eq(pending), revoked).finally(Expr::col(Column::State));
        invitations::Entity::update_many()
            .col_expr(Column::Address, Expr::value(None::<String>))
            .col_expr(Column::Canonical, Expr::value(None::<Vec<u8>>))
            .col_expr(Column::PendingFor, Expr::value(None::<Vec<u8>>))
            .col_expr(Column::FirstName, Expr::value(None::<String>))
            .col_expr(Column::LastName, Expr::value(None::<String>))
            .col_expr(Column::Note, Expr::value(None::<String>))
            .col_expr(Column::State, Expr::expr(ended))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::Id.is_in(self.invitations.iter().copied()))
            .exec(savepoint)
            .await?;
        invitations::Entity::update_many()
            .col_expr(Column::Note, Expr::value(None::<String>))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::InviterId.eq(self.id))
            .filter(Column::Note.is_not_null())
            .exec(savepoint)
            .await?;
        Ok(())
    }

    /// Ids of everything that links and messages are about.
    fn subjects(&self) -> Vec<Uuid> {
        let parts = [&self.changes, &self.sessions, &self.registrations, &self.invitations];
        parts.into_iter().flatten().copied().chain([self.id]).collect()
    }

    async fn erase_links(&self, savepoint: &DatabaseTransaction) -> Result<(), DbErr> {
        links::Entity::delete_many().filter(links::Column::SubjectId.is_in(self.subjects())).exec(savepoint).await?;
        Ok(())
    }

    async fn erase_notices(&self, savepoint: &DatabaseTransaction) -> Result<(), DbErr> {
        use notices::Column;
        // A version before wrote addresses as they were typed alone. They are ASCII, and canonical in lower case.
        let typed = Expr::expr(Func::lower(Expr::col(Column::Address)));
        let texts = self.addresses.iter().filter_map(|address| String::from_utf8(address.clone()).ok());
        let untold = Condition::all().add(Column::Canonical.is_null()).add(typed.is_in(texts));
        for gone in [
            Condition::all().add(Column::SubjectId.is_in(self.subjects())),
            Condition::all().add(Column::Canonical.is_in(self.addresses.iter().cloned())),
            untold,
        ] {
            notices::Entity::delete_many().filter(gone).exec(savepoint).await?;
        }
        Ok(())
    }

    /// Events stay, and so do their digests; values and salts go of those that the account caused or that are about it.
    async fn erase_from_log(&self, savepoint: &DatabaseTransaction) -> Result<(), DbErr> {
        use audit_events::Column;
        forget_events(savepoint, Column::ActorId.eq(self.id)).await?;
        for about in [&self.invitations, &self.registrations].into_iter().flatten().chain([&self.id]) {
            forget_events(savepoint, Column::SubjectId.eq(about.to_string())).await?;
        }
        for address in self.addresses.iter().filter_map(|address| str::from_utf8(address).ok()) {
            forget_address(savepoint, address, None).await?;
        }
        for address in self.wanted.iter().filter_map(|address| str::from_utf8(address).ok()) {
            forget_address(savepoint, address, Some(Action::MessageFailed)).await?;
        }
        Ok(())
    }
}

/// Takes the values and salts of events away, a part at a time.
async fn forget_events(savepoint: &DatabaseTransaction, only: Expr) -> Result<(), DbErr> {
    use audit_events::{Column, Entity};
    let mut after = None::<Uuid>;
    loop {
        let found = Entity::find().select_only().column(Column::Id).filter(only.clone());
        let found = found.apply_if(after, |found, after| found.filter(Column::Id.gt(after)));
        let found = found.order_by_asc(Column::Id).limit(PART).into_tuple::<Uuid>().all(savepoint).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = Some(*last);
        forget(savepoint, found).await?;
    }
}

/// As [`forget_events`], of those that concerned an address, caused by anybody; of one kind only, where that is asked for.
async fn forget_address(savepoint: &DatabaseTransaction, address: &str, only: Option<Action>) -> Result<(), DbErr> {
    use audit_events::Column as Event;
    use audit_personal::{Column, Entity};
    let of_kind = only.map(|action| {
        let events = audit_events::Entity::find().select_only().column(Event::Id).filter(Event::Action.eq(action.as_str()));
        let this = Expr::col((audit_events::Entity, Event::Id)).equals((Entity, Column::EventId));
        Expr::exists(events.filter(this).into_query())
    });
    loop {
        let found = Entity::find().select_only().column(Column::EventId).filter(Column::Value.eq(address));
        let found = found.filter(Column::Kind.eq(PersonalKind::Address.as_str()));
        let found = found.apply_if(of_kind.clone(), QueryFilter::filter);
        let found = found.limit(PART).into_tuple::<Uuid>().all(savepoint).await?;
        if found.is_empty() {
            return Ok(());
        }
        forget(savepoint, found).await?;
    }
}

async fn forget(savepoint: &DatabaseTransaction, events: Vec<Uuid>) -> Result<(), DbErr> {
    audit_personal::Entity::delete_many().filter(audit_personal::Column::EventId.is_in(events)).exec(savepoint).await?;
    Ok(())
}
