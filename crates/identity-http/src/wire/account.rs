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

/// An account, as an administrator sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountDetails {
    #[serde(flatten)]
    account: Account,
    /// The name of its company.
    company_name: Option<String>,
    /// What has to be done before anything else.
    required_actions: Vec<&'static str>,
    /// Passwords tried for its address in a row without success.
    failed_logins: u32,
    /// Before this time none is tried (RFC 3339).
    locked_until: Option<String>,
}

impl From<&account::AccountDetails> for AccountDetails {
    fn from(details: &account::AccountDetails) -> Self {
        Self {
            account: (&details.account).into(),
            company_name: details.company.as_ref().map(|company| company.name.to_string()),
            required_actions: details.account.required_actions.iter().map(|action| action.as_str()).collect(),
            failed_logins: details.failed_logins,
            locked_until: details.locked_until.map(|until| until.to_string()),
        }
    }
}

/// A part of the list of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountPage {
    /// The accounts.
    pub(crate) items: Vec<Account>,
    /// Where the next part starts, if there is more.
    pub(crate) next_cursor: Option<String>,
}
