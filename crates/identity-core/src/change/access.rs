//! Changes of roles and subscriptions.

use super::order::{Phase, Rank, Target};
use crate::{
    model::access::{Role, Subscription},
    value::{RoleKey, SubscriptionKey},
};

/// A change of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// Guard: the key is free.
    Define(Role),
    /// Writes all but the key. Guard: the stored version is the one before `version`.
    Revise(Role),
    /// Writes nothing. Guard: the role is there in this version, until the commit is over.
    Require {
        /// The role.
        key: RoleKey,
        /// The version it was read in.
        version: u32,
    },
}

/// A change of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionChange {
    /// Guard: the key is free.
    Define(Subscription),
    /// Writes all but the key. Guard: the stored version is the one before `version`.
    Revise(Subscription),
    /// Writes nothing. Guard: the subscription is there in this version, until the commit is over.
    Require {
        /// The subscription.
        key: SubscriptionKey,
        /// The version it was read in.
        version: u32,
    },
}

impl RoleChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Define(role) => (Phase::Insert, Rank::Role, role.key.as_str().into()),
            Self::Revise(role) => (Phase::Update, Rank::Role, role.key.as_str().into()),
            Self::Require { key, .. } => (Phase::Update, Rank::Role, key.as_str().into()),
        }
    }
}

impl SubscriptionChange {
    pub(super) fn target(&self) -> Target {
        match self {
            Self::Define(subscription) => (Phase::Insert, Rank::Subscription, subscription.key.as_str().into()),
            Self::Revise(subscription) => (Phase::Update, Rank::Subscription, subscription.key.as_str().into()),
            Self::Require { key, .. } => (Phase::Update, Rank::Subscription, key.as_str().into()),
        }
    }
}
