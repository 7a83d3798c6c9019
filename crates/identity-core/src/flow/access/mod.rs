//! Roles, subscriptions, and who may do what.

mod manage;

pub use manage::{AccessCommand, AccessError, DefineEntry, Entry, ManageAccess};
