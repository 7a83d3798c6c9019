//! A real PgBouncer between the program and PostgreSQL, with the configuration of docs/operating.md.

use std::{process::Stdio, time::Duration};

use serde_json::json;
use tokio::{task::JoinSet, time::timeout};

use crate::support::{
    Server,
    api::{PASSWORD, token_of},
    database::Store,
    proxy::{Proxy, free_port},
    server::command,
};

/// A pooler before a fresh database, and the URL behind it.
async fn pooled(by: &str) -> (Proxy, String) {
    let database = url::Url::parse(&Store::Postgres.fresh().await.url).unwrap();
    let (name, user, password) = (database.path().trim_start_matches('/'), database.username(), database.password().unwrap());
    let (_, documented) = include_str!("../../docs/operating.md").split_once("```ini\n").unwrap();
    let (documented, _) = documented.split_once("```").unwrap();
    let place = format!("host={} port={}", database.host_str().unwrap(), database.port().unwrap());
    let mut shown = documented.to_owned();
    for (written, here) in [
        ("identity = ", format!("{name} = user={user} password={password} ")),
        ("host=db.example port=5432", place),
        ("pool_mode=session", format!("pool_mode={by}")),
    ] {
        assert!(shown.contains(written), "{documented}");
        shown = shown.replace(written, &here);
    }
    let port = free_port().await;
    (Proxy::pgbouncer(&shown, port).await, format!("postgres://{user}@127.0.0.1:{port}/{name}"))
}

#[tokio::test]
async fn by_session_pgbouncer_stands_before_postgres_and_nobody_notices() {
    let (_pooler, url) = pooled("session").await;
    let mut server = Server::with(&[("database.url", url.as_str())]).await;
    let operator = server.first_operator().await;
    operator.post("/invitations", json!({ "email": "grace@example.org" })).await.expect(201);
    let link = server.mail_to("grace@example.org").await.link();
    server.terminate().await;
    server.restart().await;
    server.api().accepts(token_of(&link), json!({ "first_name": "Grace", "last_name": "Hopper" })).await.expect(201);
    let grace = server.api().logs_in("grace@example.org", PASSWORD).await;
    let mut requests = JoinSet::new();
    for _ in 0..64 {
        let grace = grace.clone();
        requests.spawn(async move { grace.get("/me").await.status.as_u16() });
    }
    assert!(requests.join_all().await.iter().all(|status| *status == 200));
}

#[tokio::test]
async fn by_transaction_pgbouncer_before_postgres_is_refused_at_the_start() {
    let (_pooler, url) = pooled("transaction").await;
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&[] as &[&str], &["migrate"]] {
        let mut program = command(folder.path(), &[("database.url", url.as_str())]);
        let program = program.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output();
        let ended = timeout(Duration::from_secs(10), program).await.expect("it ends by itself").unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(
            said.starts_with("identityd: database.url: postgres://127.0.0.1:") && said.contains("pool_mode = session"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
