//! The serialized form of values, with the feature `serde`: the text of each.

use super::{
    AccessText, AccountId, Answer, ChangeSetId, CompanyId, CompanyName, CountryCode, EmailAddress, EmailChangeId, EventId,
    FieldKey, InvitationId, Language, LeaseTicket, Lifetime, Note, NotificationKey, OutboxMessageId, PersonName, PhoneNumber,
    PictureName, ProfileText, QuestionKey, RegistrationId, RetiredPasswordId, RoleKey, SessionId, StepKey, SubscriptionKey,
    TimeZone, TokenDigest, TokenId,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// Serializes types as one text. An error does not repeat the text that cannot be read: it may be personal.
macro_rules! serde_text {
    ($write:expr, $read:expr => $($value:ty),+ $(,)?) => {$(
        impl serde::Serialize for $value {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&Self) -> String = $write;
                serializer.serialize_str(&write(self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $value {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read: fn(&str) -> Option<Self> = $read;
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                read(&text).ok_or_else(|| serde::de::Error::custom(concat!("not a valid ", stringify!($value))))
            }
        }
    )+};
}
pub(crate) use serde_text;

serde_text!(ToString::to_string, |text| text.parse().ok() =>
    AccountId, ChangeSetId, CompanyId, CountryCode, EmailChangeId, EventId, FieldKey, InvitationId, Language, LeaseTicket, Lifetime,
    NotificationKey, OutboxMessageId, PhoneNumber, QuestionKey, RegistrationId, RetiredPasswordId, RoleKey, SessionId, StepKey,
    SubscriptionKey, TimeZone, TokenId);
serde_text!(ToString::to_string, |text| Self::parse(text).ok() =>
    Answer, AccessText, CompanyName, Note, PersonName, ProfileText);
serde_text!(|address| address.as_str().to_owned(), |text| Self::stored(text).ok() => EmailAddress);
serde_text!(|name| name.as_str().to_owned(), Self::parse => PictureName);
serde_text!(|digest| URL_SAFE_NO_PAD.encode(digest.as_bytes()), |text| {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self::from_bytes)
} => TokenDigest);
