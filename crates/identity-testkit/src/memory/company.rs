//! The rows of companies.

use async_trait::async_trait;
use identity_core::{
    change::{CompanyChange, Entity, Rejection, Unavailable},
    model::company::Company,
    port::{CompanyReads, Cursor, Page},
    value::CompanyId,
};

use super::{
    MemoryStore, Persist,
    guard::{insert, replace},
    state::State,
};

impl State {
    pub(super) fn apply_to_company(&mut self, change: &CompanyChange) -> Result<(), Rejection> {
        match change.clone() {
            CompanyChange::Open(company) => insert(&mut self.companies, company.id, company, Entity::Company),
            CompanyChange::Revise(company) => {
                let before = company.version.saturating_sub(1);
                replace(&mut self.companies, &company.id.clone(), company, |stored| stored.version == before, Entity::Company)
            }
        }
    }
}

#[async_trait]
impl<P: Persist> CompanyReads for MemoryStore<P> {
    async fn company(&self, id: CompanyId) -> Result<Option<Company>, Unavailable> {
        Ok(self.read("company")?.companies.get(&id).cloned())
    }

    async fn companies(&self, after: Cursor<CompanyId>, limit: u16) -> Result<Page<Company, CompanyId>, Unavailable> {
        let state = self.read("companies")?;
        let mut found = state.companies.values().rev().filter(|company| after.is_none_or(|after| company.id < after));
        let items = found.by_ref().take(limit.into()).cloned().collect::<Vec<_>>();
        let next = found.next().and(items.last()).map(|company| company.id);
        Ok(Page { items, next })
    }
}
