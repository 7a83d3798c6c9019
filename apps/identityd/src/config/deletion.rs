//! `[deletion]`: how people delete their own accounts.

use identity_core::{model::account::DeletionSettings, value::Lifetime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::{Text, TextValue};

/// How people delete their own accounts. See [people who leave](operating.md#people-who-leave).
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Deletion {
    /// Whether people may delete their own accounts. A deletion that was asked for before stands, and can be undone.
    enabled: bool,
    /// How long an account stays after its person asked for its deletion; `P0D` erases it within a minute. With less than
    /// `email_change.undo_expires_in`, a stranger who took an account over can have it erased before its old address undoes that.
    grace: Text<Grace>,
}

impl Default for Deletion {
    fn default() -> Self {
        let standard = DeletionSettings::default();
        Self { enabled: standard.enabled, grace: Text(Grace(standard.grace)) }
    }
}

impl Deletion {
    pub(super) fn settings(&self) -> DeletionSettings {
        DeletionSettings { enabled: self.enabled, grace: self.grace.0.0 }
    }
}

/// A lifetime, or none at all.
#[derive(Clone, Copy, Debug)]
struct Grace(Option<Lifetime>);

impl TextValue for Grace {
    fn read(text: &str) -> Result<Self, String> {
        match text {
            "P0D" | "PT0S" => Ok(Self(None)),
            text => Lifetime::read(text).map(Some).map(Self),
        }
    }

    fn show(&self) -> String {
        self.0.map_or_else(|| "P0D".to_owned(), |grace| grace.to_string())
    }
}
