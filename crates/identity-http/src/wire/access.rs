use identity_core::model::access::{Role, Subscription};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema;

/// A role or subscription.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessEntry {
    /// Names it, for good.
    key: String,
    /// Its name for people.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// Who may grant it: `operator`, or `administrator` for company administrators too.
    grantable_by: &'static str,
}

impl From<&Role> for AccessEntry {
    fn from(role: &Role) -> Self {
        Self {
            key: role.key.to_string(),
            name: role.name.to_string(),
            description: role.description.as_ref().map(ToString::to_string),
            grantable_by: role.grantable_by.as_str(),
        }
    }
}

impl From<&Subscription> for AccessEntry {
    fn from(subscription: &Subscription) -> Self {
        Self {
            key: subscription.key.to_string(),
            name: subscription.name.to_string(),
            description: subscription.description.as_ref().map(ToString::to_string),
            grantable_by: subscription.grantable_by.as_str(),
        }
    }
}

/// A part of the list of roles or subscriptions, by key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccessList {
    items: Vec<AccessEntry>,
    /// Where the next part starts, if there is more.
    next_cursor: Option<String>,
}

impl AccessList {
    /// At most `limit` of all entries, which come by key, after the key `after`.
    pub(crate) fn part(all: impl IntoIterator<Item = AccessEntry>, after: Option<&str>, limit: u16) -> Self {
        let mut rest = all.into_iter().skip_while(|entry| after.is_some_and(|after| entry.key.as_str() <= after)).peekable();
        let items = rest.by_ref().take(limit.into()).collect::<Vec<_>>();
        let next_cursor = items.last().filter(|_| rest.peek().is_some()).map(|last| last.key.clone());
        Self { items, next_cursor }
    }
}

/// A new role or subscription.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefineEntry {
    /// 1 to 64 of a-z, 0-9, _ and -, starting with a letter.
    #[schema(value_type = schema::Key)]
    pub(crate) key: String,
    /// Its name for people: one line, at most 200 characters.
    #[schema(value_type = schema::Name)]
    pub(crate) name: String,
    /// What it is for: one line, at most 200 characters.
    #[schema(value_type = Option<schema::Name>)]
    pub(crate) description: Option<String>,
    /// Who may grant it: `operator`, or `administrator` for company administrators too.
    pub(crate) grantable_by: String,
}

/// What a role or subscription is to say from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviseEntry {
    /// Its name for people: one line, at most 200 characters.
    #[schema(value_type = schema::Name)]
    pub(crate) name: String,
    /// What it is for: one line, at most 200 characters.
    #[schema(value_type = Option<schema::Name>)]
    pub(crate) description: Option<String>,
    /// Who may grant it: `operator`, or `administrator` for company administrators too.
    pub(crate) grantable_by: String,
}
