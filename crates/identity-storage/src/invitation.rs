use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use identity_core::{
    change::{Entity, InvitationChange, Rejection, Unavailable},
    model::{
        access::Scope,
        invitation::{Invitation, InvitationState},
    },
    port::{Cursor, Delivery, InvitationFilter, InvitationQuery, InvitationReads, InvitationSummary, Page},
    value::{AccountId, CompanyId, EmailAddress, InvitationId, Lifetime, Note, PersonName, Timestamp},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Value,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use crate::{
    Storage,
    convert::{end_of_prefix, joined, micros, number, optional, optional_time, parsed, split, time},
    entity::rows::{
        invitations::{ActiveModel, Column, Entity as Invitations, Model},
        notices,
    },
    error::{Failure, Unique, corrupt, insert_failure, unavailable},
    index::{PRIMARY, Start, Walk},
    outbox,
};

const TABLE: &str = "invitations";
const PENDING: (Unique, Rejection) = (Unique { column: "pending_for", index: "invitations_pending" }, Rejection::InvitationPending);

fn read(row: &Model) -> Result<Invitation, Unavailable> {
    Ok(Invitation {
        id: InvitationId::from_uuid(row.id),
        company: row.company_id.map(CompanyId::from_uuid),
        inviter: row.inviter_id.map(AccountId::from_uuid),
        email: optional(row.address.as_deref(), EmailAddress::stored, TABLE)?,
        first_name: optional(row.first_name.as_deref(), PersonName::parse, TABLE)?,
        last_name: optional(row.last_name.as_deref(), PersonName::parse, TABLE)?,
        roles: split(&row.roles, TABLE)?,
        subscriptions: split(&row.subscriptions, TABLE)?,
        language: parsed(&row.language, TABLE)?,
        note: optional(row.note.as_deref(), Note::parse, TABLE)?,
        lifetime: Lifetime::from_seconds(row.lifetime_seconds).map_err(|_| corrupt(TABLE))?,
        starts_at_sending: row.starts_at_sending,
        expires_at: time(row.expires_at, TABLE)?,
        state: InvitationState::parse(&row.state).ok_or_else(|| corrupt(TABLE))?,
        generation: number(row.generation, TABLE)?,
        created_at: time(row.created_at, TABLE)?,
        opened_at: optional_time(row.opened_at, TABLE)?,
        renewal_requested_at: optional_time(row.renewal_requested_at, TABLE)?,
        account: row.account_id.map(AccountId::from_uuid),
        version: number(row.version, TABLE)?,
    })
}

/// What the unique index keeps apart while an invitation is pending.
fn pending_for(company: CompanyId, canonical: &str) -> Vec<u8> {
    [company.as_uuid().as_bytes().as_slice(), canonical.as_bytes()].concat()
}

fn pending_for_of(invitation: &Invitation) -> Option<Vec<u8>> {
    let (company, email) = invitation.company.zip(invitation.email.as_ref())?;
    (invitation.state == InvitationState::Pending).then(|| pending_for(company, email.canonical()))
}

#[async_trait]
impl InvitationReads for Storage {
    async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Unavailable> {
        let row = Invitations::find_by_id(*id.as_uuid()).one(&self.reads).await.map_err(unavailable)?;
        row.as_ref().map(read).transpose()
    }

    async fn invitation_summary(&self, id: InvitationId) -> Result<Option<InvitationSummary>, Unavailable> {
        let Some(invitation) = self.invitation(id).await? else { return Ok(None) };
        Ok(self.summaries(vec![invitation]).await?.pop())
    }

    async fn pending_invitation(&self, company: CompanyId, canonical: &str) -> Result<Option<Invitation>, Unavailable> {
        let query = Invitations::find().filter(Column::PendingFor.eq(pending_for(company, canonical)));
        query.one(&self.reads).await.map_err(unavailable)?.as_ref().map(read).transpose()
    }

    async fn open_invitation(&self, canonical: &str, now: Timestamp) -> Result<Option<Invitation>, Unavailable> {
        let query = Invitations::find()
            .filter(Column::Canonical.eq(canonical.as_bytes()))
            .filter(is_in(InvitationState::Pending))
            .filter(Column::ExpiresAt.gt(micros(now)))
            .order_by_desc(Column::Id);
        query.one(&self.reads).await.map_err(unavailable)?.as_ref().map(read).transpose()
    }

    async fn invitations(&self, query: &InvitationQuery) -> Result<Page<InvitationSummary, InvitationId>, Unavailable> {
        let Some(walk) = self.walk(query).await? else { return Ok(Page { items: Vec::new(), next: None }) };
        // One more for whether there is more, and one for the invitation that sets the installation up, which is in no list.
        let found = Invitations::find().select_only().column(Column::Id).limit(u64::from(query.limit) + 2);
        let rows = walk.rows(&self.reads, found).await.map_err(unavailable)?;
        let mut ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<Uuid>, _>>().map_err(unavailable)?;
        ids.retain(|id| id != Invitation::SET_UP.as_uuid());
        let more = ids.len() > usize::from(query.limit);
        ids.truncate(query.limit.into());
        let next = ids.last().filter(|_| more).map(|id| InvitationId::from_uuid(*id));
        let mut rows = self.invitations_by_ids(&ids).await?;
        // What has changed since the page was found.
        rows.retain(|row| is_listed(query, row));
        let invitations = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Page { items: self.summaries(invitations).await?, next })
    }

    async fn invitations_received(&self, account: AccountId, canonical: &str) -> Result<Vec<Invitation>, Unavailable> {
        // Each by an index of its own; the same invitation may be in both.
        let mut found = BTreeMap::new();
        for by in [Column::AccountId.eq(*account.as_uuid()), Column::Canonical.eq(canonical.as_bytes())] {
            for row in Invitations::find().filter(by).all(&self.reads).await.map_err(unavailable)? {
                found.insert(row.id, read(&row)?);
            }
        }
        Ok(found.into_values().collect())
    }

    async fn invitations_sent(
        &self,
        inviter: AccountId,
        after: Cursor<InvitationId>,
        limit: u16,
    ) -> Result<Page<Invitation, InvitationId>, Unavailable> {
        let rows = Invitations::find()
            .filter(Column::InviterId.eq(*inviter.as_uuid()))
            .apply_if(after, |found, after| found.filter(Column::Id.lt(*after.as_uuid())))
            .order_by_desc(Column::Id)
            .limit(u64::from(limit) + 1)
            .all(&self.reads)
            .await
            .map_err(unavailable)?;
        let more = rows.len() > usize::from(limit);
        let items = rows.iter().take(limit.into()).map(read).collect::<Result<Vec<_>, _>>()?;
        let next = items.last().filter(|_| more).map(|invitation| invitation.id);
        Ok(Page { items, next })
    }
}

