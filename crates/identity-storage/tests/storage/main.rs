//! The contract on every database, and what each does when it fails.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and says what it saw"
)]

mod contract;
mod database;
mod erased;
mod failures;
mod file;
mod lists;
mod plans;
mod proxy;
mod reconnects;
mod servers;
mod upgrades;
