use identity_core::account;
use serde::Serialize;
use utoipa::ToSchema;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Account {
    /// The account's id.
    id: String,
    /// The company it belongs to.
    company_id: String,
    /// The e-mail address.
    email: String,
    /// First name.
    first_name: String,
    /// Last name.
    last_name: String,
    /// The language of pages and mails.
    language: String,
    /// `active` or `disabled`.
    state: &'static str,
    /// The keys of its roles.
    roles: Vec<String>,
    /// The keys of its subscriptions.
    subscriptions: Vec<String>,
    /// When it was opened (RFC 3339).
    created_at: String,
}

impl From<&account::Account> for Account {
    fn from(account: &account::Account) -> Self {
        Self {
            id: account.id.to_string(),
            company_id: account.company.to_string(),
            email: account.email.as_str().to_owned(),
            first_name: account.first_name.to_string(),
            last_name: account.last_name.to_string(),
            language: account.language.to_string(),
            state: account.state.as_str(),
            roles: account.roles.iter().map(ToString::to_string).collect(),
            subscriptions: account.subscriptions.iter().map(ToString::to_string).collect(),
            created_at: account.created_at.to_string(),
        }
    }
}
