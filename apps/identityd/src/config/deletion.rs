//! What is set of deletions of one's own account.

use anyhow::{Context as _, Error};
use identity_core::{model::account::DeletionSettings, value::Lifetime};

use super::values::Values;

pub(super) fn deletion(values: &Values) -> Result<DeletionSettings, Error> {
    let standard = DeletionSettings::default();
    let grace = match values.text("deletion.grace") {
        None => standard.grace,
        // No time at all is no lifetime.
        Some("P0D" | "PT0S") => None,
        Some(text) => Some(Lifetime::parse(text).context("deletion.grace")?),
    };
    Ok(DeletionSettings { enabled: values.switch("deletion.enabled").unwrap_or(standard.enabled), grace })
}
