//! `[branding]`: whose installation this is.

use anyhow::{Error, anyhow};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose installation this is.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Branding {
    /// The name of the product, as pages and mails say it; 1 to 60 characters.
    product_name: String,
}

impl Default for Branding {
    fn default() -> Self {
        Self { product_name: "Identity".to_owned() }
    }
}

impl Branding {
    pub(super) fn product_name(&self) -> Result<String, Error> {
        let name = &self.product_name;
        if name.trim().is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
            return Err(anyhow!("branding.product_name: use 1 to 60 characters on one line"));
        }
        Ok(name.clone())
    }
}
