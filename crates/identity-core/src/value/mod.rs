//! Values: parsed once at the edge, valid ever after.

mod country;
mod email;
mod id;
mod key;
mod language;
mod lifetime;
mod public_url;
mod text;
mod token;

pub use country::{CountryCode, CountryError};
pub use email::{EmailAddress, EmailError};
pub use id::{
    AccountId, ChangeSetId, CompanyId, EventId, IdError, InvitationId, LeaseTicket, NoticeId, RegistrationId, RetiredPasswordId,
    SessionId, TokenId,
};
pub use key::{KeyError, RoleKey, SubscriptionKey};
pub use language::{Language, LanguageError};
pub use lifetime::{Lifetime, LifetimeError};
pub use public_url::{PublicUrl, PublicUrlError};
pub use text::{CatalogueText, CompanyName, Note, PersonName, TextError};
pub use token::{TokenDigest, TokenKind, TokenSecret};

pub use jiff::{SignedDuration, Timestamp};
