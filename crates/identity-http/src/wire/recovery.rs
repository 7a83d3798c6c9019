use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Secret, schema};

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
