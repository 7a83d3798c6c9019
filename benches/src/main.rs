//! `cargo xtask bench [--soak] [login session accept start growth leak policy]`: each figure beside its goal, on each store, numerator and
//! denominator measured in one run. `cargo xtask bench seed URL ACCOUNTS` only writes a database that has grown, and
//! `cargo xtask bench lists URL` asks it for every list. `cargo xtask bench soak [MINUTES]` works for ten minutes on each store beside
//! clients who want to keep everybody out.

#![expect(clippy::print_stdout, reason = "figures are printed")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the machine's clock, and waits for a process to start")]

mod accept;
mod figure;
mod growth;
mod http;
mod leak;
mod lists;
mod login;
mod place;
mod policy;
mod seed;
mod session;
mod soak;
mod start;
mod subject;

use std::{error::Error, process::ExitCode};

type Ran = Result<(), Box<dyn Error + Send + Sync>>;

const ALL: [&str; 7] = ["login", "session", "accept", "start", "growth", "leak", "policy"];

#[tokio::main]
async fn main() -> ExitCode {
    let (switches, wanted): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let soak = switches.iter().any(|switch| switch == "--soak");
    if let Some(unknown) = switches.iter().find(|switch| *switch != "--soak") {
        println!("{unknown} is no switch of this program: there is --soak");
        return ExitCode::FAILURE;
    }
    if let Some(("seed", arguments)) = wanted.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return ended("seed", seed::run(arguments).await);
    }
    if let Some(("lists", arguments)) = wanted.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return ended("lists", lists::run(arguments).await);
    }
    if let Some(("soak", arguments)) = wanted.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return ended("soak", soak::run(arguments).await);
    }
    let wanted = if wanted.is_empty() { ALL.map(str::to_owned).to_vec() } else { wanted };
    for name in &wanted {
        let done = match name.as_str() {
            "login" => login::run().await,
            "session" => session::run().await,
            "accept" => accept::run().await,
            "start" => start::run().await,
            "growth" => growth::run(soak).await,
            "leak" => leak::run().await,
            "policy" => policy::run().await,
            other => Err(format!("there is no benchmark {other}: choose from {}", ALL.join(", ")).into()),
        };
        if ended(name, done) == ExitCode::FAILURE {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn ended(name: &str, done: Ran) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}
