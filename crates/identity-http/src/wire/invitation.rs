use std::collections::{BTreeMap, BTreeSet};

use identity_core::{
    flow::{
        invitation::{AcceptCommand, InviteCommand, Preview as Previewed},
        submission::Submission,
    },
    model::{
        invitation::{self, InvitationState},
        session::Client,
    },
    port::{InvitationFilter, InvitationSummary, Page},
    value::{
        CompanyId, CompanyName, EmailAddress, InvitationId, KeyError, Language, Lifetime, Note, PersonName, RoleKey,
        SubscriptionKey, TimeZone, Timestamp, TokenSecret,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Account, AnswerValue, FieldErrors, Reader, Secret, TermsText, Unread, schema, typed, whole};

/// Whom to invite, to what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Invite {
    /// The invitee's address.
    #[schema(value_type = schema::Email)]
    pub(crate) email: String,
    /// First name, if known.
    #[schema(value_type = Option<schema::PersonName>)]
    pub(crate) first_name: Option<String>,
    /// Last name, if known.
    #[schema(value_type = Option<schema::PersonName>)]
    pub(crate) last_name: Option<String>,
    /// The keys of the roles to give.
    #[serde(default)]
    #[schema(value_type = Vec<schema::Key>)]
    pub(crate) roles: Vec<String>,
    /// The keys of the subscriptions to give.
    #[serde(default)]
    #[schema(value_type = Vec<schema::Key>)]
    pub(crate) subscriptions: Vec<String>,
    /// The language to write in.
    #[schema(value_type = Option<schema::LanguageTag>)]
    pub(crate) language: Option<String>,
    /// The company; the inviter's own where nothing is said.
    #[schema(value_type = Option<schema::Id>)]
    pub(crate) company_id: Option<String>,
    /// How long the invitation lasts, as an ISO 8601 duration such as `P7D`.
    #[schema(value_type = Option<schema::Length>)]
    pub(crate) expires_in: Option<String>,
    /// A few personal words, at most 1000 characters.
    pub(crate) note: Option<String>,
}

fn keys<T: Ord>(keys: &[String], parse: impl Fn(&str) -> Result<T, KeyError>) -> Result<BTreeSet<T>, KeyError> {
    keys.iter().map(|key| parse(key)).collect()
}

impl Invite {
    pub(crate) fn read(self) -> Result<InviteCommand, FieldErrors> {
        let mut reader = Reader::default();
        let email = reader.email("email", &self.email);
        let first_name = reader.optional("first_name", self.first_name.as_deref(), PersonName::parse);
        let last_name = reader.optional("last_name", self.last_name.as_deref(), PersonName::parse);
        let roles = reader.read("roles", keys(&self.roles, RoleKey::parse));
        let subscriptions = reader.read("subscriptions", keys(&self.subscriptions, SubscriptionKey::parse));
        let language = reader.optional("language", self.language.as_deref(), Language::parse);
        let company = reader.optional("company_id", self.company_id.as_deref(), str::parse::<CompanyId>);
        let lifetime = reader.optional("expires_in", self.expires_in.as_deref(), Lifetime::parse);
        let note = reader.optional("note", self.note.as_deref(), Note::parse);
        let command = email.zip(roles).zip(subscriptions).map(|((email, roles), subscriptions)| InviteCommand {
            email,
            first_name,
            last_name,
            roles,
            subscriptions,
            language,
            company,
            lifetime,
            note,
        });
        reader.finish(command)
    }
}

/// How far the newest mail of an invitation has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delivery {
    /// `queued`, `leased` (a worker has it), `sent`, `failed` or `dropped`.
    state: &'static str,
    /// How often sending was begun.
    attempts: u32,
    /// What the last attempt failed with.
    last_error: Option<String>,
    /// When it was sent or given up (RFC 3339).
    #[schema(value_type = Option<schema::Time>)]
    settled_at: Option<String>,
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    #[schema(value_type = schema::Id)]
    id: String,
    #[schema(value_type = Option<schema::Id>)]
    company_id: Option<String>,
    #[schema(value_type = Option<schema::Id>)]
    inviter_id: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    roles: Vec<String>,
    subscriptions: Vec<String>,
    language: String,
    note: Option<String>,
    /// `pending`, `accepted`, `declined`, `expired`, `revoked` or `superseded`.
    state: &'static str,
    /// Until when it can be accepted; starts again with the first sending (RFC 3339).
    #[schema(value_type = schema::Time)]
    expires_at: String,
    #[schema(value_type = schema::Time)]
    created_at: String,
    /// When its page was first opened (RFC 3339).
    #[schema(value_type = Option<schema::Time>)]
    opened_at: Option<String>,
    /// The account that it opened, or that got what it gives.
    #[schema(value_type = Option<schema::Id>)]
    account_id: Option<String>,
    /// How far its newest mail has come; nothing once that is too long ago to be kept.
    delivery: Option<Delivery>,
}

