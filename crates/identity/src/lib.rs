#![doc = include_str!("../README.md")]

mod builder;
mod connections;
mod erased;
mod error;
mod installation;
mod logged_in;
mod mailbox;
mod running;
mod worker;

pub use builder::Builder;
pub use connections::ConnectionLimits;
pub use error::StartError;
pub use installation::{Installation, ports};
pub use logged_in::LoggedIn;
pub use running::Identity;
pub use worker::Worker;

pub use identity_core as core;
pub use identity_crypto as crypto;
pub use identity_http as http;
pub use identity_mail as mail;
pub use identity_picture as picture;
pub use identity_storage as storage;
