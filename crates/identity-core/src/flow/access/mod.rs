//! Roles, subscriptions, and who may do what.

mod catalogue;

pub use catalogue::{CatalogueCommand, CatalogueError, DefineEntry, Entry, ManageCatalogue};
