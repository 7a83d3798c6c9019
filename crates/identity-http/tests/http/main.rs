//! The API and the pages over the memory store: what browsers, programs and attackers would notice if it broke.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]

mod access;
mod accounts;
mod authorization;
mod bodies;
mod change_password;
mod companies;
mod compression;
mod documented;
mod feedback;
mod fields;
mod forgery;
mod forward_auth;
mod html;
mod links;
mod login;
mod me;
mod onboarding;
mod openapi;
mod other_account;
mod output;
mod overload;
mod pictures;
mod privacy;
mod readers;
mod recovery;
mod registration;
mod routes;
mod security;
mod security_questions;
mod support;
mod sweep;
mod tabs;
mod terms;
mod throttle;
mod way;
