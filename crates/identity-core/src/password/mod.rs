//! Passwords: from what was typed to what may be hashed.

mod assess;
mod candidate;
mod fold;
mod personal;
mod policy;
mod rule;

pub(crate) use assess::evidence;
pub use assess::{AssessPassword, Assessment};
pub use candidate::{AcceptedPassword, Candidate, PasswordHash, PasswordTooLong};
pub use fold::stem;
pub use personal::PersonalWords;
pub use policy::{Blocklist, Evidence, PasswordPolicy, Preset};
pub use rule::{Rule, RuleId};
