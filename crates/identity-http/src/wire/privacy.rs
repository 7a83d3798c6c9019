//! What is kept of a person, as the files of an export say it. No secret, no hash, and nothing of anybody else.

use std::collections::BTreeMap;

use identity_core::{
    flow::privacy,
    model::{account, invitation},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{OwnEvent, schema};

/// A deletion of one's own account that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deletion {
    /// When it was asked for (RFC 3339).
    #[schema(value_type = schema::Time)]
    requested_at: String,
    /// From when on the account is erased; until then it can be undone (RFC 3339).
    #[schema(value_type = schema::Time)]
    erase_at: String,
}

impl From<account::Deletion> for Deletion {
    fn from(deletion: account::Deletion) -> Self {
        Self { requested_at: deletion.requested_at.to_string(), erase_at: deletion.erase_at.to_string() }
    }
}

/// The files of an export.
pub(crate) struct Exported {
    pub(crate) account: ExportedAccount,
    pub(crate) sessions: Vec<ExportedSession>,
    pub(crate) events: Vec<OwnEvent>,
    pub(crate) terms: Vec<ExportedAcceptance>,
    pub(crate) invitations: ExportedInvitations,
}

/// `account.json`.
#[derive(Serialize)]
pub(crate) struct ExportedAccount {
    collected_at: String,
    id: String,
    email: String,
    first_name: String,
    last_name: String,
    company_id: String,
    company_name: Option<String>,
    state: &'static str,
    roles: Vec<String>,
    subscriptions: Vec<String>,
    required_actions: Vec<&'static str>,
    created_at: String,
    password_set_at: String,
    profile: ExportedProfile,
    preferences: ExportedPreferences,
    email_change: Option<ExportedEmailChange>,
    deletion: Option<Deletion>,
    /// The steps of the first login that were closed, and how.
    #[serde(rename = "setup")]
    onboarding: BTreeMap<String, &'static str>,
    setup_finished_at: Option<String>,
    /// The questions that are answered, and since when.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    security_questions: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct ExportedProfile {
    phone: Option<String>,
    department: Option<String>,
    job_title: Option<String>,
    /// The file beside this one.
    picture: Option<&'static str>,
    picture_set_at: Option<String>,
    fields: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct ExportedPreferences {
    language: String,
    time_zone: String,
    notifications_switched_off: Vec<String>,
}

#[derive(Serialize)]
struct ExportedEmailChange {
    from: String,
    to: String,
    requested_at: String,
    expires_at: String,
}

/// A session in `sessions.json`.
#[derive(Serialize)]
pub(crate) struct ExportedSession {
    id: String,
    started_at: String,
    used_at: String,
    expires_at: String,
    remembered: bool,
    network: Option<String>,
    device: Option<String>,
}

/// An acceptance in `terms.json`.
#[derive(Serialize)]
pub(crate) struct ExportedAcceptance {
    version: u32,
    language: String,
    accepted_at: String,
}

/// `invitations.json`.
#[derive(Serialize)]
pub(crate) struct ExportedInvitations {
    received: Vec<ReceivedInvitation>,
    sent: Vec<ExportedInvitation>,
}

/// What is one's own of an invitation that one sent: not whom it was for.
#[derive(Serialize)]
struct ExportedInvitation {
    id: String,
    company_id: Option<String>,
    state: &'static str,
    roles: Vec<String>,
    subscriptions: Vec<String>,
    note: Option<String>,
    created_at: String,
    expires_at: String,
}

#[derive(Serialize)]
struct ReceivedInvitation {
    #[serde(flatten)]
    invitation: ExportedInvitation,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    opened_at: Option<String>,
}

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}

fn text<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

