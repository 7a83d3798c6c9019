//! The command line.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Parser, Subcommand};
use identity_crypto::SystemClock;
use secrecy::ExposeSecret as _;
use tokio::{
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    config::Config,
    doctor, logs,
    say::say,
    serve,
    trouble::{Trouble, While as _},
    wire::{Installation, database_url, open_storage},
    worker,
};

/// Invitations, registration, login and accounts, as pages and an API.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The configuration (TOML); identity.toml in this folder where nothing is said and it is there.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves pages and API, and delivers mail (what is done where nothing is said).
    Serve,
    /// Delivers mail, without serving anything.
    Deliver,
    /// Makes a fresh link for the first administrator, while there is none.
    FirstOperator,
    /// Brings the database up to date.
    Migrate {
        /// Only says what would be done.
        #[arg(long)]
        check: bool,
    },
    /// Says what holds and what does not.
    Doctor,
}

/// Does what the command line says.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) if !answer.use_stderr() => {
            say(answer.to_string().trim_end());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            complain(&misread(&error));
            return ExitCode::from(2);
        }
    };
    match start(&arguments) {
        Ok(code) => code,
        Err(trouble) => {
            complain(&trouble);
            ExitCode::FAILURE
        }
    }
}

/// What cannot be read of the command line, on one line.
fn misread(error: &clap::Error) -> Trouble {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    Trouble::new(format!("{}: see identityd --help", first.trim_start_matches("error: ")))
}

#[expect(clippy::print_stderr, reason = "this is what the operator reads")]
fn complain(trouble: &Trouble) {
    eprintln!("identityd: {}", trouble.line());
}

fn start(arguments: &Arguments) -> Result<ExitCode, Trouble> {
    let config = Config::load(arguments.config.as_deref(), environment()?)?;
    logs::start(config.json_logs);
    let runtime = Runtime::new().during("the runtime does not start")?;
    runtime.block_on(async {
        match arguments.command.as_ref().unwrap_or(&Command::Serve) {
            Command::Serve => serve(config).await,
            Command::Deliver => deliver(config).await,
            Command::FirstOperator => first_operator(config).await,
            Command::Migrate { check } => migrate(&config, *check).await,
            Command::Doctor => Ok(doctor::run(config).await),
        }
    })
}

/// Our part of the environment. Others' variables may be anything.
fn environment() -> Result<Vec<(String, String)>, Trouble> {
    let ours = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("IDENTITY_"));
    ours.map(|(name, value)| {
        let name = name.to_string_lossy().into_owned();
        match value.into_string() {
            Ok(value) => Ok((name, value)),
            Err(_) => Err(Trouble::new(format!("{name} is not text in UTF-8"))),
        }
    })
    .collect()
}

/// Resolves when the process is told to stop.
async fn told_to_stop() -> Result<(), Trouble> {
    let mut terminate = signal(SignalKind::terminate()).during("SIGTERM cannot be listened for")?;
    let mut interrupt = signal(SignalKind::interrupt()).during("SIGINT cannot be listened for")?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Better to be started again by whoever watches than to go on without mail, or without answers.
fn a_part_ended() -> Trouble {
    Trouble::new("a part of the program ended by itself: see what it logged")
}

async fn serve(config: Config) -> Result<ExitCode, Trouble> {
    let uses_mailbox = matches!(config.transport, crate::config::Transport::Mailbox);
    let mut running = serve::start(config, Arc::new(SystemClock)).await?;
    say(&format!("Listening on {}", running.public_url()));
    if uses_mailbox {
        say(&format!("Mail goes into the development mailbox: {}/dev/mailbox", running.public_url()));
    }
    if let Some(link) = running.set_up_link() {
        say(&format!("First administrator: {link}"));
    }
    tokio::select! {
        told = told_to_stop() => told?,
        () = running.ended() => return Err(a_part_ended()),
    }
    running.stop().await?;
    Ok(ExitCode::SUCCESS)
}

async fn deliver(config: Config) -> Result<ExitCode, Trouble> {
    let installation = open(config).await?;
    let (stop, stopped) = watch::channel(false);
    let mut workers = worker::start(&installation.ports, installation.settings.delivery, &stopped);
    tokio::select! {
        told = told_to_stop() => told?,
        () = worker::one_ended(&mut workers) => return Err(a_part_ended()),
    }
    // Nobody waits for it any more where this fails.
    let _ = stop.send(true);
    for worker in workers {
        worker.await.during("a worker ended badly")?;
    }
    installation.storage.close().await.during("the database did not close")?;
    Ok(ExitCode::SUCCESS)
}

async fn first_operator(config: Config) -> Result<ExitCode, Trouble> {
    let installation = open(config).await?;
    match serve::first_operator(&installation).await? {
        Some(link) => say(&format!("First administrator: {}", link.expose_secret())),
        None => say("There is an administrator already: ask them for an invitation."),
    }
    installation.storage.close().await.during("the database did not close")?;
    Ok(ExitCode::SUCCESS)
}

/// Opens an installation, and brings its database up to date.
async fn open(config: Config) -> Result<Installation, Trouble> {
    let public_url = serve::public_url(&config, config.listen)?;
    let installation = Installation::open(config, public_url, Arc::new(SystemClock)).await?;
    installation.storage.migrate().await.during("database.url")?;
    Ok(installation)
}

async fn migrate(config: &Config, check: bool) -> Result<ExitCode, Trouble> {
    if check && !database_url(config).is_there() {
        say("Would make the database: there is none yet.");
        return Ok(ExitCode::SUCCESS);
    }
    let storage = open_storage(config).await?;
    let pending = storage.pending_migrations().await.during("database.url")?;
    if pending.is_empty() {
        say("The database is up to date.");
    } else if check {
        say(&format!("Would apply: {}", pending.join(", ")));
    } else {
        storage.migrate().await.during("database.url")?;
        say(&format!("Applied: {}", pending.join(", ")));
    }
    storage.close().await.during("the database did not close")?;
    Ok(ExitCode::SUCCESS)
}
