//! The rows of the terms and their acceptances.

use async_trait::async_trait;
use std::collections::BTreeMap;

use identity_core::{
    change::{Entity, Rejection, TermsChange, Unavailable},
    model::terms::{TermsAcceptance, TermsNumber, TermsSchedule, TermsVersion},
    port::TermsReads,
    value::{AccountId, Timestamp},
};

use super::{MemoryStore, Persist, guard::insert, state::State};

impl State {
    pub(super) fn apply_to_terms(&mut self, change: &TermsChange) -> Result<(), Rejection> {
        match change.clone() {
            TermsChange::Publish(terms) => insert(&mut self.terms, terms.number, terms, Entity::Terms),
            TermsChange::Accept(acceptance) => {
                let of_account = self.acceptances.entry(acceptance.account).or_default();
                insert(of_account, acceptance.number, acceptance, Entity::Acceptance)
            }
        }
    }
}

#[async_trait]
impl<P: Persist> TermsReads for MemoryStore<P> {
    async fn terms_in_force(&self, now: Timestamp) -> Result<Option<TermsVersion>, Unavailable> {
        Ok(self.read("terms_in_force")?.terms.values().rev().find(|terms| terms.effective_at <= now).cloned())
    }

    async fn terms_versions(&self) -> Result<Vec<TermsVersion>, Unavailable> {
        Ok(self.read("terms_versions")?.terms.values().rev().take(50).cloned().collect())
    }

    async fn newest_terms_number(&self) -> Result<Option<TermsNumber>, Unavailable> {
        Ok(self.read("newest_terms_number")?.terms.keys().next_back().copied())
    }

    async fn terms_schedule(&self, now: Timestamp) -> Result<Option<TermsSchedule>, Unavailable> {
        let state = self.read("terms_schedule")?;
        Ok(state.terms.values().rev().find(|terms| terms.effective_at <= now).map(TermsVersion::schedule))
    }

    async fn newest_acceptance(&self, account: AccountId) -> Result<Option<TermsAcceptance>, Unavailable> {
        let state = self.read("newest_acceptance")?;
        let newest = state.acceptances.get(&account).and_then(BTreeMap::last_key_value);
        Ok(newest.map(|(_, acceptance)| acceptance.clone()))
    }

    async fn acceptances_of(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Unavailable> {
        let state = self.read("acceptances_of")?;
        Ok(state.acceptances.get(&account).into_iter().flat_map(BTreeMap::values).cloned().collect())
    }
}
