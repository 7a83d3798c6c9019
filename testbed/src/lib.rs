//! Throw-away database servers for tests and benchmarks: the machine's own PostgreSQL and MariaDB, each over a folder that nobody
//! else has, on a port of 127.0.0.1. They write as durably as in production, never run as root, and end with the process that
//! started them, however that ends. And what tests need of
//! others' data.

mod error;
mod fetched;
mod folder;
mod keeper;
mod kind;
mod passwords;
mod schemathesis;
mod server;

pub use self::{
    error::TestbedError,
    fetched::{axe_core, common_passwords, html_checker, passphrase_words},
    kind::{Kind, missing},
    passwords::{dressed, generated, passphrases},
    schemathesis::schemathesis,
    server::DatabaseServer,
};
