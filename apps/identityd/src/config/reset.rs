//! `[reset]`: how people get another password.

use identity_core::{model::recovery::RecoverySettings, value::Lifetime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::{AtMostHours, Text};

/// How people get another password. See [getting people back in](operating.md#getting-people-back-in).
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Reset {
    /// How long a link to a new password works (NIST SP 800-63B-4 §4.2.1.2).
    expires_in: Text<AtMostHours<24>>,
    /// How long a temporary password works that nobody has used.
    temporary_expires_in: Text<AtMostHours<24>>,
    /// How long "This wasn't me" works.
    report_expires_in: Text<Lifetime>,
}

impl Default for Reset {
    fn default() -> Self {
        let standard = RecoverySettings::default();
        Self {
            expires_in: Text(AtMostHours(standard.lifetime)),
            temporary_expires_in: Text(AtMostHours(standard.temporary_lifetime)),
            report_expires_in: Text(standard.report_lifetime),
        }
    }
}

impl Reset {
    pub(super) fn settings(&self) -> RecoverySettings {
        RecoverySettings {
            lifetime: self.expires_in.0.0,
            temporary_lifetime: self.temporary_expires_in.0.0,
            report_lifetime: self.report_expires_in.0,
        }
    }
}