impl Invitation {
    pub(crate) fn of(summary: &InvitationSummary, now: Timestamp) -> Self {
        let InvitationSummary { invitation, delivery } = summary;
        let text = |value: Option<&dyn std::fmt::Display>| value.map(ToString::to_string);
        Self {
            id: invitation.id.to_string(),
            company_id: invitation.company.map(|id| id.to_string()),
            inviter_id: invitation.inviter.map(|id| id.to_string()),
            email: invitation.email.as_ref().map(|email| email.as_str().to_owned()),
            first_name: text(invitation.first_name.as_ref().map(|name| name as _)),
            last_name: text(invitation.last_name.as_ref().map(|name| name as _)),
            roles: invitation.roles.iter().map(ToString::to_string).collect(),
            subscriptions: invitation.subscriptions.iter().map(ToString::to_string).collect(),
            language: invitation.language.to_string(),
            note: text(invitation.note.as_ref().map(|note| note as _)),
            state: invitation.visible_state(now),
            expires_at: invitation.expires_at.to_string(),
            created_at: invitation.created_at.to_string(),
            opened_at: invitation.opened_at.map(|at| at.to_string()),
            account_id: invitation.account.map(|id| id.to_string()),
            delivery: delivery.as_ref().map(|delivery| Delivery {
                state: delivery.state.as_str(),
                attempts: delivery.attempts,
                last_error: delivery.last_error.clone(),
                settled_at: delivery.settled_at.map(|at| at.to_string()),
            }),
        }
    }

    pub(crate) fn alone(invitation: &invitation::Invitation, now: Timestamp) -> Self {
        Self::of(&InvitationSummary { invitation: invitation.clone(), delivery: None }, now)
    }
}

/// A part of the list of invitations, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationPage {
    items: Vec<Invitation>,
    /// Where the next part starts, if there is more.
    next_cursor: Option<String>,
}

impl InvitationPage {
    pub(crate) fn of(page: &Page<InvitationSummary, InvitationId>, now: Timestamp) -> Self {
        Self {
            items: page.items.iter().map(|summary| Invitation::of(summary, now)).collect(),
            next_cursor: page.next.map(|id| id.to_string()),
        }
    }
}

/// Another end for an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeInvitation {
    /// Until when it can be accepted (RFC 3339).
    #[schema(value_type = schema::Time)]
    pub(crate) expires_at: String,
}

impl ChangeInvitation {
    pub(crate) fn read(&self) -> Result<Timestamp, FieldErrors> {
        let mut reader = Reader::default();
        let time = self.expires_at.parse::<Timestamp>().map_err(|_| "use a time such as 2030-01-31T12:00:00Z");
        let time = reader.read("expires_at", time);
        reader.finish(time)
    }
}

/// The secret of a mailed link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkToken {
    /// The last part of the link's path.
    #[schema(value_type = schema::Token)]
    pub(crate) token: Secret,
}

/// What an invitation offers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Preview {
    /// The invited address; `null` in the invitation of the first operator, who says it when accepting.
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// The inviting company's name.
    company: Option<String>,
    /// The inviter's name.
    inviter: Option<String>,
    /// Until when it can be accepted (RFC 3339).
    #[schema(value_type = schema::Time)]
    expires_at: String,
    /// The terms to agree to.
    terms: Option<TermsText>,
    /// How it can be accepted: `register` (`POST /invitations/accept`), `sign_in` (the address has an account: sign in with it, then
    /// `POST /me/invitations/accept`) or `elsewhere` (its account belongs to another company: not at all).
    way: &'static str,
    /// Until when an account that had the address before can have it back by undoing its change (RFC 3339); registering ends that.
    #[schema(value_type = Option<schema::Time>)]
    address_undo_until: Option<String>,
    /// The keys of the roles that it gives.
    roles: Vec<String>,
    /// The keys of the subscriptions that it gives.
    subscriptions: Vec<String>,
}

