//! What differs between the kinds of servers: their programs, how those are called, and what an answer looks like.

use std::{
    env, fmt,
    io::{self, Read as _, Write as _},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::process::geteuid;

use crate::{TestbedError, keeper};

/// Who a server runs as where we are root: nobody.
pub(crate) const UNPRIVILEGED: u32 = 65534;
/// The administrator of each server, as whom tests come.
pub(crate) const USER: &str = "identity";
/// The file with that user's password for PostgreSQL, and with the statements that make the user for MariaDB.
pub(crate) const ACCOUNT: &str = "account";

/// Where Debian keeps PostgreSQL, a folder for each version.
const POSTGRES: &str = "/usr/lib/postgresql";

/// A kind of database server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    MariaDb,
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Postgres => "PostgreSQL",
            Self::MariaDb => "MariaDB",
        })
    }
}

/// The Debian packages to install before every kind can be started.
pub fn missing() -> Vec<&'static str> {
    Kind::ALL.into_iter().filter(|kind| Programs::find(*kind).is_err()).map(Kind::package).collect()
}

/// The two programs of a kind.
#[derive(Debug)]
pub(crate) struct Programs {
    prepare: PathBuf,
    serve: PathBuf,
}

impl Programs {
    pub(crate) fn find(kind: Kind) -> Result<Self, TestbedError> {
        let found = match kind {
            Kind::Postgres => postgres(Path::new(POSTGRES)).or_else(|| Self::on_path("initdb", "postgres")),
            Kind::MariaDb => Self::on_path("mariadb-install-db", "mariadbd"),
        };
        found.ok_or(TestbedError::NotInstalled { kind })
    }

    fn on_path(prepare: &str, serve: &str) -> Option<Self> {
        Some(Self { prepare: on_path(prepare)?, serve: on_path(serve)? })
    }
}

