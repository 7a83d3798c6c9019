//! `[session]`: how long people stay signed in, and where.

use anyhow::{Error, anyhow};
use identity_core::{
    model::session::SessionLimits,
    value::{Lifetime, PublicUrl},
};
use identity_http::CookieDomain;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::Text;

/// How long people stay signed in, and where.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Session {
    /// How long a session lasts without use.
    idle: Text<Lifetime>,
    /// How long a session lasts at most.
    absolute: Text<Lifetime>,
    /// Both of these limits, with "stay signed in".
    remember: Text<Lifetime>,
    /// How long after the password was given something sensitive, such as ending other sessions, needs no password again.
    reauthenticate_after: Text<Lifetime>,
    /// The domain whose hosts share the session, for [the session check for other services](forward-auth.md). It needs `http.public_url`.
    cookie_domain: Option<String>,
}

impl Default for Session {
    fn default() -> Self {
        let standard = SessionLimits::default();
        Self {
            idle: Text(standard.idle),
            absolute: Text(standard.absolute),
            remember: Text(standard.remember),
            reauthenticate_after: Text(standard.reauthenticate_after),
            cookie_domain: None,
        }
    }
}

impl Session {
    pub(super) fn limits(&self) -> SessionLimits {
        SessionLimits {
            idle: self.idle.0,
            absolute: self.absolute.0,
            remember: self.remember.0,
            reauthenticate_after: self.reauthenticate_after.0,
        }
    }

    pub(super) fn cookie_domain(&self, public_url: Option<&PublicUrl>) -> Result<Option<CookieDomain>, Error> {
        match (&self.cookie_domain, public_url) {
            (None, _) => Ok(None),
            (Some(_), None) => Err(anyhow!("session.cookie_domain needs http.public_url")),
            (Some(text), Some(url)) => {
                CookieDomain::parse(text.trim(), url).map(Some).map_err(|error| anyhow!("session.cookie_domain: {error}"))
            }
        }
    }
}
