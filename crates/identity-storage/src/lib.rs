//! The store over SQL databases, through sea-orm.
//!
//! Each aggregate has a module with its reads and the changes it applies, named like the port's. What every table holds is in
//! `entity`; how it came to be, in `migration`; how change sets are committed, in `commit`.

mod account;
mod audit;
mod catalogue;
mod commit;
mod company;
mod connect;
mod convert;
mod entity;
mod error;
mod invitation;
mod ledger;
mod migration;
mod outbox;
mod session;
mod terms;

pub use connect::{DatabaseUrl, Storage};
pub use error::StorageError;
