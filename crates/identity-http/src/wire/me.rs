use std::{collections::BTreeMap, fmt, marker::PhantomData};

use identity_core::{
    flow::account::{Edit, EditAccountCommand},
    model::{Settings, account, session::Client},
    value::{Language, NotificationKey, ProfileText, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, de::Visitor};
use utoipa::ToSchema;

use super::{
    Account, Deletion, Reader, Unread,
    account::Profile,
    field::{AnswerValue, typed},
    schema,
};

/// One's own account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    #[serde(flatten)]
    account: Account,
    #[serde(flatten)]
    profile: Profile,
    /// The time zone, by its name in the IANA database.
    time_zone: String,
    /// Kinds of notifications that may be switched off, and whether they are mailed.
    notifications: BTreeMap<String, bool>,
    /// The deletion that was asked for; until it is due it can be undone.
    deletion: Option<Deletion>,
}

impl Me {
    pub(crate) fn of(account: &account::Account, settings: &Settings) -> Self {
        let silenced = &account.preferences.silenced;
        Self {
            account: account.into(),
            profile: Profile::of(&account.profile, settings),
            time_zone: account.preferences.time_zone.to_string(),
            notifications: settings
                .switchable(account)
                .into_iter()
                .map(|key| (key.to_string(), !silenced.contains(&key)))
                .collect(),
            deletion: account.deletion.map(Into::into),
        }
    }
}

/// A field that was sent, if only as `null`, or as an empty field of a form.
fn sent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    deserializer.deserialize_option(Sent(PhantomData))
}

struct Sent<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Sent<T> {
    type Value = Option<Option<T>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value or null")
    }

    /// A field that a form does not have.
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Some(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::deserialize(deserializer).map(|value| Some(Some(value)))
    }
}

/// What to change of one's own account. What is left out stays as it is; `null` empties a field.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EditAccount {
    /// First name; cannot be emptied.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<schema::PersonName>)]
    first_name: Option<Option<String>>,
    /// Last name; cannot be emptied.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<schema::PersonName>)]
    last_name: Option<Option<String>>,
    /// The phone number with `+` and the country's code, grouped as you like.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    /// The department, at most 100 characters.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<schema::ProfileText>)]
    department: Option<Option<String>>,
    /// The job title, at most 100 characters.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<schema::ProfileText>)]
    job_title: Option<Option<String>>,
    /// The language of pages and mails; emptied, it is the installation's.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<schema::LanguageTag>)]
    language: Option<Option<String>>,
    /// The time zone, by its name in the IANA database; emptied, it is `UTC`.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<schema::ZoneName>)]
    pub(crate) time_zone: Option<Option<String>>,
    /// For kinds of notifications, whether they are mailed; emptied, all of them are.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<BTreeMap<String, bool>>)]
    notifications: Option<Option<BTreeMap<String, bool>>>,
    /// Answers to the fields that `GET /fields` answers for `profile`, by their keys; those that are left out stay, an empty text takes
    /// an answer back.
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, AnswerValue>,
}

fn edit<T, E: std::fmt::Display>(
    reader: &mut Reader,
    field: &str,
    sent: Option<Option<String>>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Edit<T> {
    match sent {
        None => Edit::Keep,
        Some(None) => Edit::Clear,
        Some(Some(text)) => reader.read(field, read(&text)).map_or(Edit::Keep, Edit::Set),
    }
}

impl EditAccount {
    /// The edit that is meant; where it cannot be read as a whole, the rest of it. `known` are the kinds of notifications that there are for
    /// the account.
    pub(crate) fn read(
        self,
        known: Vec<NotificationKey>,
        client: Client,
    ) -> Result<EditAccountCommand, Unread<EditAccountCommand>> {
        let mut reader = Reader::default();
        let mut name = |field, sent: Option<Option<String>>| match sent {
            None => None,
            // As an empty text is.
            Some(text) => reader.name(field, text.as_deref().unwrap_or_default()),
        };
        let (first_name, last_name) = (name("first_name", self.first_name), name("last_name", self.last_name));
        let notifications = match self.notifications {
            None => BTreeMap::new(),
            Some(None) => known.into_iter().map(|key| (key, true)).collect(),
            Some(Some(wanted)) => {
                let key = |text: &str| NotificationKey::parse(text);
                if wanted.keys().any(|text| key(text).is_err()) {
                    reader.read::<(), _>("notifications", Err("send keys that GET /api/v1/me answers"));
                }
                wanted.iter().filter_map(|(text, wanted)| Some((key(text).ok()?, *wanted))).collect()
            }
        };
        let command = EditAccountCommand {
            first_name,
            last_name,
            phone: self.phone.map_or(Edit::Keep, |phone| phone.map_or(Edit::Clear, Edit::Set)),
            department: edit(&mut reader, "department", self.department, ProfileText::parse),
            job_title: edit(&mut reader, "job_title", self.job_title, ProfileText::parse),
            language: edit(&mut reader, "language", self.language, Language::parse),
            time_zone: edit(&mut reader, "time_zone", self.time_zone, TimeZone::parse),
            notifications,
            fields: typed(self.fields),
            client,
        };
        reader.finish_or(Some(command.clone()), command)
    }
}
