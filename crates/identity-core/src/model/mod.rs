//! What there is, and how it changes: pure state and its transitions. Nothing here waits, and nothing here knows a port.

pub mod access;
pub mod account;
pub mod audit;
pub mod company;
pub mod custom_field;
pub mod email_change;
pub mod invitation;
pub mod link;
pub mod onboarding;
pub mod outbox;
pub mod password;
pub mod privacy;
pub mod question;
pub mod recovery;
pub mod registration;
#[cfg(feature = "serde")]
mod serialized;
pub mod session;
mod settings;
pub mod terms;
pub mod throttle;

pub use settings::Settings;