impl From<&privacy::OwnData> for Exported {
    fn from(data: &privacy::OwnData) -> Self {
        Self {
            account: data.into(),
            sessions: data.sessions.iter().map(Into::into).collect(),
            events: data.events.iter().map(Into::into).collect(),
            terms: data
                .terms
                .iter()
                .map(|acceptance| ExportedAcceptance {
                    version: acceptance.number,
                    language: acceptance.language.to_string(),
                    accepted_at: acceptance.accepted_at.to_string(),
                })
                .collect(),
            invitations: ExportedInvitations {
                received: data.invitations_received.iter().map(Into::into).collect(),
                sent: data.invitations_sent.iter().map(Into::into).collect(),
            },
        }
    }
}

impl From<&privacy::OwnData> for ExportedAccount {
    fn from(data: &privacy::OwnData) -> Self {
        let account = &data.account;
        let profile = &account.profile;
        let steps = data.onboarding.iter().flat_map(|onboarding| &onboarding.steps);
        Self {
            collected_at: data.collected_at.to_string(),
            id: account.id.to_string(),
            email: account.email.as_str().to_owned(),
            first_name: account.first_name.to_string(),
            last_name: account.last_name.to_string(),
            company_id: account.company.to_string(),
            company_name: text(data.company.as_ref()),
            state: account.state.as_str(),
            roles: texts(&account.roles),
            subscriptions: texts(&account.subscriptions),
            required_actions: account.required_actions.iter().map(|action| action.as_str()).collect(),
            created_at: account.created_at.to_string(),
            password_set_at: data.password_set_at.to_string(),
            profile: ExportedProfile {
                phone: text(profile.phone.as_ref()),
                department: text(profile.department.as_ref()),
                job_title: text(profile.job_title.as_ref()),
                picture: data.picture.as_ref().map(|_| "picture.jpg"),
                picture_set_at: data.picture.as_ref().map(|picture| picture.created_at.to_string()),
                fields: profile.answers.iter().map(|(key, answer)| (key.to_string(), answer.to_string())).collect(),
            },
            preferences: ExportedPreferences {
                language: account.language.to_string(),
                time_zone: account.preferences.time_zone.to_string(),
                notifications_switched_off: texts(&account.preferences.silenced),
            },
            email_change: data.email_change.as_ref().map(|change| ExportedEmailChange {
                from: change.from.as_str().to_owned(),
                to: change.to.as_str().to_owned(),
                requested_at: change.requested_at.to_string(),
                expires_at: change.expires_at.to_string(),
            }),
            deletion: account.deletion.map(Into::into),
            onboarding: steps.map(|(key, step)| (key.to_string(), step.closing.as_str())).collect(),
            setup_finished_at: data.onboarding.as_ref().and_then(|onboarding| text(onboarding.finished_at.as_ref())),
            security_questions: data.security_questions.iter().map(|(key, at)| (key.to_string(), at.to_string())).collect(),
        }
    }
}

impl From<&privacy::KeptSession> for ExportedSession {
    fn from(session: &privacy::KeptSession) -> Self {
        Self {
            id: session.id.to_string(),
            started_at: session.started_at.to_string(),
            used_at: session.used_at.to_string(),
            expires_at: session.expires_at.to_string(),
            remembered: session.remembered,
            network: text(session.client.address.as_ref()),
            device: session.client.device.clone(),
        }
    }
}

impl From<&invitation::Invitation> for ExportedInvitation {
    fn from(invitation: &invitation::Invitation) -> Self {
        Self {
            id: invitation.id.to_string(),
            company_id: text(invitation.company.as_ref()),
            state: invitation.state.as_str(),
            roles: texts(&invitation.roles),
            subscriptions: texts(&invitation.subscriptions),
            note: text(invitation.note.as_ref()),
            created_at: invitation.created_at.to_string(),
            expires_at: invitation.expires_at.to_string(),
        }
    }
}

impl From<&invitation::Invitation> for ReceivedInvitation {
    fn from(invitation: &invitation::Invitation) -> Self {
        Self {
            invitation: invitation.into(),
            email: invitation.email.as_ref().map(|email| email.as_str().to_owned()),
            first_name: text(invitation.first_name.as_ref()),
            last_name: text(invitation.last_name.as_ref()),
            opened_at: text(invitation.opened_at.as_ref()),
        }
    }
}
