//! `[email_change]`: how people change their address.

use identity_core::{model::email_change::EmailChangeSettings, value::Lifetime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::Text;

/// How people change their address.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct EmailChange {
    /// How long a new address waits to be confirmed.
    expires_in: Text<Lifetime>,
    /// How long the old address can undo a change, from the request and again from the confirmation. Meanwhile no other account moves to
    /// it, but a person who has its mailbox can register with it ([decision 12](decisions/0012-an-address-that-was-given-up.md)).
    undo_expires_in: Text<Lifetime>,
}

impl Default for EmailChange {
    fn default() -> Self {
        let standard = EmailChangeSettings::default();
        Self { expires_in: Text(standard.lifetime), undo_expires_in: Text(standard.undo_lifetime) }
    }
}

impl EmailChange {
    pub(super) fn settings(&self) -> EmailChangeSettings {
        EmailChangeSettings { lifetime: self.expires_in.0, undo_lifetime: self.undo_expires_in.0 }
    }
}
