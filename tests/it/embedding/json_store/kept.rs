//! How values of the core stand in JSON. The core knows no serde: each value is written and read by its own words.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use identity_core::{
    model::{
        access::GrantableBy,
        account::{AccountState, RequiredAction},
        email_change::EmailChangeState,
        invitation::InvitationState,
        onboarding::Closing,
        password::PasswordHash,
        registration::RegistrationState,
        throttle::Bucket,
    },
    value::{
        AccountId, Answer, CatalogueText, ChangeSetId, CompanyId, CompanyName, CountryCode, EmailAddress, EmailChangeId, EventId,
        FieldKey, InvitationId, Language, LeaseTicket, Lifetime, Note, NotificationKey, OutboxMessageId, PersonName, PhoneNumber,
        PictureName, ProfileText, QuestionKey, RegistrationId, RetiredPasswordId, RoleKey, SessionId, StepKey, SubscriptionKey,
        TimeZone, Timestamp, TokenDigest, TokenId,
    },
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// What can be kept in the file.
pub(super) trait Kept: Sized {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

/// For `#[serde(with = "kept")]`.
pub(super) fn serialize<T: Kept, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    value.write(to)
}

/// For `#[serde(with = "kept")]`.
pub(super) fn deserialize<'de, T: Kept, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::read(from)
}

/// A value on its way into the file.
pub(super) struct Written<'a, T>(pub(super) &'a T);

impl<T: Kept> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to)
    }
}

/// A value that came out of the file.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Read<T>(pub(super) T);

impl<'de, T: Kept> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::read(from).map(Self)
    }
}

/// Values that are one text. What cannot be read is not repeated in the error: it may be personal.
macro_rules! texts {
    ($write:expr, $read:expr => $($value:ty),+) => {$(
        impl Kept for $value {
            fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let write: fn(&Self) -> String = $write;
                to.serialize_str(&write(self))
            }

            fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let read: fn(&str) -> Option<Self> = $read;
                read(&String::deserialize(from)?).ok_or_else(|| D::Error::custom(concat!("no ", stringify!($value))))
            }
        }
    )+};
}

texts!(ToString::to_string, |text| text.parse().ok() =>
    AccountId, ChangeSetId, CompanyId, EmailChangeId, EventId, InvitationId, LeaseTicket, OutboxMessageId, RegistrationId, RetiredPasswordId, SessionId,
        TokenId, RoleKey, SubscriptionKey, FieldKey, NotificationKey, QuestionKey, StepKey, CountryCode, Language, Lifetime, PhoneNumber, TimeZone, Timestamp,
    IpAddr);
texts!(ToString::to_string, |text| Self::parse(text).ok() => Answer, CatalogueText, CompanyName, Note, PersonName, ProfileText);
texts!(|value| value.as_str().to_owned(), |text| Self::stored(text).ok() => EmailAddress);
texts!(|value| value.as_str().to_owned(), Self::parse =>
    AccountState, Closing, EmailChangeState, GrantableBy, InvitationState, PictureName, RegistrationState, RequiredAction);
texts!(|value| value.expose().to_owned(), |text| Some(Self::from_phc(text.to_owned())) => PasswordHash);
texts!(|value| URL_SAFE_NO_PAD.encode(value.as_bytes()), |text| {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self::from_bytes)
} => Bucket, TokenDigest);
texts!(|bytes| URL_SAFE_NO_PAD.encode(bytes), |text| URL_SAFE_NO_PAD.decode(text).ok().map(Self::from) => Arc<[u8]>);

/// What serde knows, and what has a form of its own beside it.
macro_rules! by_serde {
    ($($value:ty as $form:ty),+ $(,)?) => {$(
        impl Kept for $value {
            fn write<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                <$form>::serialize(self, to)
            }

            fn read<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <$form>::deserialize(from)
            }
        }
    )+};
}
pub(super) use by_serde;

by_serde!(bool as bool, u32 as u32, String as String, [u8; 16] as [u8; 16], [u8; 32] as [u8; 32]);

impl<T: Kept> Kept for Option<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Written).serialize(to)
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::<Read<T>>::deserialize(from)?.map(|Read(value)| value))
    }
}

impl<T: Kept> Kept for Vec<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Written))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::<Read<T>>::deserialize(from)?.into_iter().map(|Read(value)| value).collect())
    }
}

impl<T: Kept + Ord> Kept for BTreeSet<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Written))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::read(from)?.into_iter().collect())
    }
}

impl<K: Kept + Ord, V: Kept> Kept for BTreeMap<K, V> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter().map(|(key, value)| (Written(key), Written(value))))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = BTreeMap::<Read<K>, Read<V>>::deserialize(from)?;
        Ok(read.into_iter().map(|(Read(key), Read(value))| (key, value)).collect())
    }
}
