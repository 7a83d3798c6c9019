//! Accounts, many at a time.

use std::collections::HashMap;

use identity_core::{
    access::Scope,
    account::{Account, AccountState},
    change::Unavailable,
    port::{AccountQuery, Page},
    value::{AccountId, CompanyId, RoleKey, Timestamp},
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::ExprTrait as _,
};
use uuid::Uuid;

use crate::{
    Storage,
    catalogue::ROLE,
    convert::{micros, starts_with},
    entity::rows::{
        accounts::{Column, Entity as Accounts},
        grants,
    },
    error::unavailable,
};

impl Storage {
    pub(super) async fn list(&self, query: &AccountQuery) -> Result<Page<Account, AccountId>, Unavailable> {
        let found = Accounts::find().select_only().column(Column::Id).filter(asked_for(query));
        let found = found.apply_if(query.role.as_ref(), |found, role| {
            let held = found.inner_join(grants::Entity).filter(grants::Column::Kind.eq(ROLE));
            held.filter(grants::Column::Entry.eq(role.as_str().as_bytes()))
        });
        // Each in the order of an index, so that a part costs the same wherever in the list it is.
        let by_id = if query.role.is_some() { grants::Column::AccountId.into_expr() } else { Column::Id.into_expr() };
        let found = match (&query.address_prefix, query.after) {
            (None, after) => found.apply_if(after, |found, after| found.filter(by_id.clone().lt(*after.as_uuid()))),
            (Some(_), None) => found,
            (Some(_), Some(after)) => {
                // What is not there has nothing after it.
                let Some(canonical) = self.canonical(after).await? else { return Ok(Page { items: Vec::new(), next: None }) };
                found.filter(Column::Canonical.gt(canonical))
            }
        };
        let found = match query.address_prefix {
            None => found.order_by_desc(by_id),
            Some(_) => found.order_by_asc(Column::Canonical),
        };
        let ids = found.limit(u64::from(query.limit) + 1).into_tuple::<Uuid>().all(&self.reads).await.map_err(unavailable)?;
        let more = ids.len() > usize::from(query.limit);
        let items = self.in_this_order(ids.into_iter().take(query.limit.into()).collect()).await?;
        let next = items.last().filter(|_| more).map(|account| account.id);
        Ok(Page { items, next })
    }

    /// The active accounts that hold a role, the longest there first: ids are in the order of the times they were minted at.
    pub(super) async fn who_hold(
        &self,
        role: &RoleKey,
        company: Option<CompanyId>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable> {
        let ids = grants::Entity::find()
            .select_only()
            .column(grants::Column::AccountId)
            .inner_join(Accounts)
            .filter(grants::Column::Kind.eq(ROLE))
            .filter(grants::Column::Entry.eq(role.as_str().as_bytes()))
            .filter(Column::State.eq(AccountState::Active.as_str()))
            .apply_if(company, |holders, company| holders.filter(Column::CompanyId.eq(*company.as_uuid())))
            .order_by_asc(grants::Column::AccountId)
            .limit(u64::from(limit));
        self.in_this_order(ids.into_tuple().all(&self.reads).await.map_err(unavailable)?).await
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
        self.in_this_order(ids.into_tuple().all(&self.reads).await.map_err(unavailable)?).await
    }

    /// The accounts with these ids: each with its grants, as of one statement.
    async fn in_this_order(&self, ids: Vec<Uuid>) -> Result<Vec<Account>, Unavailable> {
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

fn asked_for(query: &AccountQuery) -> Condition {
    let in_scope = match query.scope {
        Scope::Everywhere => None,
        Scope::Company(company) => Some(Column::CompanyId.eq(*company.as_uuid())),
    };
    let in_state = query.state.map(|state| Column::State.eq(state.as_str()));
    let prefix = query.address_prefix.as_ref().map(|prefix| starts_with(Column::Canonical, prefix));
    Condition::all().add_option(in_scope).add_option(in_state).add_option(prefix)
}