/// What of a question bounds no index: whether what is pending has expired. It is told from the entry of the index.
fn in_time(query: &InvitationQuery) -> Condition {
    let now = micros(query.now);
    let in_time = match query.filter {
        Some(InvitationFilter::Pending) => Some(Column::ExpiresAt.gt(now)),
        Some(InvitationFilter::Expired) => Some(Column::ExpiresAt.lte(now)),
        Some(InvitationFilter::Ended(_)) | None => None,
    };
    Condition::all().add_option(in_time)
}

/// The state that the invitations of a list have.
const fn state_of(filter: InvitationFilter) -> InvitationState {
    match filter {
        InvitationFilter::Pending | InvitationFilter::Expired => InvitationState::Pending,
        InvitationFilter::Ended(state) => state,
    }
}

/// Whether a row still has what it was found by.
fn is_listed(query: &InvitationQuery, row: &Model) -> bool {
    let has_prefix = |prefix: &String| row.canonical.as_ref().is_some_and(|canonical| canonical.starts_with(prefix.as_bytes()));
    query.filter.is_none_or(|filter| row.state == state_of(filter).as_str()) && query.address_prefix.as_ref().is_none_or(has_prefix)
}

const fn index_of(query: &InvitationQuery) -> &'static str {
    match (query.scope, query.filter.is_some(), query.address_prefix.is_some()) {
        (Scope::Everywhere, false, false) => PRIMARY,
        (Scope::Everywhere, false, true) => "invitations_of_all_by_address",
        (Scope::Everywhere, true, false) => "invitations_of_all_by_state",
        (Scope::Everywhere, true, true) => "invitations_of_all_by_state_and_address",
        (Scope::Company(_), false, false) => "invitations_by_company",
        (Scope::Company(_), false, true) => "invitations_of_company_by_address",
        (Scope::Company(_), true, false) => "invitations_of_company_by_state",
        (Scope::Company(_), true, true) => "invitations_of_company_by_state_and_address",
    }
}

