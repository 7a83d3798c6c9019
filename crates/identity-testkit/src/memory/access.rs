//! The rows of roles and subscriptions.

use async_trait::async_trait;
use identity_core::{
    change::{Entity, Rejection, RoleChange, SubscriptionChange, Unavailable},
    model::access::{Role, Subscription},
    port::AccessReads,
};

use super::{
    MemoryStore, Persist,
    guard::{insert, replace, require},
    state::State,
};

impl State {
    pub(super) fn apply_to_role(&mut self, change: &RoleChange) -> Result<(), Rejection> {
        match change.clone() {
            RoleChange::Define(role) => insert(&mut self.roles, role.key.clone(), role, Entity::Role),
            RoleChange::Revise(role) => {
                let before = role.version.saturating_sub(1);
                replace(&mut self.roles, &role.key.clone(), role, |stored| stored.version == before, Entity::Role)
            }
            RoleChange::Require { key, version } => {
                require(self.roles.get(&key).is_some_and(|role| role.version == version), Entity::Role)
            }
        }
    }

    pub(super) fn apply_to_subscription(&mut self, change: &SubscriptionChange) -> Result<(), Rejection> {
        match change.clone() {
            SubscriptionChange::Define(entry) => insert(&mut self.subscriptions, entry.key.clone(), entry, Entity::Subscription),
            SubscriptionChange::Revise(entry) => {
                let before = entry.version.saturating_sub(1);
                let guard = |stored: &Subscription| stored.version == before;
                replace(&mut self.subscriptions, &entry.key.clone(), entry, guard, Entity::Subscription)
            }
            SubscriptionChange::Require { key, version } => {
                let holds = self.subscriptions.get(&key).is_some_and(|entry| entry.version == version);
                require(holds, Entity::Subscription)
            }
        }
    }
}

#[async_trait]
impl<P: Persist> AccessReads for MemoryStore<P> {
    async fn roles(&self) -> Result<Vec<Role>, Unavailable> {
        Ok(self.read("roles")?.roles.values().cloned().collect())
    }

    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unavailable> {
        Ok(self.read("subscriptions")?.subscriptions.values().cloned().collect())
    }
}
