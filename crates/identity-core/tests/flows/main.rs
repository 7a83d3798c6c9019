//! The flows from end to end over the memory store: what people and embedders would miss if it broke.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod actors;
mod administration;
mod faults;
mod installation;
mod invitation;
mod links;
mod login;
mod model;
mod outbox;
mod stage;