fn is_in(state: InvitationState) -> Condition {
    Condition::all().add(Column::State.eq(state.as_str()))
}

impl Storage {
    /// How a list is walked; `None` where it is to go on behind an invitation that is not there, which has nothing after it.
    async fn walk(&self, query: &InvitationQuery) -> Result<Option<Walk<Column>>, Unavailable> {
        let mut equal = Vec::new();
        if let Scope::Company(company) = query.scope {
            equal.push((Column::CompanyId, Value::from(*company.as_uuid())));
        }
        equal.extend(query.filter.map(|filter| (Column::State, state_of(filter).as_str().into())));
        let (index, filter) = (index_of(query), in_time(query));
        let Some(prefix) = query.address_prefix.as_ref().map(String::as_bytes) else {
            let start = query.after.map_or(Start::First, |after| Start::Behind(vec![Value::from(*after.as_uuid())]));
            return Ok(Some(Walk { index, equal, order: vec![Column::Id], direction: Order::Desc, start, end: None, filter }));
        };
        let start = match query.after {
            None => Start::At(prefix.to_vec().into()),
            Some(after) => {
                let row = Invitations::find_by_id(*after.as_uuid()).select_only().column(Column::Canonical);
                let canonical = row.into_tuple::<Option<Vec<u8>>>().one(&self.reads).await.map_err(unavailable)?.flatten();
                match canonical {
                    None => return Ok(None),
                    Some(canonical) if canonical.as_slice() < prefix => Start::At(prefix.to_vec().into()),
                    Some(canonical) => Start::Behind(vec![canonical.into(), Value::from(*after.as_uuid())]),
                }
            }
        };
        let end = end_of_prefix(prefix).map(Value::from);
        Ok(Some(Walk { index, equal, order: vec![Column::Canonical, Column::Id], direction: Order::Asc, start, end, filter }))
    }

    /// In the order of the ids.
    async fn invitations_by_ids(&self, ids: &[Uuid]) -> Result<Vec<Model>, Unavailable> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found =
            Invitations::find().filter(Column::Id.is_in(ids.iter().copied())).all(&self.reads).await.map_err(unavailable)?;
        let mut found = found.into_iter().map(|row| (row.id, row)).collect::<HashMap<_, _>>();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Adds to each invitation how far its newest mail has come, with one more statement for all of them.
    async fn summaries(&self, invitations: Vec<Invitation>) -> Result<Vec<InvitationSummary>, Unavailable> {
        if invitations.is_empty() {
            return Ok(Vec::new());
        }
        let ids = invitations.iter().map(|invitation| *invitation.id.as_uuid());
        let mut rows = notices::Entity::find()
            .filter(notices::Column::SubjectId.is_in(ids))
            .filter(notices::Column::Topic.eq("invitation"))
            .all(&self.reads)
            .await
            .map_err(unavailable)?;
        // The newest of each invitation is the one that stays.
        rows.sort_unstable_by_key(|row| row.id);
        let mut newest = HashMap::<Uuid, Delivery>::new();
        for row in rows {
            let about = row.subject_id;
            newest.insert(about, outbox::delivery(row)?);
        }
        let with_delivery =
            |invitation: Invitation| InvitationSummary { delivery: newest.remove(invitation.id.as_uuid()), invitation };
        Ok(invitations.into_iter().map(with_delivery).collect())
    }
}

