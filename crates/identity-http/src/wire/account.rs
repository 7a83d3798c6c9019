use std::collections::BTreeMap;

use identity_core::{
    flow,
    model::{
        Settings,
        account::{self, RequiredAction},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Deletion,
    field::{AnswerValue, answers},
};

use super::schema;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Account {
    /// The account's id.
    #[schema(value_type = schema::Id)]
    id: String,
    /// The company it belongs to.
    #[schema(value_type = schema::Id)]
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
    #[schema(value_type = schema::Time)]
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

/// What is kept of a person beyond name and address.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Profile {
    /// The phone number, in its international form without spaces.
    phone: Option<String>,
    /// The department.
    department: Option<String>,
    /// The job title.
    job_title: Option<String>,
    /// Where the picture is, for the people who may see it.
    picture: Option<String>,
    /// Answers to the operator's fields, by their keys.
    fields: BTreeMap<String, AnswerValue>,
}

impl Profile {
    pub(super) fn of(profile: &account::Profile, settings: &Settings) -> Self {
        Self {
            phone: profile.phone.as_ref().map(ToString::to_string),
            department: profile.department.as_ref().map(ToString::to_string),
            job_title: profile.job_title.as_ref().map(ToString::to_string),
            picture: profile.picture.as_ref().map(|name| format!("/pictures/{name}")),
            fields: answers(&settings.fields, &profile.answers),
        }
    }
}

/// An account, as an administrator sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountDetails {
    #[serde(flatten)]
    account: Account,
    #[serde(flatten)]
    profile: Profile,
    /// The name of its company.
    company_name: Option<String>,
    /// What has to be done before anything else.
    required_actions: Vec<&'static str>,
    /// Passwords tried for its address in a row without success.
    failed_logins: u32,
    /// Before this time none is tried (RFC 3339).
    #[schema(value_type = Option<schema::Time>)]
    locked_until: Option<String>,
    /// The deletion that its person has asked for.
    deletion: Option<Deletion>,
}

impl AccountDetails {
    pub(crate) fn of(details: &flow::account::AccountDetails, settings: &Settings) -> Self {
        Self {
            account: (&details.account).into(),
            profile: Profile::of(&details.account.profile, settings),
            company_name: details.company.as_ref().map(|company| company.name.to_string()),
            required_actions: settings.required_of(&details.account).map(RequiredAction::as_str).collect(),
            failed_logins: details.failed_logins,
            locked_until: details.locked_until.map(|until| until.to_string()),
            deletion: details.account.deletion.map(Into::into),
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
