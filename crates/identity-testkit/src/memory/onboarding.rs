//! The rows of steps of first logins.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, OnboardingChange, Rejection, Unavailable},
    model::onboarding::Onboarding,
    port::OnboardingReads,
    value::AccountId,
};

use super::{
    MemoryStore, Persist,
    guard::{insert, replace},
    state::State,
};

impl State {
    pub(super) fn apply_to_onboarding(&mut self, change: &OnboardingChange) -> Result<(), Rejection> {
        match change.clone() {
            OnboardingChange::Open(onboarding) => {
                if !self.accounts.contains_key(&onboarding.account) {
                    return Err(Rejection::Orphaned(Entity::Onboarding));
                }
                insert(&mut self.setups, onboarding.account, onboarding, Entity::Onboarding)
            }
            OnboardingChange::Advance(next) => {
                let before = next.version.saturating_sub(1);
                replace(&mut self.setups, &next.account.clone(), next, |stored| stored.version == before, Entity::Onboarding)
            }
        }
    }
}

#[async_trait]
impl<P: Persist> OnboardingReads for MemoryStore<P> {
    async fn onboarding(&self, account: AccountId) -> Result<Option<Onboarding>, Unavailable> {
        Ok(self.read("setup")?.setups.get(&account).cloned())
    }
}
