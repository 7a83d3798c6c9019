//! Accounts, many at a time. Each list is walked along an index that has all that is asked for in it, so that a part costs the same
//! whatever is asked for, how many others there are, and wherever in the list it is.

use std::collections::HashMap;

use identity_core::{
    change::Unavailable,
    model::{
        access::Scope,
        account::{Account, AccountState},
    },
    port::{AccountQuery, Page},
    value::{AccountId, CompanyId, RoleKey, Timestamp},
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait, Order, QueryFilter as _, QueryOrder as _, QueryResult,
    QuerySelect as _, QueryTrait as _, Select, Value,
};
use uuid::Uuid;

use crate::{
    Storage,
    access::ROLE,
    convert::{end_of_prefix, micros},
    entity::rows::{
        accounts::{Column, Entity as Accounts},
        listed::{self, Column as Held},
    },
    error::unavailable,
    index::{PRIMARY, Start, Walk, along},
    listed::silent,
};

/// Who is found: the id, and the canonical address.
type Found = (Uuid, Vec<u8>);

/// Holders of a role that one list takes from grants of which nothing is known but who holds them.
const UNLISTED: u64 = 1000;

impl Storage {
    pub(super) async fn list(&self, query: &AccountQuery) -> Result<Page<Account, AccountId>, Unavailable> {
        let after = match query.after {
            None => None,
            Some(after) if query.address_prefix.is_none() => Some((*after.as_uuid(), Vec::new())),
            // What is not there has nothing after it.
            Some(after) => match self.canonical(after).await? {
                Some(canonical) => Some((*after.as_uuid(), canonical)),
                None => return Ok(Page { items: Vec::new(), next: None }),
            },
        };
        let span = Span { prefix: query.address_prefix.as_ref().map(String::as_bytes), after, limit: u64::from(query.limit) + 1 };
        let found = match &query.role {
            None => self.listed_accounts(query, &span).await?,
            Some(role) => self.listed_holders(role, query, &span).await?,
        };
        let more = found.len() > usize::from(query.limit);
        let items = self.accounts_by_ids(found.into_iter().map(|(id, _)| id).take(query.limit.into()).collect()).await?;
        let next = items.last().filter(|_| more).map(|account| account.id);
        Ok(Page { items, next })
    }

    async fn listed_accounts(&self, query: &AccountQuery, span: &Span<'_>) -> Result<Vec<Found>, Unavailable> {
        let index = match (query.scope, query.state, span.prefix) {
            (Scope::Everywhere, None, None) => PRIMARY,
            (Scope::Everywhere, None, Some(_)) => "accounts_by_address",
            (Scope::Everywhere, Some(_), None) => "accounts_of_all_by_state",
            (Scope::Everywhere, Some(_), Some(_)) => "accounts_of_all_by_state_and_address",
            (Scope::Company(_), None, None) => "accounts_by_company",
            (Scope::Company(_), None, Some(_)) => "accounts_by_company_and_address",
            (Scope::Company(_), Some(_), None) => "accounts_by_state",
            (Scope::Company(_), Some(_), Some(_)) => "accounts_by_state_and_address",
        };
        let mut equal = Vec::new();
        if let Scope::Company(company) = query.scope {
            equal.push((Column::CompanyId, Value::from(*company.as_uuid())));
        }
        if let Some(state) = query.state {
            equal.push((Column::State, state.as_str().into()));
        }
        let found = Accounts::find().select_only().columns([Column::Id, Column::Canonical]).limit(span.limit);
        self.found(found, span.walk(index, equal, Column::Id, &[Column::Canonical])).await
    }

