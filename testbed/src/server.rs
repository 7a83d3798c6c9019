use std::{
    fs::{self, File},
    io::{self, Read as _},
    net::TcpListener,
    path::Path,
    time::Duration,
};

use crate::{
    Kind, TestbedError,
    folder::Folder,
    keeper::Keeper,
    kind::{ACCOUNT, Programs},
};

/// Below those that the kernel gives to whoever connects: a port must still be free when its server is started again.
const PORTS: std::ops::Range<u16> = 20_000..30_000;
/// How often another port is tried where somebody else was faster.
const TRIES: usize = 5;
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of the log an error shows.
const LOG_LINES: usize = 15;

/// A server of one's own. It is killed, and its folder removed, when this is dropped or the process ends.
#[derive(Debug)]
pub struct DatabaseServer {
    kind: Kind,
    programs: Programs,
    // Before the folder, which it still uses when it is dropped.
    keeper: Keeper,
    folder: Folder,
    port: u16,
    url: String,
}

impl DatabaseServer {
    /// A fresh one that answers.
    pub fn start(kind: Kind) -> Result<Self, TestbedError> {
        let programs = Programs::find(kind)?;
        let folder = Folder::make().map_err(TestbedError::cannot("make a folder for temporary files"))?;
        let mut keeper = Keeper::start(folder.path()).map_err(TestbedError::cannot("start a shell"))?;
        let password = password().map_err(TestbedError::cannot("read /dev/urandom"))?;
        folder.write(ACCOUNT, &kind.account(&password)).map_err(TestbedError::cannot("write into the server's folder"))?;
        if !keeper.run(&kind.prepare(&programs, folder.path())).map_err(lost())? {
            return Err(TestbedError::NotPrepared { kind, log: log(folder.path()) });
        }
        let mut server = Self { kind, programs, keeper, folder, port: 0, url: String::new() };
        for tried in 1.. {
            server.port = free_port().map_err(TestbedError::cannot("find a free port"))?;
            server.url = kind.url(&password, server.port);
            match server.launch() {
                Err(TestbedError::Ended { log, .. }) if tried < TRIES && log.contains("Address already in use") => {}
                launched => return launched.map(|()| server),
            }
        }
        Ok(server)
    }

    /// Where it answers, as a user who may create databases.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where its data and its log lie.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Kills it with all its processes. Its data stay, as the last write left them.
    pub fn kill(&mut self) {
        // Without its keeper it is dead already.
        let _ = self.keeper.kill_server();
    }

    /// Stops it in order. Its data stay.
    pub fn stop(&mut self) {
        let _ = self.keeper.stop_server(self.kind.stop_signal());
    }

    /// Starts it again, on the same port and over the same data, and waits until it has recovered. One that runs is killed first.
    pub fn restart(&mut self) -> Result<(), TestbedError> {
        self.kill();
        self.launch()
    }

    fn launch(&mut self) -> Result<(), TestbedError> {
        let command = self.kind.serve(&self.programs, self.folder.path(), self.port);
        self.keeper.start_server(&command).map_err(lost())?;
        let since = now();
        while !self.kind.answers(self.folder.path(), self.port).unwrap_or(false) {
            if !self.keeper.is_running().map_err(lost())? {
                return Err(TestbedError::Ended { kind: self.kind, log: log(self.folder.path()) });
            }
            if since.elapsed() > PATIENCE {
                let log = log(self.folder.path());
                return Err(TestbedError::Silent { kind: self.kind, seconds: PATIENCE.as_secs(), log });
            }
            pause();
        }
        Ok(())
    }
}

fn lost() -> impl FnOnce(io::Error) -> TestbedError {
    TestbedError::cannot("reach the shell that holds the server, somebody killed it")
}

/// The last lines of its log.
fn log(folder: &Path) -> String {
    let text = fs::read(folder.join("log")).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default().join("\n")
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn password() -> io::Result<String> {
    Ok(random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// One of a hundred drawn that nobody listens on.
fn free_port() -> io::Result<u16> {
    for _ in 0..100 {
        let port = PORTS.start + u16::from_be_bytes(random()?) % (PORTS.end - PORTS.start);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

#[expect(clippy::disallowed_methods, reason = "how long a program takes to start is no time of the domain")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a program that starts tells nobody: it is asked again and again")]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}
