//! `[notifications]`: the messages that a host sends by itself.

use anyhow::{Error, anyhow};
use identity_core::{
    model::outbox::{DeclaredKind, NotificationKind},
    value::{AccessText, NotificationKey},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::{List, Text, TextValue};

/// The messages that your own service sends.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Notifications {
    /// Kinds of messages that people may switch off: keys, or keys with what pages call them, such as `["news=News of the product"]`.
    /// `GET /api/v1/me` and `Account.preferences` say which of them a person wants.
    kinds: List<Text<Kind>>,
}

/// `news` or `news=News of the product`: the key, and what pages call it.
#[derive(Clone, Debug)]
struct Kind(DeclaredKind);

impl TextValue for Kind {
    fn read(text: &str) -> Result<Self, String> {
        let (key, label) = text.split_once('=').map_or((text, None), |(key, label)| (key, Some(label)));
        let read = || {
            let key = NotificationKey::parse(key.trim()).ok()?;
            let label = label.map(AccessText::parse).transpose().ok()?;
            Some(DeclaredKind { key, label })
        };
        read().map(Self).ok_or_else(|| format!("{text:?} is not like news or news=News of the product"))
    }
}

impl Notifications {
    pub(super) fn kinds(&self) -> Result<Vec<DeclaredKind>, Error> {
        let mut kinds = Vec::<DeclaredKind>::new();
        for Text(Kind(declared)) in &self.kinds.0 {
            let key = &declared.key;
            if NotificationKind::ALL.iter().any(|kind| kind.key() == *key) || kinds.iter().any(|kind| kind.key == *key) {
                return Err(anyhow!("notifications.kinds: {key} is there already"));
            }
            kinds.push(declared.clone());
        }
        Ok(kinds)
    }
}
