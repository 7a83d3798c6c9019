//! The real binary against real databases, mail servers and browsers, and a host that embeds the domain.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed, and waiting for another process means looking again"
)]

mod browser_account;
mod browser_journey;
mod browser_links;
mod browser_looks;
mod common_passwords;
mod connections;
mod crash;
mod edges;
mod embedding;
mod erasure;
mod forward_auth;
mod guessing;
mod hijack;
mod journey_api;
mod mission_invited;
mod mission_register;
mod mission_reset;
mod onboarding;
mod openapi;
mod peppers;
mod pgbouncer;
mod pictures;
mod races;
mod replicas;
mod scanners;
mod security_questions;
mod smtp;
mod store_health;
mod support;
mod terms_and_access;
mod upgrade;
