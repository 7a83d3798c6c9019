//! Real servers: what they keep, and that nothing of them stays.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed, and waiting for another process means looking again"
)]

use std::{
    fs::{self, Permissions},
    io::{BufRead as _, BufReader},
    net::{TcpListener, TcpStream},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use identity_testbed::{DatabaseServer, Kind, TestbedError, missing};

/// The user, the password and the port of a URL.
fn account(url: &str) -> (&str, &str, u16) {
    let (_, rest) = url.split_once("://").unwrap();
    let (user, rest) = rest.split_once(':').unwrap();
    let (password, rest) = rest.split_once("@127.0.0.1:").unwrap();
    (user, password, rest.split_once('/').unwrap().0.parse().unwrap())
}

/// What the server's own client answers, over TCP.
fn ask(kind: Kind, url: &str, database: &str, statement: &str) -> String {
    let (user, password, port) = account(url);
    let mut command = Command::new(if kind == Kind::Postgres { "psql" } else { "mariadb" });
    match kind {
        Kind::Postgres => {
            command.args(["--no-psqlrc", "--tuples-only", "--no-align", "--host=127.0.0.1"]).env("PGPASSWORD", password);
            command.args([format!("--port={port}"), format!("--username={user}"), format!("--dbname={database}")]);
            command.args(["--command", statement]);
        }
        Kind::MariaDb => {
            command.args(["--no-defaults", "--batch", "--skip-column-names", "--protocol=tcp", "--host=127.0.0.1"]);
            command.args([format!("--port={port}"), format!("--user={user}"), format!("--password={password}")]);
            command.args(["--execute", statement, database]);
        }
    }
    let answered = command.stdin(Stdio::null()).output().unwrap();
    assert!(answered.status.success(), "{statement}: {}", String::from_utf8_lossy(&answered.stderr));
    String::from_utf8(answered.stdout).unwrap().trim().to_owned()
}

/// The processes that have the folder in their command line or work in it, which need not name it.
fn processes(folder: &Path) -> Vec<u32> {
    let path = folder.to_str().unwrap();
    let is_there = |process: &Path| {
        let called = fs::read(process.join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&called).contains(path)
            || fs::read_link(process.join("cwd")).is_ok_and(|place| place.starts_with(path))
    };
    let entries = Path::new("/proc").read_dir().unwrap().flatten();
    let numbered = entries.filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())));
    numbered.filter(|(_, process)| is_there(process)).map(|(number, _)| number).collect()
}

/// A folder for temporary files that a server's user can pass through.
fn temporary() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("victim-").permissions(Permissions::from_mode(0o755)).tempdir().unwrap()
}

fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{what}: not within 10 seconds");
}

fn keeps_its_data(kind: Kind) {
    let mut server = DatabaseServer::start(kind).unwrap();
    let (url, folder) = (server.url().to_owned(), server.folder().to_path_buf());
    let admin = if kind == Kind::Postgres { "postgres" } else { "mysql" };
    assert!(url.ends_with(if kind == Kind::Postgres { "/postgres" } else { "/" }));
    let row = |database: &str, statement: &str| ask(kind, &url, database, statement);

    row(admin, "CREATE DATABASE things");
    row("things", "CREATE TABLE thing (name VARCHAR(20))");
    row("things", "INSERT INTO thing VALUES ('first')");
    // The folder is its user's alone, and that is never root.
    let held = fs::metadata(&folder).unwrap();
    assert_eq!(held.mode() & 0o777, 0o700);
    assert_ne!(held.uid(), 0);
    assert_eq!(fs::metadata(folder.join("data")).unwrap().uid(), held.uid());

    server.kill();
    assert!(TcpStream::connect(("127.0.0.1", account(&url).2)).is_err());
    // The keeper alone.
    assert_eq!(processes(&folder).len(), 1);
    server.restart().unwrap();
    assert_eq!(server.url(), url);
    assert_eq!(row("things", "SELECT name FROM thing"), "first");

    row("things", "INSERT INTO thing VALUES ('second')");
    server.stop();
    assert!(TcpStream::connect(("127.0.0.1", account(&url).2)).is_err());
    // What a restart says when it cannot be.
    let taken = TcpListener::bind(("127.0.0.1", account(&url).2)).unwrap();
    let error = server.restart().unwrap_err();
    assert!(matches!(error, TestbedError::Ended { .. }) && error.to_string().contains("Address already in use"), "{error}");
    drop(taken);
    server.restart().unwrap();
    assert_eq!(row("things", "SELECT COUNT(*) FROM thing"), "2");

    drop(server);
    assert!(!folder.exists());
    assert_eq!(processes(&folder), [0; 0]);
}

#[test]
fn postgres_keeps_its_data_and_leaves_nothing() {
    keeps_its_data(Kind::Postgres);
}

#[test]
fn mariadb_keeps_its_data_and_leaves_nothing() {
    keeps_its_data(Kind::MariaDb);
}

#[test]
fn what_is_not_durable_by_default_is_durable_here() {
    let postgres = DatabaseServer::start(Kind::Postgres).unwrap();
    let shown = |setting: &str| ask(Kind::Postgres, postgres.url(), "postgres", &format!("SHOW {setting}"));
    let settings = ["fsync", "synchronous_commit", "full_page_writes", "max_connections", "listen_addresses"];
    assert_eq!(settings.map(shown), ["on", "on", "on", "400", "127.0.0.1"]);

    let mariadb = DatabaseServer::start(Kind::MariaDb).unwrap();
    let asked = |statement: &str| ask(Kind::MariaDb, mariadb.url(), "mysql", statement);
    let settings = ["innodb_flush_log_at_trx_commit", "innodb_doublewrite", "max_connections", "bind_address"];
    assert_eq!(settings.map(|setting| asked(&format!("SELECT @@{setting}"))), ["1", "1", "400", "127.0.0.1"]);
    // Nobody gets in without a password.
    assert_eq!(asked("SELECT user FROM user WHERE user NOT IN ('identity', 'mariadb.sys')"), "");
}

/// Starts the victim, and kills it once it said so many lines and there are so many folders.
fn kill_after(lines: usize, folders: usize) {
    let folder = temporary();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hold-servers"));
    command.env("TMPDIR", folder.path());
    let mut victim = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let said = BufReader::new(victim.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(said.take(lines).count(), lines);
    // Each has a keeper once there is a log; before, an empty folder would stay until the next server starts.
    let logs = || folder.path().read_dir().unwrap().filter(|entry| entry.as_ref().unwrap().path().join("log").exists()).count();
    eventually("there are the folders", || logs() == folders);
    victim.kill().unwrap();
    victim.wait().unwrap();
    eventually("no process stays", || processes(folder.path()).is_empty());
    eventually("no folder stays", || folder.path().read_dir().unwrap().next().is_none());
}

#[test]
fn a_process_that_is_killed_leaves_no_server() {
    kill_after(3, 2);
}

#[test]
fn a_process_that_is_killed_while_it_starts_a_server_leaves_nothing() {
    kill_after(1, 1);
    kill_after(2, 2);
}

#[test]
fn nothing_is_missing_where_these_tests_run() {
    assert_eq!(missing(), [""; 0]);
}
