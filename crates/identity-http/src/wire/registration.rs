use std::collections::BTreeMap;

use identity_core::{
    flow::{
        registration::{CompleteCommand, RegisterCommand},
        submission::Submission,
    },
    model::{
        custom_field::{Fields, RawInput},
        registration,
        session::Client,
    },
    value::{CompanyName, CountryCode, Language, TimeZone, TokenSecret},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Account, AnswerValue, Reader, Secret, Unread, answers, schema, typed, whole};

/// Who wants to sign up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignUp {
    /// First name.
    #[schema(value_type = schema::PersonName)]
    pub(crate) first_name: String,
    /// Last name.
    #[schema(value_type = schema::PersonName)]
    pub(crate) last_name: String,
    /// The name of the company, which is opened.
    #[schema(value_type = schema::Name)]
    pub(crate) company_name: String,
    /// Where the company is (ISO 3166-1 alpha-2, such as `DE`).
    #[schema(value_type = schema::Country)]
    pub(crate) country: String,
    /// The e-mail address.
    #[schema(value_type = schema::Email)]
    pub(crate) email: String,
    /// The language to write in.
    #[schema(value_type = Option<schema::LanguageTag>)]
    pub(crate) language: Option<String>,
    /// Answers to the fields that `GET /fields` answers for `registration`, by their keys.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, AnswerValue>,
}

impl SignUp {
    /// The sign-up that is meant; where it cannot be read as a whole, the answers to the operator's fields are the rest of it.
    pub(crate) fn read(self, client: Client) -> Result<RegisterCommand, Unread<RawInput>> {
        let mut reader = Reader::default();
        let (first_name, last_name) = (reader.name("first_name", &self.first_name), reader.name("last_name", &self.last_name));
        let names = first_name.zip(last_name);
        let company_name = reader.company_name("company_name", &self.company_name);
        let country = reader.read("country", CountryCode::parse(&self.country));
        let email = reader.email("email", &self.email);
        let language = reader.optional("language", self.language.as_deref(), Language::parse);
        let fields = typed(self.fields);
        let command =
            email.zip(names).zip(company_name.zip(country)).map(|((email, (first_name, last_name)), (company_name, country))| {
                RegisterCommand { email, first_name, last_name, company_name, country, language, fields: fields.clone(), client }
            });
        reader.finish_or(command, fields)
    }
}

/// What a sign-up is answered with, whatever the address.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedUp {
    /// Its holder may type the code that is mailed, and have the mail sent again.
    pub(crate) flow: String,
}

/// Asks for the mail again, by the flow of the sign-up or by the address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResendActivation {
    /// The e-mail address: a link is mailed again.
    #[schema(value_type = Option<schema::Email>)]
    pub(crate) email: Option<String>,
    /// The flow of the sign-up, instead of the address: link and code are mailed again.
    #[schema(value_type = Option<schema::Token>)]
    pub(crate) flow: Option<Secret>,
    /// The language to write in.
    #[schema(value_type = Option<schema::LanguageTag>)]
    pub(crate) language: Option<String>,
}

/// A code that was mailed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyCode {
    /// The flow of the sign-up.
    #[schema(value_type = schema::Token)]
    pub(crate) flow: Secret,
    /// 8 digits.
    #[schema(value_type = schema::Token)]
    pub(crate) code: Secret,
}

/// What a code is exchanged for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerifiedCode {
    /// The same as a mailed link carries.
    pub(crate) token: String,
}

/// Completes a registration. Names that are left out stay as they were typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompleteRegistration {
    /// The token of the link, or the one that a code was exchanged for.
    #[schema(value_type = schema::Token)]
    pub(crate) token: Secret,
    /// The password, at most 1024 bytes.
    #[schema(value_type = schema::Password)]
    pub(crate) password: Secret,
    /// The password again.
    #[schema(value_type = schema::Password)]
    pub(crate) password_confirmation: Secret,
    /// The version of the terms that was shown.
    #[serde(default, deserialize_with = "whole::optional_version")]
    #[schema(value_type = Option<schema::VersionNumber>)]
    pub(crate) accept_terms: Option<u32>,
    /// First name.
    #[schema(value_type = Option<schema::PersonName>)]
    pub(crate) first_name: Option<String>,
    /// Last name.
    #[schema(value_type = Option<schema::PersonName>)]
    pub(crate) last_name: Option<String>,
    /// The name of the company.
    #[schema(value_type = Option<schema::Name>)]
    pub(crate) company_name: Option<String>,
    /// Where the company is (ISO 3166-1 alpha-2).
    #[schema(value_type = Option<schema::Country>)]
    pub(crate) country: Option<String>,
    /// The language of pages and mails.
    #[schema(value_type = Option<schema::LanguageTag>)]
    pub(crate) language: Option<String>,
    /// The time zone of the person's clocks, by its IANA name; `UTC` where nothing is said.
    #[schema(value_type = Option<schema::ZoneName>)]
    pub(crate) time_zone: Option<String>,
    /// Answers to the fields that `GET /fields` answers for `registration`, by their keys, all of them; those of the sign-up
    /// where this is left out.
    pub(crate) fields: Option<BTreeMap<String, AnswerValue>>,
}

