//! Security questions: off unless an operator declares them, and never more than a step beside another proof (OWASP ASVS 5.0 §6.4.2
//! wants none at all).

mod check;
mod forget;
mod list;
mod set;

pub(crate) use check::{Checked, NotChecked, check};
pub(crate) use forget::doubtful_forgotten;
pub use list::{ListSecurityQuestions, OwnQuestions};
pub use set::{SetSecurityAnswers, SetSecurityAnswersCommand, SetSecurityAnswersError};
