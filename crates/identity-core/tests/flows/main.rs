//! The flows from end to end over the memory store: what people and embedders would miss if it broke.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod account;
mod actors;
mod administration;
mod approval;
mod assisted;
mod bootstrap;
mod codes;
mod email_changes;
mod faults;
mod faults_of_visitors;
mod fields;
mod invitation;
mod lifetimes;
mod link_model;
mod links;
mod login;
mod messages;
mod model;
mod onboarding;
mod outbox;
mod own_sessions;
mod password_change;
mod passwords;
mod pictures;
mod privacy;
mod questions;
mod recovery;
mod registration;
mod renewals;
mod stage;
mod terms;
mod throttle;
mod visitors;