    /// From the grants alone, which say of each account what it is listed by. In one state at a time: what is in any of them is put in
    /// order here, a part from each.
    async fn listed_holders(&self, role: &RoleKey, query: &AccountQuery, span: &Span<'_>) -> Result<Vec<Found>, Unavailable> {
        let index = match (query.scope, span.prefix) {
            (Scope::Everywhere, None) => "grants_listed",
            (Scope::Everywhere, Some(_)) => "grants_listed_by_address",
            (Scope::Company(_), None) => "grants_listed_of_company",
            (Scope::Company(_), Some(_)) => "grants_listed_of_company_by_address",
        };
        let mut all = self.unlisted_holders(role, query, span).await?;
        for state in AccountState::ALL.into_iter().filter(|state| query.state.is_none_or(|asked| asked == *state)) {
            let company = if let Scope::Company(company) = query.scope { Some(company) } else { None };
            let found = listed::Entity::find().select_only().columns([Held::AccountId, Held::Canonical]).limit(span.limit);
            let by_address = [Held::Canonical, Held::AccountId];
            all.extend(self.found(found, span.walk(index, held(role, state, company), Held::AccountId, &by_address)).await?);
        }
        if span.prefix.is_some() {
            all.sort_by(|(_, one), (_, other)| one.cmp(other));
        } else {
            all.sort_by(|(one, _), (other, _)| other.cmp(one));
        }
        Ok(all)
    }

    /// Those by grants that a process of a version before wrote, which says nothing of who holds them, until a sweep adds it. None, but
    /// for minutes after an upgrade.
    async fn unlisted_holders(&self, role: &RoleKey, query: &AccountQuery, span: &Span<'_>) -> Result<Vec<Found>, Unavailable> {
        let ids = self.unlisted(role).await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = Accounts::find().select_only().columns([Column::Id, Column::Canonical]);
        let found = found.filter(Column::Id.is_in(ids)).filter(asked_for(query)).into_tuple::<Found>().all(&self.reads).await;
        Ok(found.map_err(unavailable)?.into_iter().filter(|found| span.has(found)).collect())
    }

    /// Who holds it by a grant that does not say of whom it is.
    async fn unlisted(&self, role: &RoleKey) -> Result<Vec<Uuid>, Unavailable> {
        let of_role = Condition::all().add(Held::Kind.eq(ROLE)).add(Held::Entry.eq(role.as_str().as_bytes()));
        let unlisted = silent(self.reads.get_database_backend()).filter(of_role).limit(UNLISTED);
        let rows = along(&self.reads, unlisted, "grants_listed").await.map_err(unavailable)?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>().map_err(unavailable)
    }

    async fn found<E: EntityTrait>(&self, found: Select<E>, walk: Walk<E::Column>) -> Result<Vec<Found>, Unavailable> {
        let rows = walk.rows(&self.reads, found).await.map_err(unavailable)?;
        rows.iter().map(QueryResult::try_get_many_by_index).collect::<Result<_, _>>().map_err(unavailable)
    }

