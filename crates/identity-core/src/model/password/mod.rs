//! Passwords: from what was typed to what may be hashed.

mod candidate;
mod normalize;
mod personal;
mod policy;
mod reading;
mod rule;
mod stored;
mod strength;

pub use candidate::{AcceptedPassword, Candidate, PasswordHash, PasswordTooLong};
pub(crate) use normalize::normalize;
pub use personal::ContextWords;
pub use policy::{Blocklist, Evidence, PasswordPolicy, Preset};
pub use reading::Readings;
pub use rule::{Rule, RuleId};
pub use stored::{Password, RetiredPassword};
pub use strength::{Advice, CommonWords, Measured, Score, Strength};
