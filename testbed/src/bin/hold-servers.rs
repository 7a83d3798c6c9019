//! Starts a server of each kind, says how far it is, and holds them until it is killed: for the tests of what stays then.

#![expect(clippy::print_stdout, reason = "it tells its test how far it is")]

use identity_testbed::{DatabaseServer, Kind, TestbedError};

fn main() -> Result<(), TestbedError> {
    println!("starts");
    let _postgres = DatabaseServer::start(Kind::Postgres)?;
    println!("starts the other");
    let _mariadb = DatabaseServer::start(Kind::MariaDb)?;
    println!("has both");
    loop {
        std::thread::park();
    }
}
