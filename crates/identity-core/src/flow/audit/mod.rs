//! Audit events: who did what to whom, when and from where.

mod list_own;

pub use list_own::ListOwnEvents;
