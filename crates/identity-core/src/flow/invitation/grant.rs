//! Whether somebody may grant what an invitation carries.

use std::collections::BTreeSet;

use crate::{
    change::{Change, RoleChange, SubscriptionChange, Unavailable},
    model::access::{Administrator, Role, Subscription},
    port::Ports,
    value::{RoleKey, SubscriptionKey},
};

/// The roles and subscriptions there are, as they were read.
pub(super) struct RolesAndSubscriptions {
    roles: Vec<Role>,
    subscriptions: Vec<Subscription>,
}

impl RolesAndSubscriptions {
    pub(super) async fn load(ports: &Ports) -> Result<Self, Unavailable> {
        Ok(Self { roles: ports.store.roles().await?, subscriptions: ports.store.subscriptions().await? })
    }

    /// Those of the wanted roles that are not there or not the administrator's to give.
    pub(super) fn refused_roles(&self, wanted: &BTreeSet<RoleKey>, by: &Administrator) -> Vec<RoleKey> {
        let may = |key: &RoleKey| self.roles.iter().any(|role| role.key == *key && by.may_grant_role(role));
        wanted.iter().filter(|key| !may(key)).cloned().collect()
    }

    /// Those of the wanted subscriptions that are not there or not the administrator's to give.
    pub(super) fn refused_subscriptions(&self, wanted: &BTreeSet<SubscriptionKey>, by: &Administrator) -> Vec<SubscriptionKey> {
        let may =
            |key: &SubscriptionKey| self.subscriptions.iter().any(|entry| entry.key == *key && by.may_grant_subscription(entry));
        wanted.iter().filter(|key| !may(key)).cloned().collect()
    }

    /// Whether the administrator may give all of them.
    pub(super) fn grants(&self, roles: &BTreeSet<RoleKey>, subscriptions: &BTreeSet<SubscriptionKey>, by: &Administrator) -> bool {
        self.refused_roles(roles, by).is_empty() && self.refused_subscriptions(subscriptions, by).is_empty()
    }

    /// The guards of a commit that grants these: each entry is still as it was when the administrator was found to may.
    pub(super) fn required(&self, roles: &BTreeSet<RoleKey>, subscriptions: &BTreeSet<SubscriptionKey>) -> Vec<Change> {
        let required_roles = self.roles.iter().filter(|role| roles.contains(&role.key));
        let required_subscriptions = self.subscriptions.iter().filter(|entry| subscriptions.contains(&entry.key));
        required_roles
            .map(|role| Change::Role(RoleChange::Require { key: role.key.clone(), version: role.version }))
            .chain(
                required_subscriptions.map(|entry| {
                    Change::Subscription(SubscriptionChange::Require { key: entry.key.clone(), version: entry.version })
                }),
            )
            .collect()
    }
}
