//! Throw-away database servers for tests and benchmarks: the machine's own PostgreSQL and MariaDB, each over a folder that nobody
//! else has, on a port of 127.0.0.1. They write as durably as in production, never run as root, and end with the process that
//! started them, however that ends. And the checker of accessibility that browsers run.

mod axe;
mod error;
mod folder;
mod keeper;
mod kind;
mod server;

pub use self::{
    axe::axe_core,
    error::TestbedError,
    kind::{Kind, missing},
    server::DatabaseServer,
};
