//! One id type per entity: UUID version 7 (RFC 9562), generated from the clock and entropy ports.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use uuid::{Builder, Uuid};

/// The text is not a UUID in its hyphenated form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID such as 0190163d-8694-739b-aea5-966c26f8ad91")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id: 48 bits of Unix milliseconds, 74 bits of `random`.
            #[must_use]
            pub fn generate(now: Timestamp, random: &[u8; 10]) -> Self {
                let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
                Self(Builder::from_unix_timestamp_millis(millis, random).into_uuid())
            }

            /// An id read back from where it was kept.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for adapters.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                // Only the hyphenated form, so that one id has one spelling in addresses and logs.
                if text.len() != 36 {
                    return Err(IdError);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }
    )+};
}

ids! {
    /// A person's account.
    AccountId,
    /// A company: the tenant that accounts and invitations belong to.
    CompanyId,
    /// An invitation.
    InvitationId,
    /// A session.
    SessionId,
    /// A message in the outbox; also the left part of its mail's Message-ID.
    OutboxMessageId,
    /// An audit event.
    EventId,
    /// A change set: applying the same id again answers what the first application answered.
    ChangeSetId,
    /// The claim of one worker on leased messages.
    LeaseTicket,
    /// A self-registration.
    RegistrationId,
    /// A password that was replaced.
    RetiredPasswordId,
    /// A change of an account's address.
    EmailChangeId,
}

/// A mailed link. Derived from the link's own secret and not secret itself, so that a page can name a
/// link without any look-up, whether the link exists or not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(Uuid);

impl TokenId {
    /// The id that belongs to a secret; see [`crate::value::TokenSecret::id`].
    pub(crate) const fn derived(bytes: [u8; 16]) -> Self {
        Self(Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// An id read back from where it was kept.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The bare UUID (version 8), for adapters.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({})", self.0)
    }
}

impl FromStr for TokenId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.len() != 36 {
            return Err(IdError);
        }
        Uuid::try_parse(text).map(Self).map_err(|_| IdError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_ids_are_version_7_and_sort_by_time() {
        let early = AccountId::generate(Timestamp::from_second(1_000).unwrap(), &[0xff; 10]);
        let late = AccountId::generate(Timestamp::from_second(1_001).unwrap(), &[0; 10]);
        assert_eq!(early.as_uuid().get_version_num(), 7);
        assert!(early < late);
    }

    #[test]
    fn one_id_has_one_spelling() {
        let id = AccountId::generate(Timestamp::from_second(1_000).unwrap(), &[7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.as_uuid().simple().to_string().parse::<AccountId>(), Err(IdError));
        assert_eq!(format!("{{{id}}}").parse::<AccountId>(), Err(IdError));
    }
}