impl CompleteRegistration {
    /// The registration that is meant, or what can be read of it.
    pub(crate) fn read(self, secret: TokenSecret, client: Client) -> Result<CompleteCommand, Unread<Submission>> {
        let mut reader = Reader::default();
        let first_name = self.first_name.as_deref().and_then(|name| reader.name("first_name", name));
        let last_name = self.last_name.as_deref().and_then(|name| reader.name("last_name", name));
        let company_name = reader.optional("company_name", self.company_name.as_deref(), CompanyName::parse);
        let country = reader.optional("country", self.country.as_deref(), CountryCode::parse);
        let language = reader.optional("language", self.language.as_deref(), Language::parse);
        let time_zone = reader.optional("time_zone", self.time_zone.as_deref(), TimeZone::parse);
        let rest = Submission {
            email: None,
            first_name,
            last_name,
            company_name,
            password: reader.password("password", &self.password),
            password_confirmation: reader.password("password_confirmation", &self.password_confirmation),
            accepted_terms: self.accept_terms,
            fields: self.fields.map(typed),
        };
        let passwords = rest.password.clone().zip(rest.password_confirmation.clone());
        let command = passwords.map(|(password, password_confirmation)| CompleteCommand {
            secret,
            first_name: rest.first_name.clone(),
            last_name: rest.last_name.clone(),
            company_name: rest.company_name.clone(),
            country,
            password,
            password_confirmation,
            accepted_terms: rest.accepted_terms,
            language,
            time_zone,
            fields: rest.fields.clone(),
            client,
        });
        reader.finish_or(command, rest)
    }
}

/// A completed registration.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletedRegistration {
    /// `completed`, or `awaiting_approval` where an operator decides.
    pub(crate) state: &'static str,
    /// The account, where the person is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<Account>,
    /// To be kept, and sent with the first login; for the person alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<String>,
}

/// A registration, as operators see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Registration {
    /// Its id.
    #[schema(value_type = schema::Id)]
    id: String,
    /// `requested`, `awaiting_approval`, `completed` or `rejected`.
    state: &'static str,
    /// The e-mail address.
    email: String,
    /// First name.
    first_name: String,
    /// Last name.
    last_name: String,
    /// The name of the new company.
    company_name: String,
    /// Where the company is (ISO 3166-1 alpha-2).
    country: String,
    /// The language of the mails.
    language: String,
    /// When somebody signed up (RFC 3339).
    #[schema(value_type = schema::Time)]
    requested_at: String,
    /// When the person set a password and began to wait (RFC 3339).
    #[schema(value_type = Option<schema::Time>)]
    submitted_at: Option<String>,
    /// When it lapses by itself (RFC 3339).
    #[schema(value_type = schema::Time)]
    expires_at: String,
    /// The account that it opened.
    #[schema(value_type = Option<schema::Id>)]
    account_id: Option<String>,
    /// Answers to the operator's fields, by their keys.
    fields: BTreeMap<String, AnswerValue>,
}

impl Registration {
    pub(crate) fn of(registration: &registration::Registration, fields: &Fields) -> Self {
        Self {
            id: registration.id.to_string(),
            state: registration.state.as_str(),
            email: registration.email.as_str().to_owned(),
            first_name: registration.first_name.to_string(),
            last_name: registration.last_name.to_string(),
            company_name: registration.company_name.to_string(),
            country: registration.country.to_string(),
            language: registration.language.to_string(),
            requested_at: registration.requested_at.to_string(),
            submitted_at: registration.application.as_ref().map(|application| application.submitted_at.to_string()),
            expires_at: registration.expires_at.to_string(),
            account_id: registration.account.map(|account| account.to_string()),
            fields: answers(fields, &registration.answers),
        }
    }
}

/// A part of the list of registrations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegistrationPage {
    /// The registrations.
    pub(crate) items: Vec<Registration>,
    /// Where the next part starts, if there is more.
    pub(crate) next_cursor: Option<String>,
}
