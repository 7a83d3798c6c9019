//! The real binary, with an operator who can log in.

use std::{error::Error, net::SocketAddr, path::PathBuf, process::Stdio, time::Duration};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{
    http::{Connection, post},
    place::{Kind, TempStore},
    seed,
};

/// A server under load.
pub(crate) struct Subject {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) folder: TempDir,
    pub(crate) place: TempStore,
    lines: tokio::io::Lines<BufReader<tokio::process::ChildStdout>>,
}

pub(crate) const EMAIL: &str = "ada@acme.example";
pub(crate) const PASSWORD: &str = "Plinth-gargoyle-7";

/// The release build of `identityd`, beside this program.
pub(crate) fn program() -> Result<PathBuf, Box<dyn Error + Send + Sync>> {
    let beside = std::env::current_exe()?.with_file_name("identityd");
    if beside.exists() { Ok(beside) } else { Err("build it first: cargo build --release -p identityd".into()) }
}

impl Subject {
    /// Starts a server over a fresh database.
    pub(crate) async fn start(kind: Kind) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Self::over(TempStore::fresh(kind).await?).await
    }

    /// Starts a server over a database with so many people in it, who all can log in.
    pub(crate) async fn start_with_people(kind: Kind, people: u64) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let place = TempStore::fresh(kind).await?;
        seed::people(&place.url, people).await?;
        Self::over(place).await
    }

    /// The same, over a log on a full disk.
    pub(crate) async fn start_without_room_for_a_log(kind: Kind, people: u64) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let place = TempStore::fresh(kind).await?;
        seed::people(&place.url, people).await?;
        let folder = tempfile::tempdir()?;
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full")?;
        let (child, lines, address) = launch_logging(&folder, &place, "info", full.into()).await?;
        Ok(Self { child, address, folder, place, lines })
    }

    async fn over(place: TempStore) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let folder = tempfile::tempdir()?;
        let (child, lines, address) = launch(&folder, &place).await?;
        Ok(Self { child, address, folder, place, lines })
    }

    /// The lines that the server prints.
    async fn line(&mut self, start: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
        while let Some(line) = timeout(Duration::from_secs(10), self.lines.next_line()).await?? {
            if let Some(rest) = line.strip_prefix(start) {
                return Ok(rest.to_owned());
            }
        }
        Err("the server ended".into())
    }

    /// Registers the operator.
    pub(crate) async fn with_operator(mut self) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let link = self.line("First administrator: ").await?;
        let token = link.rsplit('/').next().unwrap_or_default();
        let body = format!(
            r#"{{"token":"{token}","email":"{EMAIL}","first_name":"Ada","last_name":"Lovelace","password":"{PASSWORD}","password_confirmation":"{PASSWORD}","accept_terms":1}}"#
        );
        let mut connection = Connection::open(self.address).await?;
        match connection.send(&post("/api/v1/invitations/accept", &body)).await? {
            201 => Ok(self),
            status => Err(format!("the operator was not registered: {status} {}", connection.text()).into()),
        }
    }

    /// Signs in with this address; the session's token.
    pub(crate) async fn log_in(&self, email: &str) -> Result<String, Box<dyn Error + Send + Sync>> {
        let mut connection = Connection::open(self.address).await?;
        connection.send(&log_in_request(email)).await?;
        let text = connection.text();
        let token = text.split("\"token\":\"").nth(1).and_then(|rest| rest.split('"').next());
        token.map(str::to_owned).ok_or_else(|| "no token was answered".into())
    }

    /// Its resident memory, in MiB.
    pub(crate) fn resident(&self) -> Result<f64, Box<dyn Error + Send + Sync>> {
        let id = self.child.id().ok_or("the server ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        let kib = line.split_whitespace().nth(1).ok_or("no VmRSS")?.parse::<f64>()?;
        Ok(kib / 1024.0)
    }

    /// Kills it.
    pub(crate) async fn end(&mut self) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.child.kill().await?;
        Ok(())
    }
}

const THROTTLES: [(&str, &str); 7] = [
    ("LOGIN__FREE", "100"),
    ("LOGIN__PER_NETWORK", "1000000/PT1M"),
    ("SIGN_UP__PER_NETWORK", "1000000/PT1M"),
    ("RECOVERY__PER_NETWORK", "1000000/PT1M"),
    ("LINK__PER_NETWORK", "1000000/PT1M"),
    ("REQUEST__PER_ADDRESS", "1000000/PT1M"),
    ("INVITATION__PER_ACCOUNT", "1000000/PT1M"),
];

type Launched = (Child, tokio::io::Lines<BufReader<tokio::process::ChildStdout>>, SocketAddr);

/// Starts the server over a database, and waits until it listens.
pub(crate) async fn launch(folder: &TempDir, place: &TempStore) -> Result<Launched, Box<dyn Error + Send + Sync>> {
    launch_logging(folder, place, "warn", Stdio::null()).await
}

/// The same, with a log of this level.
async fn launch_logging(
    folder: &TempDir,
    place: &TempStore,
    level: &str,
    log: Stdio,
) -> Result<Launched, Box<dyn Error + Send + Sync>> {
    let mut child = Command::new(program()?)
        .env_clear()
        .env("IDENTITY_DATA_DIR", folder.path())
        .env("IDENTITY_DATABASE__URL", &place.url)
        .env("IDENTITY_HTTP__LISTEN", "127.0.0.1:0")
        // One client stands for many: what is counted by network or address is far away, and counted all the same.
        .envs(THROTTLES.map(|(key, value)| (format!("IDENTITY_THROTTLE__{key}"), value)))
        .env("IDENTITY_REGISTRATION__MODE", "open")
        .env("RUST_LOG", level)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let first = timeout(Duration::from_secs(10), lines.next_line()).await??.ok_or("the server ended")?;
    let address = first.strip_prefix("Listening on http://").ok_or("the server did not say where it listens")?.parse()?;
    Ok((child, lines, address))
}

/// A right login.
pub(crate) fn log_in_request(email: &str) -> Vec<u8> {
    post("/api/v1/sessions", &format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#))
}
