use identity_core::{
    flow::email_change::EmailChangeCommand,
    model::{
        audit, email_change,
        password::Candidate,
        session::{self, Client},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FieldErrors, Reader, Secret, schema};
use crate::text::device::Device;

/// The password of the person who is signed in, said again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reauthenticate {
    /// The password in force.
    #[schema(value_type = schema::Password)]
    pub(crate) password: Secret,
}

impl Reauthenticate {
    pub(crate) fn read(&self) -> Result<Candidate, FieldErrors> {
        let mut reader = Reader::default();
        let password = reader.password("password", &self.password);
        reader.finish(password)
    }
}

/// One of one's own sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnSession {
    /// The session's id; not secret.
    #[schema(value_type = schema::Id)]
    id: String,
    /// Whether it is the one that asks.
    is_current: bool,
    /// The browser or the program, as far as it said.
    browser: Option<&'static str>,
    /// The system it runs on, as far as it said.
    system: Option<&'static str>,
    /// The network address that it was started from.
    network: Option<String>,
    /// When it was started (RFC 3339).
    #[schema(value_type = schema::Time)]
    started_at: String,
    /// When it was last used, to the minute (RFC 3339).
    #[schema(value_type = schema::Time)]
    used_at: String,
    /// When it ends at the latest (RFC 3339).
    #[schema(value_type = schema::Time)]
    expires_at: String,
    /// Whether "stay signed in" was chosen.
    remembered: bool,
}

impl OwnSession {
    pub(crate) fn of(session: &session::Session, current: &session::Session) -> Self {
        let device = Device::of(session.client.device.as_deref().unwrap_or_default());
        Self {
            id: session.id.to_string(),
            is_current: session.id == current.id,
            browser: device.browser,
            system: device.system,
            network: session.client.address.map(|address| address.to_string()),
            started_at: session.started_at.to_string(),
            used_at: session.used_at.to_string(),
            expires_at: session.expires_at.to_string(),
            remembered: session.remembered,
        }
    }
}

/// One's own sessions: the one that asks first, then the last used first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnSessions {
    /// The sessions.
    pub(crate) items: Vec<OwnSession>,
}

/// A security event of one's own account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnEvent {
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: String,
    /// When (RFC 3339).
    #[schema(value_type = schema::Time)]
    at: String,
    /// What, by its stable word.
    action: &'static str,
    /// `oneself`, `somebody` who was not signed in, `administrator` or `system`.
    by: &'static str,
    /// The network address it came from, where that is known and not another person's.
    network: Option<String>,
}

impl From<&audit::OwnEvent> for OwnEvent {
    fn from(event: &audit::OwnEvent) -> Self {
        Self {
            id: event.id.to_string(),
            at: event.at.to_string(),
            action: event.action.as_str(),
            by: event.by.as_str(),
            network: event.network.map(|network| network.to_string()),
        }
    }
}

/// A part of the list of events, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnEventPage {
    /// The events.
    pub(crate) items: Vec<OwnEvent>,
    /// Where the next part starts, if there is more.
    pub(crate) next_cursor: Option<String>,
}

/// Asks for another address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestEmailChange {
    /// The new e-mail address.
    #[schema(value_type = schema::Email)]
    pub(crate) email: String,
    /// The password in force.
    #[schema(value_type = schema::Password)]
    pub(crate) current_password: Secret,
}

impl RequestEmailChange {
    pub(crate) fn read(&self, client: Client) -> Result<EmailChangeCommand, FieldErrors> {
        let mut reader = Reader::default();
        let email = reader.email("email", &self.email);
        let current = reader.password("current_password", &self.current_password);
        reader.finish(email.zip(current).map(|(email, current)| EmailChangeCommand { email, current, client }))
    }
}

/// A change of address that waits to be confirmed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EmailChange {
    /// The address that the account is to have.
    email: String,
    /// When it was asked for (RFC 3339).
    #[schema(value_type = schema::Time)]
    requested_at: String,
    /// Until when it can be confirmed (RFC 3339).
    #[schema(value_type = schema::Time)]
    expires_at: String,
}

impl From<&email_change::EmailChange> for EmailChange {
    fn from(change: &email_change::EmailChange) -> Self {
        Self {
            email: change.to.as_str().to_owned(),
            requested_at: change.requested_at.to_string(),
            expires_at: change.expires_at.to_string(),
        }
    }
}
