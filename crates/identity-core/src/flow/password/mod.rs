//! Passwords: from what was typed to what may be hashed.

mod assess;
mod change;
mod replace;

pub(crate) use assess::evidence;
pub use assess::{AssessPassword, Assessment};
pub use change::{ChangePassword, ChangePasswordCommand, ChangePasswordError};
pub use replace::Unacceptable;
pub(crate) use replace::{NewPassword, NewReplacementIds, NotChosen, Replacement, Sessions, chosen, words_of};
