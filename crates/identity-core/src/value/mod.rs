//! Values: parsed once at the edge, valid ever after.

mod country;
mod email;
mod id;
mod key;
mod language;
mod lifetime;
mod pasted;
mod phone;
mod picture_name;
mod public_url;
#[cfg(feature = "serde")]
mod serialized;
mod text;
mod time_zone;
mod token;
mod vocabulary;

pub use country::{CountryCode, CountryError};
pub use email::{EmailAddress, EmailError};
pub use id::{
    AccountId, ChangeSetId, CompanyId, EmailChangeId, EventId, IdError, InvitationId, LeaseTicket, OutboxMessageId, RegistrationId,
    RetiredPasswordId, SessionId, TokenId,
};
pub use key::{FieldKey, KeyError, NotificationKey, QuestionKey, RoleKey, StepKey, SubscriptionKey};
pub use language::{Language, LanguageError};
pub use lifetime::{Lifetime, LifetimeError};
pub use pasted::with_ascii_digits;
pub(crate) use pasted::{digit, is_grouping};
pub use phone::{PhoneNumber, PhoneNumberError};
pub use picture_name::PictureName;
pub use public_url::{PublicUrl, PublicUrlError};
#[cfg(feature = "serde")]
pub(crate) use serialized::serde_text;
pub use text::{AccessText, Answer, CompanyName, Note, PersonName, ProfileText, TextError};
pub use time_zone::{TimeZone, TimeZoneError};
pub use token::{TokenDigest, TokenKind, TokenSecret};
pub(crate) use vocabulary::vocabulary;

pub use jiff::{SignedDuration, Timestamp};
