//! A proxy of one's own, in front of servers of this machine.

use std::{
    fs,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Stdio,
};

use rustix::process::geteuid;
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
};

use super::{
    browser::{UNPRIVILEGED, unprivileged},
    eventually,
};

/// Which one, each with the configuration of its own kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Nginx,
    Caddy,
}

/// A proxy that runs, and ends with the test.
pub(crate) struct Proxy {
    _process: Child,
    _folder: TempDir,
}

/// A port of the loopback that nobody has now.
pub(crate) async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

impl Kind {
    const fn program(self) -> &'static str {
        match self {
            Self::Nginx => "/usr/sbin/nginx",
            Self::Caddy => "/usr/bin/caddy",
        }
    }

    /// The whole configuration around what a documentation shows of it.
    fn whole(self, shown: &str, folder: &Path) -> String {
        let place = folder.display();
        match self {
            // One process, which ends at once when it is told to.
            Self::Nginx => {
                let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|kind| format!("{kind}_temp_path {place}/{kind};"))
                    .join("\n");
                format!(
                    "daemon off;\nmaster_process off;\npid {place}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\n{shown}\n}}\n"
                )
            }
            Self::Caddy => format!("{{\nadmin off\nauto_https off\ndefault_bind 127.0.0.1\n}}\n{shown}\n"),
        }
    }

    fn tell(self, command: &mut Command, folder: &Path, file: &Path) {
        match self {
            Self::Nginx => command.arg("-p").arg(folder).arg("-c").arg(file).args(["-e", "stderr"]),
            Self::Caddy => command.env("HOME", folder).args(["run", "--adapter", "caddyfile", "--config"]).arg(file),
        };
    }
}

impl Proxy {
    /// Runs a proxy with this configuration, which listens on this port.
    pub(crate) async fn start(kind: Kind, shown: &str, port: u16) -> Self {
        let folder = folder();
        let file = written(folder.path(), &kind.whole(shown, folder.path()));
        let mut command = of(kind.program());
        kind.tell(&mut command, folder.path(), &file);
        Self::run(command, folder, port).await
    }

    /// Runs PgBouncer with these databases.
    pub(crate) async fn pgbouncer(databases: &str, port: u16) -> Self {
        let folder = folder();
        let own = format!("[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n");
        let file = written(folder.path(), &format!("{databases}\n{own}"));
        let mut command = of("/usr/sbin/pgbouncer");
        command.arg(file);
        Self::run(command, folder, port).await
    }

    async fn run(mut command: Command, folder: TempDir, port: u16) -> Self {
        let log = folder.path().join("log.txt");
        let process = command.stdout(Stdio::null()).stderr(fs::File::create(&log).unwrap()).spawn().expect("the proxy starts");
        let listens = async || TcpStream::connect(("127.0.0.1", port)).await.ok();
        eventually(&format!("a proxy, which logs to {},", log.display()), listens).await;
        Self { _process: process, _folder: folder }
    }
}

fn of(program: &str) -> Command {
    assert!(Path::new(program).exists(), "{program} is not here: install its package, or run cargo xtask test, which does");
    unprivileged(program)
}

fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("proxy-").tempdir().unwrap();
    give_away(folder.path());
    folder
}

fn written(folder: &Path, configuration: &str) -> PathBuf {
    let file = folder.join("configuration");
    fs::write(&file, configuration).unwrap();
    give_away(&file);
    file
}

/// To the user that the proxy runs as.
fn give_away(path: &Path) {
    if geteuid().is_root() {
        chown(path, Some(UNPRIVILEGED), Some(UNPRIVILEGED)).unwrap();
    }
}
