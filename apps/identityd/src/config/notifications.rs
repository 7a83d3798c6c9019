//! What is set of the messages that a host sends by itself.

use anyhow::{Error, anyhow};
use identity_core::{
    model::outbox::{DeclaredKind, NotificationKind},
    value::{CatalogueText, NotificationKey},
};

use super::values::Values;

const KEY: &str = "notifications.kinds";

/// `news` or `news=News of the product`: the key, and what pages call it.
pub(super) fn kinds(values: &Values) -> Result<Vec<DeclaredKind>, Error> {
    let mut kinds = Vec::<DeclaredKind>::new();
    for text in values.list(KEY).unwrap_or_default() {
        let (key, label) = text.split_once('=').map_or((text.as_str(), None), |(key, label)| (key, Some(label)));
        let read = || Some((NotificationKey::parse(key.trim()).ok()?, label.map(CatalogueText::parse).transpose().ok()?));
        let (key, label) = read().ok_or_else(|| anyhow!("{KEY}: {text:?} is not like news or news=News of the product"))?;
        let is_taken = NotificationKind::ALL.iter().any(|kind| kind.key() == key) || kinds.iter().any(|kind| kind.key == key);
        if is_taken {
            return Err(anyhow!("{KEY}: {key} is there already"));
        }
        kinds.push(DeclaredKind { key, label });
    }
    Ok(kinds)
}
