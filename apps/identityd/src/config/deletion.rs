//! What is set of deletions of one's own account.

use identity_core::{model::account::DeletionSettings, value::Lifetime};

use super::values::Values;
use crate::trouble::{Trouble, While as _};

/// How long an account can be kept after all, where nothing is said.
const GRACE: &str = "P30D";

pub(super) fn deletion(values: &Values) -> Result<DeletionSettings, Trouble> {
    let grace = match values.text("deletion.grace") {
        // No time at all is no lifetime.
        Some("P0D" | "PT0S") => None,
        text => Some(Lifetime::parse(text.unwrap_or(GRACE)).during("deletion.grace")?),
    };
    Ok(DeletionSettings { enabled: values.switch("deletion.enabled").unwrap_or(true), grace })
}
