//! `[security]`: how a weakness is reported.

use anyhow::{Error, anyhow};
use identity_core::value::Timestamp;
use identity_http::SecurityTxt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::Text;

/// How a weakness is reported: `/.well-known/security.txt` (RFC 9116). Set both keys, or none.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Security {
    /// `mailto:…`, `https://…` or `tel:…`.
    contact: Option<String>,
    /// Until when the contact is good, such as `2027-06-30T00:00:00Z`.
    expires: Option<Text<Timestamp>>,
}

impl Security {
    pub(super) fn security_txt(&self) -> Result<Option<SecurityTxt>, Error> {
        match (&self.contact, &self.expires) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(anyhow!("security.contact is needed beside security.expires")),
            (Some(_), None) => {
                Err(anyhow!("security.expires is needed beside security.contact: a time such as 2027-06-30T00:00:00Z"))
            }
            (Some(contact), Some(Text(expires))) => {
                SecurityTxt::new(contact, *expires).map(Some).map_err(|error| anyhow!("security.contact: {error}"))
            }
        }
    }
}
