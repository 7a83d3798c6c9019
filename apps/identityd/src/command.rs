//! The command line.

use std::{
    path::{Path, PathBuf},
    pin::Pin,
    process::ExitCode,
};

use anyhow::{Context as _, Error, anyhow};
use clap::{Parser, Subcommand};
use identity::{Installation, Worker};
use secrecy::ExposeSecret as _;
use tokio::{
    runtime::Runtime,
    signal::unix::{Signal, SignalKind, signal},
};

use crate::{
    breached,
    config::{self, Config},
    doctor, logs,
    say::{one_line, say},
    serve,
    wire::{builder, database_url, named, open_storage},
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
    #[command(flatten)]
    Installation(InstallationCommand),
    /// Prints the reference of the configuration, as Markdown.
    Configuration {
        /// Prints a JSON Schema for editors instead.
        #[arg(long)]
        json_schema: bool,
    },
    /// Makes the file for password.breached.file, from what the downloader of Have I Been Pwned writes.
    BreachedPasswords {
        /// The lines SHA1:COUNT, sorted; - for the standard input.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// The file to make, or to replace once the new one is whole.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// Leaves out what was seen fewer times.
        #[arg(long, value_name = "N", default_value_t = 1)]
        min_count: u64,
    },
}

/// What is done with an installation, by its configuration.
#[derive(Debug, Subcommand)]
enum InstallationCommand {
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
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// What cannot be read of the command line, on one line.
fn misread(error: &clap::Error) -> Error {
    let text = error.to_string();
    // What is missing stands on lines of its own, before an empty one.
    let first = text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    anyhow!("{}: see identityd --help", first.trim_start_matches("error: "))
}

#[expect(clippy::print_stderr, reason = "this is what the operator reads")]
fn complain(error: &Error) {
    eprintln!("identityd: {}", one_line(error));
}

fn start(arguments: &Arguments) -> Result<ExitCode, Error> {
    match &arguments.command {
        None => with_installation(&InstallationCommand::Serve, arguments.config.as_deref()),
        Some(Command::Installation(command)) => with_installation(command, arguments.config.as_deref()),
        Some(Command::Configuration { json_schema }) => {
            let text = if *json_schema { format!("{:#}", config::json_schema()) } else { config::markdown() };
            say(text.trim_end());
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::BreachedPasswords { from, to, min_count }) => {
            let _logs = logs::start(false);
            breached::make(from, to, *min_count).map(|()| ExitCode::SUCCESS)
        }
    }
}

fn with_installation(command: &InstallationCommand, file: Option<&Path>) -> Result<ExitCode, Error> {
    // One provider of cryptography for the whole process; a second call finds the first one's.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = Config::load(file, environment()?)?;
    // Until the end: what is dropped with it has been written.
    let _logs = logs::start(config.json_logs);
    let runtime = Runtime::new().context("the runtime does not start")?;
    // Erased, since each is deep with the drivers' futures, and all of them in one are too deep for the compiler.
    let done: Pin<Box<dyn Future<Output = Result<ExitCode, Error>>>> = match command {
        InstallationCommand::Serve => Box::pin(serve(config)),
        InstallationCommand::Deliver => Box::pin(deliver(config)),
        InstallationCommand::FirstOperator => Box::pin(first_operator(config)),
        InstallationCommand::Migrate { check } => Box::pin(migrate(config, *check)),
        InstallationCommand::Doctor => Box::pin(async { Ok(Box::pin(doctor::run(config)).await) }),
    };
    runtime.block_on(done)
}

/// Our part of the environment. Others' variables may be anything.
fn environment() -> Result<Vec<(String, String)>, Error> {
    let ours = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("IDENTITY_"));
    ours.map(|(name, value)| {
        let name = name.to_string_lossy().into_owned();
        match value.into_string() {
            Ok(value) => Ok((name, value)),
            Err(_) => Err(anyhow!("{name} is not text in UTF-8")),
        }
    })
    .collect()
}

/// The signals that tell the process to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Listens for them from now on. To be called before anything is begun that is to end well.
    fn listen() -> Result<Self, Error> {
        let terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened for")?;
        let interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be listened for")?;
        // A file that may not grow is an error of the write. By default the signal ends the process.
        let file_size = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
        drop(signal(file_size).context("SIGXFSZ cannot be listened for")?);
        Ok(Self { terminate, interrupt })
    }

    /// Resolves when the process was told to stop.
    async fn told_to_stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// It is better to be started again by the service manager than to go on without mail, or without answers.
fn a_part_ended() -> Error {
    anyhow!("a part of the program ended by itself: see what it logged")
}

async fn serve(config: Config) -> Result<ExitCode, Error> {
    let mut signals = Signals::listen()?;
    let uses_mailbox = matches!(config.transport, config::Transport::Mailbox);
    let mut running = Box::pin(serve::start(config)).await?;
    say(&format!("Listening on {}", running.public_url()));
    if uses_mailbox {
        say(&format!("Mail goes into the development mailbox: {}/dev/mailbox", running.public_url()));
    }
    if let Some(link) = running.first_operator_link() {
        say(&format!("First administrator: {link}"));
    }
    tokio::select! {
        () = signals.told_to_stop() => {}
        () = running.ended() => return Err(a_part_ended()),
    }
    running.stop().await?;
    Ok(ExitCode::SUCCESS)
}

async fn deliver(config: Config) -> Result<ExitCode, Error> {
    let mut signals = Signals::listen()?;
    let installation = open(config).await?;
    let mut worker = Worker::start(&installation.ports, &installation.settings);
    tokio::select! {
        () = signals.told_to_stop() => {}
        () = worker.ended() => return Err(a_part_ended()),
    }
    worker.stop().await;
    installation.close().await.map_err(named)?;
    Ok(ExitCode::SUCCESS)
}

async fn first_operator(config: Config) -> Result<ExitCode, Error> {
    let installation = open(config).await?;
    match installation.first_operator().await.map_err(named)? {
        Some(link) => say(&format!("First administrator: {}", link.expose_secret())),
        None => say("There is an administrator already: ask them for an invitation."),
    }
    installation.close().await.map_err(named)?;
    Ok(ExitCode::SUCCESS)
}

/// Opens an installation, and brings its database up to date.
async fn open(config: Config) -> Result<Installation, Error> {
    let public_url = serve::public_url(&config, config.listen)?;
    let installation = builder(&config, &public_url)?.open().await.map_err(named)?;
    installation.migrate().await.map_err(named)?;
    Ok(installation)
}

async fn migrate(config: Config, check: bool) -> Result<ExitCode, Error> {
    if check && !database_url(&config).is_there() {
        say("Would make the database: there is none yet.");
        return Ok(ExitCode::SUCCESS);
    }
    let storage = open_storage(&config).await?;
    let pending = storage.pending_migrations().await.context("database.url")?;
    if pending.is_empty() {
        say("The database is up to date.");
    } else if check {
        say(&format!("Would apply: {}", pending.join(", ")));
    } else {
        storage.migrate().await.context("database.url")?;
        say(&format!("Applied: {}", pending.join(", ")));
    }
    storage.close().await.context("the database did not close")?;
    Ok(ExitCode::SUCCESS)
}