/// Applies a change of an invitation.
pub(crate) async fn apply(savepoint: &DatabaseTransaction, change: &InvitationChange) -> Result<(), Failure> {
    match change {
        InvitationChange::Issue(invitation) => issue(savepoint, invitation).await,
        InvitationChange::Advance(invitation) => advance(savepoint, invitation).await,
        InvitationChange::RecordFirstOpen { id, at } => record_first_open(savepoint, *id, *at).await,
    }
}

async fn issue(savepoint: &DatabaseTransaction, invitation: &Invitation) -> Result<(), Failure> {
    let row = ActiveModel {
        id: Set(*invitation.id.as_uuid()),
        company_id: Set(invitation.company.map(|id| *id.as_uuid())),
        inviter_id: Set(invitation.inviter.map(|id| *id.as_uuid())),
        address: Set(invitation.email.as_ref().map(|email| email.as_str().to_owned())),
        canonical: Set(invitation.email.as_ref().map(|email| email.canonical().into())),
        pending_for: Set(pending_for_of(invitation)),
        first_name: Set(invitation.first_name.as_ref().map(ToString::to_string)),
        last_name: Set(invitation.last_name.as_ref().map(ToString::to_string)),
        roles: Set(joined(&invitation.roles)),
        subscriptions: Set(joined(&invitation.subscriptions)),
        language: Set(invitation.language.to_string()),
        note: Set(invitation.note.as_ref().map(ToString::to_string)),
        lifetime_seconds: Set(invitation.lifetime.as_seconds()),
        starts_at_sending: Set(invitation.starts_at_sending),
        expires_at: Set(micros(invitation.expires_at)),
        state: Set(invitation.state.as_str().to_owned()),
        generation: Set(invitation.generation.into()),
        created_at: Set(micros(invitation.created_at)),
        opened_at: Set(invitation.opened_at.map(micros)),
        renewal_requested_at: Set(invitation.renewal_requested_at.map(micros)),
        account_id: Set(invitation.account.map(|id| *id.as_uuid())),
        version: Set(invitation.version.into()),
    };
    let inserted = Invitations::insert(row).exec_without_returning(savepoint).await;
    inserted.map(|_| ()).map_err(|error| insert_failure(error, Entity::Invitation, Some(PENDING)))
}

async fn advance(savepoint: &DatabaseTransaction, next: &Invitation) -> Result<(), Failure> {
    let updated = Invitations::update_many()
        .col_expr(Column::InviterId, Expr::value(next.inviter.map(|id| *id.as_uuid())))
        .col_expr(Column::PendingFor, Expr::value(pending_for_of(next)))
        .col_expr(Column::StartsAtSending, Expr::value(next.starts_at_sending))
        .col_expr(Column::ExpiresAt, Expr::value(micros(next.expires_at)))
        .col_expr(Column::State, Expr::value(next.state.as_str()))
        .col_expr(Column::Generation, Expr::value(i64::from(next.generation)))
        .col_expr(Column::RenewalRequestedAt, Expr::value(next.renewal_requested_at.map(micros)))
        .col_expr(Column::AccountId, Expr::value(next.account.map(|id| *id.as_uuid())))
        .col_expr(Column::Version, Expr::value(i64::from(next.version)))
        .filter(Column::Id.eq(*next.id.as_uuid()))
        .filter(Column::Version.eq(i64::from(next.version) - 1))
        .exec(savepoint)
        .await
        .map_err(|error| insert_failure(error, Entity::Invitation, Some(PENDING)))?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Invitation).into()) }
}

async fn record_first_open(savepoint: &DatabaseTransaction, id: InvitationId, at: Timestamp) -> Result<(), Failure> {
    let first = Expr::col(Column::OpenedAt).if_null(micros(at));
    let updated =
        Invitations::update_many().col_expr(Column::OpenedAt, first).filter(Column::Id.eq(*id.as_uuid())).exec(savepoint).await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Rejection::Changed(Entity::Invitation).into()) }
}
