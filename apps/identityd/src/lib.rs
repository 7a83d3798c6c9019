//! Wires the adapters to the core and serves them. There is no rule in here: see `identity-core`.

mod breached;
mod command;
pub mod config;
mod doctor;
mod logs;
mod say;
mod serve;
mod wire;

pub use command::run;
pub use wire::builder;
