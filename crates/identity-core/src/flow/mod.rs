//! What can be done. Each flow loads what it needs, decides, and commits one set of changes.

mod error;
mod flows;
mod retry;

pub mod access;
pub mod account;
pub mod audit;
pub mod bootstrap;
pub mod company;
pub mod email_change;
pub mod invitation;
pub mod onboarding;
pub mod outbox;
pub mod password;
pub mod privacy;
pub mod question;
pub mod recovery;
pub mod registration;
pub mod session;
pub mod submission;
pub mod terms;
pub(crate) mod throttle;

pub use error::{ErrorKind, Fault, FlowError};
pub use flows::Flows;
