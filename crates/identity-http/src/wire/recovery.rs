use identity_core::{
    flow::password::ChangePasswordCommand,
    model::{password::Candidate, session::Client},
    value::{EmailAddress, Language},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FieldErrors, Reader, Secret, schema};

/// Asks for a link to a new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestReset {
    /// The e-mail address.
    #[schema(value_type = schema::Email)]
    pub(crate) email: String,
    /// The language to write in, where it is not known better.
    #[schema(value_type = Option<schema::LanguageTag>)]
    pub(crate) language: Option<String>,
}

impl RequestReset {
    /// The address, and the language to write in.
    pub(crate) fn read(&self) -> Result<(EmailAddress, Option<Language>), FieldErrors> {
        let mut reader = Reader::default();
        let email = reader.email("email", &self.email);
        let language = reader.optional("language", self.language.as_deref(), Language::parse);
        Ok((reader.finish(email)?, language))
    }
}

/// Sets a new password by a mailed link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompleteReset {
    /// The token of the link.
    #[schema(value_type = schema::Token)]
    pub(crate) token: Secret,
    /// The new password, at most 1024 bytes.
    #[schema(value_type = schema::Password)]
    pub(crate) password: Secret,
    /// The new password again.
    #[schema(value_type = schema::Password)]
    pub(crate) password_confirmation: Secret,
}

/// Reads a new password and its confirmation.
pub(crate) fn new_password(password: &Secret, confirmation: &Secret) -> Result<(Candidate, Candidate), FieldErrors> {
    let mut reader = Reader::default();
    let password = reader.password("password", password);
    let confirmation = reader.password("password_confirmation", confirmation);
    reader.finish(password.zip(confirmation))
}

/// Changes one's own password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    /// The password in force. May be left out by a session that was started by a temporary password a moment ago.
    #[schema(value_type = Option<schema::Password>)]
    pub(crate) current_password: Option<Secret>,
    /// The new password, at most 1024 bytes.
    #[schema(value_type = schema::Password)]
    pub(crate) password: Secret,
    /// The new password again.
    #[schema(value_type = schema::Password)]
    pub(crate) password_confirmation: Secret,
}

impl ChangePassword {
    pub(crate) fn read(self, client: Client) -> Result<ChangePasswordCommand, FieldErrors> {
        let mut reader = Reader::default();
        let current = self.current_password.map(|current| reader.password("current_password", &current));
        let password = reader.password("password", &self.password);
        let confirmation = reader.password("password_confirmation", &self.password_confirmation);
        let command = password.zip(confirmation).map(|(password, confirmation)| ChangePasswordCommand {
            current: current.flatten(),
            password,
            confirmation,
            client,
        });
        reader.finish(command)
    }
}

/// How the person was recognised who asks for a reset.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityCheck {
    /// `in_person`, `video_call`, `call_back`, `document` or `other`.
    pub(crate) method: String,
    /// What speaks for it, at most 200 characters. It stands in the audit log.
    pub(crate) note: String,
}

/// Resets somebody's password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssistedReset {
    /// `link`: a link is mailed; `temporary_password`: one is answered, once, to be told in another way.
    pub(crate) method: String,
    /// How the person was recognised.
    pub(crate) identity_check: IdentityCheck,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssistedResetDone {
    /// The temporary password, where one was asked for: good for one login and for choosing a new one. It is answered this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) temporary_password: Option<String>,
    /// When the temporary password ends by itself (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<schema::Time>)]
    pub(crate) expires_at: Option<String>,
}
