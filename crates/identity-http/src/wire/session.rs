use identity_core::{
    flow::session::LogInCommand,
    model::session::{self, Client},
    value::{TokenKind, TokenSecret},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Account, FieldErrors, Reader, Secret, schema};

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogIn {
    /// The e-mail address.
    #[schema(value_type = schema::Email)]
    pub(crate) email: String,
    /// The password, at most 1024 bytes.
    #[schema(value_type = schema::Password)]
    pub(crate) password: Secret,
    /// Whether to stay signed in for longer.
    #[serde(default)]
    pub(crate) remember: bool,
    /// The `device` that an earlier login was answered with: what strangers try for the address does not hold this one up.
    #[schema(value_type = Option<schema::Token>)]
    pub(crate) device: Option<Secret>,
}

impl LogIn {
    pub(crate) fn read(self, client: Client) -> Result<LogInCommand, FieldErrors> {
        let mut reader = Reader::default();
        let (email, password) = (reader.email("email", &self.email), reader.password("password", &self.password));
        let (email, password) = reader.finish(email.zip(password))?;
        // What is no device is one that is not known.
        let device = self.device.and_then(|device| TokenSecret::parse(TokenKind::Device, device.expose()));
        Ok(LogInCommand { email, password, remember: self.remember, device, replaces: None, client })
    }
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// The session's id; not secret.
    #[schema(value_type = schema::Id)]
    id: String,
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

impl From<&session::Session> for Session {
    fn from(session: &session::Session) -> Self {
        Self {
            id: session.id.to_string(),
            started_at: session.started_at.to_string(),
            used_at: session.used_at.to_string(),
            expires_at: session.expires_at.to_string(),
            remembered: session.remembered,
        }
    }
}

/// A session that was just started. The token is answered this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoggedIn {
    /// The session's secret: send it as `Authorization: Bearer …`.
    pub(crate) token: String,
    /// The session.
    pub(crate) session: Session,
    /// Whose it is.
    pub(crate) account: Account,
    /// What has to be done before anything else.
    pub(crate) required_actions: Vec<&'static str>,
    /// To be kept, and sent with the next login; not there where the one that was sent is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<String>,
}

/// The session that a request came with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CurrentSession {
    /// The session.
    pub(crate) session: Session,
    /// Whose it is.
    pub(crate) account: Account,
    /// The keys of the account's roles.
    pub(crate) roles: Vec<String>,
    /// The keys of the account's subscriptions.
    pub(crate) subscriptions: Vec<String>,
    /// What has to be done before anything else.
    pub(crate) required_actions: Vec<&'static str>,
    /// What a script sends as `X-CSRF-Token` beside the session cookie; not there for bearer tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) csrf_token: Option<String>,
}