/// The newest version that is whole: packages of clients alone leave folders too.
fn postgres(versions: &Path) -> Option<Programs> {
    let version = |folder: &PathBuf| folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok());
    let mut folders: Vec<PathBuf> = versions.read_dir().ok()?.flatten().map(|entry| entry.path()).collect();
    folders.sort_by_key(version);
    folders.into_iter().rev().find_map(|folder| {
        let [prepare, serve] = ["initdb", "postgres"].map(|name| folder.join("bin").join(name));
        (prepare.is_file() && serve.is_file()).then_some(Programs { prepare, serve })
    })
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(env::split_paths(keeper::PATH));
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Postgres, Self::MariaDb];

    /// The environment variable in which tests are told the URL of a server of this kind that runs already.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "IDENTITY_TEST_POSTGRES",
            Self::MariaDb => "IDENTITY_TEST_MARIADB",
        }
    }

    /// The Debian package that brings it.
    pub fn package(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::MariaDb => "mariadb-server",
        }
    }

    pub(crate) fn url(self, password: &str, port: u16) -> String {
        match self {
            Self::Postgres => format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres"),
            Self::MariaDb => format!("mysql://{USER}:{password}@127.0.0.1:{port}/"),
        }
    }

    /// What stands in the account file.
    pub(crate) fn account(self, password: &str) -> String {
        match self {
            Self::Postgres => format!("{password}\n"),
            // Read at each start, before anybody can connect. The installer's root has no password.
            Self::MariaDb => format!(
                "CREATE USER IF NOT EXISTS {USER}@'%' IDENTIFIED BY '{password}';\n\
                 GRANT ALL PRIVILEGES ON *.* TO {USER}@'%' WITH GRANT OPTION;\n\
                 DELETE FROM mysql.global_priv WHERE User = 'root';\n\
                 FLUSH PRIVILEGES;\n"
            ),
        }
    }

    /// The command that makes the data folder.
    pub(crate) fn prepare(self, programs: &Programs, folder: &Path) -> Vec<String> {
        let data = folder.join("data").display().to_string();
        let mut command = unprivileged(&programs.prepare);
        match self {
            Self::Postgres => {
                let account = folder.join(ACCOUNT).display().to_string();
                // What has just been made need not survive a power cut; what the server writes does.
                let fixed = ["--auth=scram-sha-256", "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync"];
                command.extend(fixed.map(str::to_owned));
                command.extend([format!("--pgdata={data}"), format!("--username={USER}"), format!("--pwfile={account}")]);
            }
            Self::MariaDb => {
                // It reads no settings of the machine, which only its first argument can tell it.
                let fixed = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"];
                command.extend(fixed.map(str::to_owned));
                command.extend([LOG_SIZE.to_owned(), format!("--datadir={data}"), format!("--tmpdir={}", folder.display())]);
            }
        }
        command
    }

    /// The command that is the server: as durable as in production, and small. Character sets stay at the server's defaults, so
    /// that tests meet what a default server does.
    pub(crate) fn serve(self, programs: &Programs, folder: &Path, port: u16) -> Vec<String> {
        let data = folder.join("data").display().to_string();
        let mut command = unprivileged(&programs.serve);
        match self {
            Self::Postgres => {
                command.extend(["-D".to_owned(), data, format!("--unix_socket_directories={}", folder.display())]);
                let fixed = [
                    "--listen_addresses=127.0.0.1",
                    "--fsync=on",
                    "--synchronous_commit=on",
                    "--full_page_writes=on",
                    "--shared_buffers=128MB",
                    "--max_connections=400",
                    // In the data folder: what a killed server leaves in /dev/shm nobody would remove.
                    "--dynamic_shared_memory_type=mmap",
                ];
                command.extend(fixed.map(str::to_owned));
            }
            Self::MariaDb => {
                let fixed = [
                    "--no-defaults",
                    "--bind-address=127.0.0.1",
                    "--innodb-flush-log-at-trx-commit=1",
                    "--innodb-buffer-pool-size=256M",
                    LOG_SIZE,
                    "--max-connections=400",
                    "--skip-name-resolve",
                    "--performance-schema=OFF",
                ];
                command.extend(fixed.map(str::to_owned));
                command.extend([
                    format!("--datadir={data}"),
                    format!("--socket={}", self.socket(folder, port).display()),
                    format!("--pid-file={}", folder.join("pid").display()),
                    format!("--tmpdir={}", folder.display()),
                    format!("--init-file={}", folder.join(ACCOUNT).display()),
                ]);
            }
        }
        command.push(format!("--port={port}"));
        command
    }

    /// The signal for an orderly end that waits for no client.
    pub(crate) fn stop_signal(self) -> &'static str {
        match self {
            Self::Postgres => "INT",
            Self::MariaDb => "TERM",
        }
    }

    /// Whether the server answers as one does that has recovered and takes connections. It is asked at its own socket, since
    /// the port may be somebody else's; it opens that socket after the port.
    pub(crate) fn answers(self, folder: &Path, port: u16) -> io::Result<bool> {
        let mut stream = UnixStream::connect(self.socket(folder, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        match self {
            Self::Postgres => {
                let names = format!("user\0{USER}\0database\0postgres\0\0");
                let length = u32::try_from(names.len() + 8).unwrap_or_default();
                let mut hello = length.to_be_bytes().to_vec();
                hello.extend([0, 3, 0, 0]);
                hello.extend(names.as_bytes());
                stream.write_all(&hello)?;
                let mut first = [0_u8; 1];
                stream.read_exact(&mut first)?;
                // It asks for the password; while it recovers it says `E`.
                Ok(first == *b"R")
            }
            Self::MariaDb => {
                // A header of four bytes, and the version of the protocol that it greets with.
                let mut greeting = [0_u8; 5];
                stream.read_exact(&mut greeting)?;
                Ok(greeting.ends_with(&[10]))
            }
        }
    }

    fn socket(self, folder: &Path, port: u16) -> PathBuf {
        match self {
            Self::Postgres => folder.join(format!(".s.PGSQL.{port}")),
            Self::MariaDb => folder.join("socket"),
        }
    }
}

const LOG_SIZE: &str = "--innodb-log-file-size=64M";

/// The program as nobody where this is root, and ended with the shell that started it. The signal is set after the change of
/// user, which would clear it.
fn unprivileged(program: &Path) -> Vec<String> {
    let mut command = vec!["setpriv".to_owned()];
    if geteuid().is_root() {
        command.extend([format!("--reuid={UNPRIVILEGED}"), format!("--regid={UNPRIVILEGED}")]);
        command.extend(["--clear-groups", "--inh-caps=-all", "--bounding-set=-all"].map(str::to_owned));
    }
    command.extend(["--no-new-privs", "--pdeathsig=KILL"].map(str::to_owned));
    command.push(program.display().to_string());
    command
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_newest_version_that_is_whole_is_taken() {
        let versions = tempfile::tempdir().unwrap();
        for (version, names) in [("9", vec!["initdb", "postgres"]), ("15", vec!["initdb", "postgres"]), ("17", vec!["psql"])] {
            let bin = versions.path().join(version).join("bin");
            fs::create_dir_all(&bin).unwrap();
            names.into_iter().for_each(|name| fs::write(bin.join(name), "").unwrap());
        }
        assert_eq!(postgres(versions.path()).unwrap().serve, versions.path().join("15/bin/postgres"));
        assert!(postgres(&versions.path().join("9")).is_none());
        assert!(postgres(Path::new("/nowhere")).is_none());
    }

    #[test]
    fn what_is_missing_says_what_to_install() {
        let error = TestbedError::NotInstalled { kind: Kind::Postgres };
        assert_eq!(error.to_string(), "PostgreSQL is not installed: apt-get install postgresql");
    }
}
