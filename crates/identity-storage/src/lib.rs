#![doc = include_str!("../README.md")]

mod access;
mod account;
mod audit;
mod company;
mod connections;
mod convert;
mod email_change;
mod entity;
mod erasure;
mod error;
mod index;
mod invitation;
mod link;
mod listed;
mod migration;
mod onboarding;
mod open;
mod outbox;
mod picture;
mod question;
mod registration;
mod session;
mod terms;
#[cfg(feature = "testing")]
pub mod testing;
mod throttle;
mod write;

pub use error::StorageError;
pub use open::{DatabaseUrl, PoolLimits, Storage};
