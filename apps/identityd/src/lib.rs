//! Wires the adapters to the core and serves them. There is no rule in here: see `identity-core`.

mod breached;
mod command;
pub mod config;
mod connections;
mod doctor;
mod logs;
mod mailbox;
mod say;
mod serve;
mod trouble;
mod wire;
mod worker;

pub use command::run;
pub use connections::ConnectionLimits;
pub use serve::{Running, start};
pub use trouble::Trouble;
pub use wire::Installation;
