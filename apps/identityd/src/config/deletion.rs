//! What is set of deletions of one's own account.

use identity_core::{model::account::DeletionSettings, value::Lifetime};

use super::values::Values;
use crate::trouble::{Trouble, While as _};

pub(super) fn deletion(values: &Values) -> Result<DeletionSettings, Trouble> {
    let standard = DeletionSettings::default();
    let grace = match values.text("deletion.grace") {
        None => standard.grace,
        // No time at all is no lifetime.
        Some("P0D" | "PT0S") => None,
        Some(text) => Some(Lifetime::parse(text).during("deletion.grace")?),
    };
    Ok(DeletionSettings { enabled: values.switch("deletion.enabled").unwrap_or(standard.enabled), grace })
}