impl From<&Previewed> for Preview {
    fn from(preview: &Previewed) -> Self {
        let language: &Language = &preview.language;
        Self {
            email: preview.email.as_ref().map(|email| email.as_str().to_owned()),
            first_name: preview.first_name.as_ref().map(ToString::to_string),
            last_name: preview.last_name.as_ref().map(ToString::to_string),
            company: preview.company.as_ref().map(ToString::to_string),
            inviter: preview.inviter.clone(),
            expires_at: preview.expires_at.to_string(),
            terms: TermsText::of(&preview.terms, language),
            way: preview.way.as_str(),
            address_undo_until: preview.address_undo_until.map(|until| until.to_string()),
            roles: preview.roles.iter().map(ToString::to_string).collect(),
            subscriptions: preview.subscriptions.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What an invitee submits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitation {
    /// The last part of the link's path.
    #[schema(value_type = schema::Token)]
    pub(crate) token: Secret,
    /// First name.
    #[schema(value_type = schema::PersonName)]
    pub(crate) first_name: String,
    /// Last name.
    #[schema(value_type = schema::PersonName)]
    pub(crate) last_name: String,
    /// The password, at most 1024 bytes.
    #[schema(value_type = schema::Password)]
    pub(crate) password: Secret,
    /// The password again.
    #[schema(value_type = schema::Password)]
    pub(crate) password_confirmation: Secret,
    /// The version of the terms that was shown and agreed to.
    #[serde(default, deserialize_with = "whole::optional_version")]
    #[schema(value_type = Option<schema::VersionNumber>)]
    pub(crate) accept_terms: Option<u32>,
    /// The first operator's address; only where the preview answers `email: null`.
    #[schema(value_type = Option<schema::Email>)]
    pub(crate) email: Option<String>,
    /// The first company's name; only where the preview answers `email: null`.
    #[schema(value_type = Option<schema::Name>)]
    pub(crate) company_name: Option<String>,
    /// The language of pages and mails.
    #[schema(value_type = Option<schema::LanguageTag>)]
    pub(crate) language: Option<String>,
    /// The time zone of the person's clocks, by its IANA name; `UTC` where nothing is said.
    #[schema(value_type = Option<schema::ZoneName>)]
    pub(crate) time_zone: Option<String>,
    /// Answers to the fields that `GET /fields` answers for `registration`, by their keys.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, AnswerValue>,
}

impl AcceptInvitation {
    /// The registration that is meant, or what can be read of it.
    pub(crate) fn read(self, secret: TokenSecret, client: Client) -> Result<AcceptCommand, Unread<Submission>> {
        let mut reader = Reader::default();
        let language = reader.optional("language", self.language.as_deref(), Language::parse);
        let time_zone = reader.optional("time_zone", self.time_zone.as_deref(), TimeZone::parse);
        let rest = Submission {
            email: reader.optional("email", self.email.as_deref(), |text| EmailAddress::parse(text.trim())),
            first_name: reader.name("first_name", &self.first_name),
            last_name: reader.name("last_name", &self.last_name),
            company_name: reader.optional("company_name", self.company_name.as_deref(), CompanyName::parse),
            password: reader.password("password", &self.password),
            password_confirmation: reader.password("password_confirmation", &self.password_confirmation),
            accepted_terms: self.accept_terms,
            fields: Some(typed(self.fields)),
        };
        let names = rest.first_name.clone().zip(rest.last_name.clone());
        let passwords = rest.password.clone().zip(rest.password_confirmation.clone());
        let command = names.zip(passwords).map(|(names, (password, password_confirmation))| AcceptCommand {
            email: rest.email.clone(),
            company_name: rest.company_name.clone(),
            password_confirmation,
            accepted_terms: rest.accepted_terms,
            language,
            time_zone,
            fields: rest.fields.clone().unwrap_or_default(),
            client,
            ..AcceptCommand::new(secret, names, password)
        });
        reader.finish_or(command, rest)
    }
}

/// The account that an invitation opened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptedInvitation {
    pub(crate) account: Account,
    /// To be kept, and sent with the first login.
    pub(crate) device: String,
}

/// What an invitee with an account agrees to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptAccess {
    /// The last part of the link's path.
    #[schema(value_type = schema::Token)]
    pub(crate) token: Secret,
    /// The version of the terms that was shown and agreed to; needed only where `GET /me/terms` says that one waits.
    #[serde(default, deserialize_with = "whole::optional_version")]
    #[schema(value_type = Option<schema::VersionNumber>)]
    pub(crate) accept_terms: Option<u32>,
}

/// An account with what an invitation gives. The session has another secret, and the one of the request has stopped working.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptedAccess {
    /// The account.
    pub(crate) account: Account,
    /// The session's new secret, answered this once; not there where the session came by cookie, which is set again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
    /// What a script sends as `X-CSRF-Token` beside the new cookie; not there for bearer tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) csrf_token: Option<String>,
}

/// The filter that a word stands for.
pub(crate) fn invitation_filter(word: &str) -> Result<InvitationFilter, &'static str> {
    match word {
        "pending" => Ok(InvitationFilter::Pending),
        "expired" => Ok(InvitationFilter::Expired),
        other => InvitationState::parse(other)
            .map(InvitationFilter::Ended)
            .ok_or("use pending, accepted, declined, expired, revoked or superseded"),
    }
}
