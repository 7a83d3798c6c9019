//! What the program does while its database is not as it should be: ready means that a login would work.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use identity_testbed::DatabaseServer;
use tokio::task::JoinSet;

use crate::support::{
    Server,
    api::PASSWORD,
    database::{Database, Store},
    eventually,
};

/// The status of `/readyz`.
async fn ready(server: &Server) -> u16 {
    server.api().status_of("/readyz").await
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn the_database_is_there_for_its_owner_alone_no_matter_who_could_read_it_before() {
    let mut server = Server::start().await;
    std::fs::set_permissions(server.folder(), std::fs::Permissions::from_mode(0o755)).unwrap();
    server.first_operator().await;
    let files = || {
        let found = std::fs::read_dir(server.folder()).unwrap().map(|entry| entry.unwrap().path());
        found.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("identity.db")).collect::<Vec<_>>()
    };
    assert!(files().len() >= 3, "{:?}", files());
    for file in files() {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    server.terminate().await;
    server.restart().await;
    for file in std::fs::read_dir(server.folder()).unwrap().map(|entry| entry.unwrap().path()) {
        if file.file_name().unwrap().to_string_lossy().starts_with("identity.db") {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
}

#[tokio::test]
async fn a_database_file_that_vanished_is_an_error_and_no_empty_installation() {
    let server = Server::start().await;
    server.first_operator().await;
    assert_eq!(ready(&server).await, 200);
    let (file, aside) = (server.folder().join("identity.db"), server.folder().join("aside.db"));
    std::fs::rename(&file, &aside).unwrap();
    eventually("no longer ready", async || (ready(&server).await == 503).then_some(())).await;
    assert!(!file.exists(), "nothing was made in its place");
    let refused = server.api().tries_to_log_in("ada@acme.example", PASSWORD).await;
    assert_eq!(refused, 503);
    std::fs::rename(&aside, &file).unwrap();
    eventually("ready again", async || (ready(&server).await == 200).then_some(())).await;
    server.api().logs_in("ada@acme.example", PASSWORD).await;
}

/// Whether files of a process may grow: as on a disk that is full, and on one that has room again.
fn has_room(server: &Server, has_room: bool) {
    let process = rustix::process::Pid::from_raw(i32::try_from(server.pid()).unwrap());
    let limit = rustix::process::Rlimit { current: (!has_room).then_some(1), maximum: None };
    rustix::process::prlimit(process, rustix::process::Resource::Fsize, limit).unwrap();
}

#[tokio::test]
async fn without_room_on_the_disk_reads_are_answered_and_nothing_is_lost() {
    let server = Server::start().await;
    let operator = server.first_operator().await;
    let invited = operator.invites("grace@acme.example").await;
    let path = format!("/invitations/{}", invited["id"].as_str().unwrap());
    has_room(&server, false);
    eventually("no longer ready", async || (ready(&server).await == 503).then_some(())).await;
    assert_eq!(server.api().tries_to_log_in("ada@acme.example", PASSWORD).await, 503);
    assert_eq!(operator.get("/sessions/current").await.status, 200, "who is logged in stays so");
    assert_eq!(server.api().status_of("/login").await, 200);
    has_room(&server, true);
    eventually("ready again", async || (ready(&server).await == 200).then_some(())).await;
    server.api().logs_in("ada@acme.example", PASSWORD).await;
    assert_eq!(operator.get(&path).await.expect(200)["email"], "grace@acme.example");
}

/// A server over a database server of its own, with connections in its pool.
async fn over(store: Store) -> (Server, Database, DatabaseServer) {
    let (database, own) = store.fresh_on_its_own().await;
    let server = Server::with(&[("database.url", &database.url)]).await;
    server.first_operator().await;
    let api = server.api();
    let mut logins = JoinSet::new();
    for _ in 0..12 {
        let api = api.clone();
        logins.spawn(async move { api.tries_to_log_in("ada@acme.example", PASSWORD).await });
    }
    logins.join_all().await;
    (server, database, own.unwrap())
}

/// A restart of the database costs nobody an answer once it is back: each broken connection is replaced, and the work done again.
async fn a_restart_of_the_database_costs_no_login(store: Store) {
    let (server, _database, mut own) = over(store).await;
    tokio::task::block_in_place(|| {
        own.kill();
        own.restart().unwrap();
    });
    for _ in 0..12 {
        assert_eq!(server.api().tries_to_log_in("ada@acme.example", PASSWORD).await, 201);
    }
    assert_eq!(ready(&server).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_postgres_costs_no_login() {
    a_restart_of_the_database_costs_no_login(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_mariadb_costs_no_login() {
    a_restart_of_the_database_costs_no_login(Store::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_is_read_only_makes_the_process_unready_until_it_is_written_again() {
    let (server, database, _own) = over(Store::Postgres).await;
    let name = database.url.rsplit('/').next().unwrap();
    database.run(&format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = on")).await;
    let others =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.run(others).await;
    eventually("no longer ready", async || (ready(&server).await == 503).then_some(())).await;
    assert_eq!(server.api().tries_to_log_in("ada@acme.example", PASSWORD).await, 503);
    let writable = format!("BEGIN READ WRITE; ALTER DATABASE \"{name}\" RESET default_transaction_read_only; COMMIT");
    database.run(&writable).await;
    // The connections that answer read-only are still there: they are thrown away.
    eventually("ready again", async || (ready(&server).await == 200).then_some(())).await;
    for _ in 0..12 {
        assert_eq!(server.api().tries_to_log_in("ada@acme.example", PASSWORD).await, 201);
    }
}
