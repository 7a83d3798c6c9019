//! Sessions: who is signed in, and until when.

pub(crate) mod attempt;
mod check;
mod log_in;
mod log_out;
mod manage;
mod reauthenticate;

pub use check::CheckSession;
pub use log_in::{LogIn, LogInCommand, LogInError, LoggedIn};
pub use log_out::LogOut;
pub use manage::{ManageSessions, ManageSessionsError};
pub use reauthenticate::{Reauthenticate, ReauthenticateError};
