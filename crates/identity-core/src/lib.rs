#![doc = include_str!("../README.md")]

mod error;

pub mod access;
pub mod account;
pub mod audit;
pub mod change;
pub mod company;
pub mod email_change;
pub mod field;
pub mod flows;
pub mod installation;
pub mod invitation;
pub mod link;
pub mod outbox;
pub mod own_data;
pub mod password;
pub mod port;
pub mod question;
pub mod recovery;
pub mod registration;
pub mod session;
pub mod settings;
pub mod setup;
pub mod terms;
pub mod throttle;
pub mod value;
