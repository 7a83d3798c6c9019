//! Passwords: from what was typed to what may be hashed.

mod assess;
mod candidate;
mod change;
mod fold;
mod personal;
mod policy;
mod reading;
mod replace;
mod rule;
mod stored;
mod strength;

pub(crate) use assess::evidence;
pub use assess::{AssessPassword, Assessment};
pub use candidate::{AcceptedPassword, Candidate, PasswordHash, PasswordTooLong};
pub use change::{ChangePassword, ChangePasswordCommand, ChangePasswordError};
pub(crate) use fold::fold;
pub use personal::ContextWords;
pub use policy::{Blocklist, Evidence, PasswordPolicy, Preset};
pub use reading::Readings;
pub use replace::Unacceptable;
pub(crate) use replace::{NewPassword, NewReplacementIds, NotChosen, Replacement, Sessions, chosen, words_of};
pub use rule::{Rule, RuleId};
pub use stored::{Password, RetiredPassword};
pub use strength::{Advice, CommonWords, Measured, Score, Strength};
