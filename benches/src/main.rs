//! `cargo xtask bench [login session accept start]`: each figure beside its goal, numerator and denominator measured in one run.

#![expect(clippy::print_stdout, reason = "figures are printed")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the machine's clock, and waits for a process to start")]

mod accept;
mod figure;
mod http;
mod login;
mod session;
mod start;
mod subject;

use std::{error::Error, process::ExitCode};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

const ALL: [&str; 4] = ["login", "session", "accept", "start"];

#[tokio::main]
async fn main() -> ExitCode {
    let wanted = std::env::args().skip(1).collect::<Vec<_>>();
    let wanted = if wanted.is_empty() { ALL.map(str::to_owned).to_vec() } else { wanted };
    for name in &wanted {
        let done = match name.as_str() {
            "login" => login::run().await,
            "session" => session::run().await,
            "accept" => accept::run().await,
            "start" => start::run().await,
            other => Err(format!("there is no benchmark {other}: choose from {}", ALL.join(", ")).into()),
        };
        if let Err(error) = done {
            println!("{name}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