    /// The active accounts that hold a role, the longest there first: ids are in the order of the times they were minted at.
    pub(super) async fn who_hold(
        &self,
        role: &RoleKey,
        company: Option<CompanyId>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        let active = AccountState::Active;
        let walk = Walk {
            index: if company.is_some() { "grants_listed_of_company" } else { "grants_listed" },
            equal: held(role, active, company),
            order: vec![Held::AccountId],
            direction: Order::Asc,
            start: Start::First,
            end: None,
            filter: Condition::all(),
        };
        let found = listed::Entity::find().select_only().columns([Held::AccountId, Held::Canonical]).limit(u64::from(limit));
        let mut ids = self.found(found, walk).await?.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        let unlisted = self.unlisted(role).await?;
        if !unlisted.is_empty() {
            let more = Accounts::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::Id.is_in(unlisted))
                .filter(Column::State.eq(active.as_str()))
                .apply_if(company, |accounts_with_role, company| {
                    accounts_with_role.filter(Column::CompanyId.eq(*company.as_uuid()))
                });
            ids.extend(more.into_tuple::<Uuid>().all(&self.reads).await.map_err(unavailable)?);
            ids.sort_unstable();
            ids.truncate(limit.into());
        }
        self.accounts_by_ids(ids).await
    }

    /// The accounts that are to be erased, by when that came due.
    pub(super) async fn due_for_erasure(
        &self,
        now: Timestamp,
        after: Option<(Timestamp, AccountId)>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        let behind = |(at, id): (Timestamp, AccountId)| {
            let at_once = Condition::all().add(Column::EraseAt.eq(micros(at))).add(Column::Id.gt(*id.as_uuid()));
            // The first of them bounds the index, the second is exact.
            let later = Condition::any().add(Column::EraseAt.gt(micros(at))).add(at_once);
            Condition::all().add(Column::EraseAt.gte(micros(at))).add(later)
        };
        let ids = Accounts::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::EraseAt.lte(micros(now)))
            .apply_if(after, |found, after| found.filter(behind(after)))
            .order_by_asc(Column::EraseAt)
            .order_by_asc(Column::Id)
            .limit(u64::from(limit));
        self.accounts_by_ids(ids.into_tuple().all(&self.reads).await.map_err(unavailable)?).await
    }

    /// In the order of the ids, each with its grants, as of one statement.
    async fn accounts_by_ids(&self, ids: Vec<Uuid>) -> Result<Vec<Account>, Unavailable> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.all_where(Column::Id.is_in(ids.iter().copied())).await?;
        let mut found = found.into_iter().map(|found| (*found.account.id.as_uuid(), found.account)).collect::<HashMap<_, _>>();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    async fn canonical(&self, id: AccountId) -> Result<Option<Vec<u8>>, Unavailable> {
        let canonical = Accounts::find_by_id(*id.as_uuid()).select_only().column(Column::Canonical);
        canonical.into_tuple().one(&self.reads).await.map_err(unavailable)
    }
}

/// What the grants have to say of a role and of its holder, in the order of the indexes.
fn held(role: &RoleKey, state: AccountState, company: Option<CompanyId>) -> Vec<(Held, Value)> {
    let of_company = company.map(|company| (Held::CompanyId, Value::from(*company.as_uuid())));
    let of_role =
        [(Held::State, state.as_str().into()), (Held::Kind, ROLE.into()), (Held::Entry, role.as_str().as_bytes().to_vec().into())];
    of_company.into_iter().chain(of_role).collect()
}

/// Whose company and state are as asked for.
fn asked_for(query: &AccountQuery) -> Condition {
    let in_scope = match query.scope {
        Scope::Everywhere => None,
        Scope::Company(company) => Some(Column::CompanyId.eq(*company.as_uuid())),
    };
    let in_state = query.state.map(|state| Column::State.eq(state.as_str()));
    Condition::all().add_option(in_scope).add_option(in_state)
}

/// A part of a list: newest first; where the beginning of an address is asked for, by address.
struct Span<'a> {
    prefix: Option<&'a [u8]>,
    /// Whom it comes after. The address counts only where the list is by address.
    after: Option<Found>,
    limit: u64,
}

impl Span<'_> {
    fn walk<C: Copy>(&self, index: &'static str, equal: Vec<(C, Value)>, id: C, by_address: &[C]) -> Walk<C> {
        let Some(prefix) = self.prefix else {
            let start = self.after.as_ref().map_or(Start::First, |(after, _)| Start::Behind(vec![Value::from(*after)]));
            return Walk { index, equal, order: vec![id], direction: Order::Desc, start, end: None, filter: Condition::all() };
        };
        let start = match &self.after {
            Some((_, after)) if after.as_slice() >= prefix => Start::Behind(vec![Value::from(after.clone())]),
            _ => Start::At(prefix.to_vec().into()),
        };
        let end = end_of_prefix(prefix).map(Value::from);
        Walk { index, equal, order: by_address.to_vec(), direction: Order::Asc, start, end, filter: Condition::all() }
    }

    /// Whether one is in the list, and comes after whom it is to come after.
    fn has(&self, (id, canonical): &Found) -> bool {
        match self.prefix {
            None => self.after.as_ref().is_none_or(|(after, _)| id < after),
            Some(prefix) => canonical.starts_with(prefix) && self.after.as_ref().is_none_or(|(_, after)| canonical > after),
        }
    }
}
