//! `[invitation]`: how long invitations last.

use anyhow::{Error, anyhow};
use identity_core::{model::Settings, value::Lifetime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::Text;

/// How long invitations last, from their sending.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Invitation {
    /// Where the inviter says nothing.
    expires_in: Text<Lifetime>,
    /// The longest that an inviter may choose.
    max_expires_in: Text<Lifetime>,
}

impl Default for Invitation {
    fn default() -> Self {
        Self { expires_in: Text(Settings::INVITATION_LIFETIME), max_expires_in: Text(Settings::MAX_INVITATION_LIFETIME) }
    }
}

impl Invitation {
    /// How long an invitation lasts, and how long at most.
    pub(super) fn lifetimes(&self) -> Result<(Lifetime, Lifetime), Error> {
        let (lifetime, most) = (self.expires_in.0, self.max_expires_in.0);
        if lifetime > most {
            return Err(anyhow!("invitation.expires_in is longer than invitation.max_expires_in"));
        }
        Ok((lifetime, most))
    }
}
