//! Several processes over one database.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::{
    net::TcpListener,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::support::{
    Api, Mail, Server,
    api::{PASSWORD, token_of},
    database::{Database, Store},
    eventually,
};

/// A process over a database that others use too.
async fn replica(database: &Database, settings: &[(&str, &str)]) -> Server {
    Server::with(&[&[("database.url", database.url.as_str())], settings].concat()).await
}

/// The mails that either of them sent.
fn mails(servers: [&Server; 2]) -> Vec<Mail> {
    servers.iter().flat_map(|server| server.mails()).collect()
}

async fn what_one_does_holds_for_the_other(store: Store) {
    let database = store.fresh().await;
    let one = replica(&database, &[]).await;
    let other = replica(&database, &[]).await;
    // The newest link of the first operator counts, which is the one of the one that started last.
    let token = other.first_operator().await.token().unwrap().to_owned();
    let (operator, elsewhere) = (one.api().with_token(&token), other.api().with_token(&token));
    elsewhere.get("/sessions/current").await.expect(200);

    // Invitations come in at both, and either delivers them: each once.
    let mut inviting = JoinSet::new();
    for n in 0..40 {
        let operator = if n % 2 == 0 { operator.clone() } else { elsewhere.clone() };
        inviting.spawn(async move { operator.invites(&format!("person-{n}@example.org")).await });
    }
    inviting.join_all().await;
    eventually("forty mails", async || (mails([&one, &other]).len() >= 40).then_some(())).await;
    let sent = mails([&one, &other]);
    let addresses = sent.iter().map(|mail| mail.to.clone()).collect::<BTreeSet<_>>();
    let ids = sent.iter().map(|mail| mail.message_id.clone()).collect::<BTreeSet<_>>();
    assert_eq!((sent.len(), addresses.len(), ids.len()), (40, 40, 40), "a mail was sent twice");

    // Registered here, signed in there; what an operator takes away here is gone there at the next request.
    let link = sent.first().unwrap().link();
    let account = one.api().accepts(token_of(&link), json!({})).await.expect(201);
    other.api().accepts(token_of(&link), json!({})).await.expect(410);
    let grace = other.api().logs_in(&sent.first().unwrap().to, PASSWORD).await;
    one.api().with_token(grace.token().unwrap()).get("/sessions/current").await.expect(200);
    let id = account["account"]["id"].as_str().unwrap();
    operator.send(Method::POST, &format!("/accounts/{id}/disable"), None).await.expect(204);
    grace.get("/sessions/current").await.expect(401);
    operator.send(Method::DELETE, "/sessions/current", None).await.expect(204);
    elsewhere.get("/sessions/current").await.expect(401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_postgres_share_everything() {
    what_one_does_holds_for_the_other(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_mariadb_share_everything() {
    what_one_does_holds_for_the_other(Store::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_on_postgres_that_start_at_the_same_moment_all_start() {
    let database = Store::Postgres.fresh().await;
    let (one, other, third) = tokio::join!(replica(&database, &[]), replica(&database, &[]), replica(&database, &[]));
    // Each prints a link; the newest of them works.
    let mut registered = 0;
    for server in [&one, &other, &third] {
        let link = server.first_operator_link.as_deref().expect("a link");
        let but = json!({ "email": "ada@acme.example", "first_name": "Ada", "last_name": "Lovelace", "company_name": "Acme" });
        registered += usize::from(server.api().accepts(token_of(link), but).await.status == StatusCode::CREATED);
    }
    assert_eq!(registered, 1);
}

async fn one_of_sixty_four_wins(store: Store) {
    let database = store.fresh().await;
    // All of them may wait for their hash as long as a request may take.
    let settings = [("password.hash.max_wait", "PT20S")];
    let one = replica(&database, &settings).await;
    let other = replica(&database, &settings).await;
    other.first_operator().await.invites("grace@example.org").await;
    let link = eventually("a mail", async || mails([&one, &other]).first().map(Mail::link)).await;
    let mut racers = JoinSet::new();
    for racer in 0..64 {
        let (api, link) = (if racer % 2 == 0 { one.api() } else { other.api() }, link.clone());
        racers.spawn(async move { api.accepts(token_of(&link), json!({ "first_name": format!("Racer {racer}") })).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        racers.join_all().await.into_iter().partition(|answer| answer.status == StatusCode::CREATED);
    assert_eq!(won.len(), 1);
    for loser in &lost {
        assert_eq!((loser.status, loser.problem()), (StatusCode::GONE, "dead-link"), "{}", loser.body);
    }
    let grace = other.api().logs_in("grace@example.org", PASSWORD).await.get("/sessions/current").await.expect(200);
    assert_eq!(grace["account"]["first_name"], won.first().unwrap().body["account"]["first_name"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_racers_over_two_processes_on_one_sqlite_file_one_wins() {
    one_of_sixty_four_wins(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_racers_over_two_processes_on_postgres_one_wins() {
    one_of_sixty_four_wins(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_four_racers_over_two_processes_on_mariadb_one_wins() {
    one_of_sixty_four_wins(Store::MariaDb).await;
}

/// What a balancer knows: which processes say that they are ready.
#[derive(Clone, Default)]
struct Balancer(Arc<Mutex<BTreeMap<usize, Replica>>>);

#[derive(Clone)]
struct Replica {
    api: Api,
    url: String,
    ready: bool,
}

impl Balancer {
    fn replicas(&self) -> std::sync::MutexGuard<'_, BTreeMap<usize, Replica>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn knows(&self, number: usize, server: &Server, token: &str) {
        let replica = Replica { api: server.api().with_token(token), url: server.url.clone(), ready: true };
        self.replicas().insert(number, replica);
    }

    /// One that is ready.
    fn choose(&self, number: usize) -> Api {
        let replicas = self.replicas();
        let ready = replicas.values().filter(|replica| replica.ready).collect::<Vec<_>>();
        ready.get(number % ready.len().max(1)).expect("one of them is ready").api.clone()
    }

    /// Asks each of them every now and then.
    async fn watches(self, over: Arc<AtomicBool>) {
        let client = crate::support::client().build().unwrap();
        while !over.load(Ordering::Relaxed) {
            let known = self.replicas().iter().map(|(number, replica)| (*number, replica.url.clone())).collect::<Vec<_>>();
            for (number, url) in known {
                let ready = client.get(format!("{url}/readyz")).send().await.is_ok_and(|answer| answer.status().is_success());
                if let Some(replica) = self.replicas().get_mut(&number).filter(|replica| replica.url == url) {
                    replica.ready = ready;
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn a_rolling_restart_loses_nothing(store: Store) {
    let database = store.fresh().await;
    // Logins of one account at the same moment count as attempts until each has succeeded.
    let settings = [("http.drain", "PT3S"), ("throttle.login.free", "100")];
    let mut servers = [replica(&database, &settings).await, replica(&database, &settings).await];
    let token = servers[1].first_operator().await.token().unwrap().to_owned();
    let balancer = Balancer::default();
    for (number, server) in servers.iter().enumerate() {
        balancer.knows(number, server, &token);
    }
    let (over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let watching = tokio::spawn(balancer.clone().watches(over.clone()));
    let mut load = JoinSet::new();
    for caller in 0..6 {
        let (balancer, over, done) = (balancer.clone(), over.clone(), done.clone());
        load.spawn(async move {
            while !over.load(Ordering::Relaxed) {
                let n = done.fetch_add(1, Ordering::Relaxed);
                let api = balancer.choose(caller + n);
                let (method, path, body, expected) = match n % 3 {
                    0 => (Method::POST, "/invitations", Some(json!({ "email": format!("person-{n}@example.org") })), 201),
                    1 => (Method::POST, "/sessions", Some(json!({ "email": "ada@acme.example", "password": PASSWORD })), 201),
                    _ => (Method::GET, "/sessions/current", None, 200),
                };
                let answer =
                    api.try_send(method, path, body).await.unwrap_or_else(|error| panic!("request {n} was lost: {error:?}"));
                assert_eq!(answer.status.as_u16(), expected, "request {n}: {}", answer.body);
            }
        });
    }
    for number in [0, 1, 0] {
        let before = done.load(Ordering::Relaxed);
        eventually("some load", async || (done.load(Ordering::Relaxed) > before + 30).then_some(())).await;
        assert_eq!(servers[number].terminate().await.code(), Some(0));
        servers[number].restart().await;
        balancer.knows(number, &servers[number], &token);
    }
    let before = done.load(Ordering::Relaxed);
    eventually("some load", async || (done.load(Ordering::Relaxed) > before + 30).then_some(())).await;
    over.store(true, Ordering::Relaxed);
    load.join_all().await;
    watching.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_on_postgres_loses_no_request() {
    a_rolling_restart_loses_nothing(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_on_mariadb_loses_no_request() {
    a_rolling_restart_loses_nothing(Store::MariaDb).await;
}

/// A worker that waits for a mail server keeps what it claimed, for longer than a lease lasts. When it is killed, another one sends it
/// as soon as the lease is over.
async fn a_killed_worker_is_taken_over_from(store: Store) {
    let database = store.fresh().await;
    // Somebody who takes the connection and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let smtp = format!("smtp://mailer:secret@{}?tls=required", silent.local_addr().unwrap());
    let settings =
        [("mail.transport", "smtp"), ("mail.smtp.url", smtp.as_str()), ("mail.from", "id@example.org"), ("mail.lease", "PT3S")];
    let mut first = replica(&database, &settings).await;
    first.first_operator().await.invites("grace@example.org").await;
    let _held = timeout(Duration::from_secs(20), silent.accept()).await.expect("the worker has claimed it").unwrap();
    // The message of the operator's own login is under way as well.
    let leased =
        async || (database.column("SELECT state FROM notices WHERE topic = 'invitation'").await == ["leased"]).then_some(());
    eventually("its lease", leased).await;
    let attempts = if store == Store::Postgres { "CAST(attempts AS TEXT)" } else { "CAST(attempts AS CHAR)" };
    let attempts = async || database.column(&format!("SELECT {attempts} FROM notices WHERE topic = 'invitation'")).await;
    let second = replica(&database, &[("mail.lease", "PT3S")]).await;
    sleep(Duration::from_secs(7)).await;
    assert_eq!(attempts().await, ["1"], "the first worker is at work");
    first.kill().await;
    let link = second.mail_to("grace@example.org").await.link();
    second.api().accepts(token_of(&link), json!({})).await.expect(201);
    assert_eq!(attempts().await, ["2"]);
}

#[tokio::test]
async fn another_worker_on_postgres_takes_over_from_one_that_was_killed() {
    a_killed_worker_is_taken_over_from(Store::Postgres).await;
}

#[tokio::test]
async fn another_worker_on_mariadb_takes_over_from_one_that_was_killed() {
    a_killed_worker_is_taken_over_from(Store::MariaDb).await;
}

/// Somebody's session is open; what others change of the account counts at its next request, wherever that goes.
async fn what_others_change_counts_at_the_next_request(store: Store) {
    let database = store.fresh().await;
    let one = replica(&database, &[]).await;
    let other = replica(&database, &[]).await;
    let token = other.first_operator().await.token().unwrap().to_owned();
    let operator = one.api().with_token(&token);
    operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
    operator.post("/invitations", json!({ "email": "grace@example.org", "roles": ["editor"] })).await.expect(201);
    let link = eventually("a mail", async || mails([&one, &other]).first().map(Mail::link)).await;
    one.api().accepts(token_of(&link), json!({})).await.expect(201);
    let logs_in = async |server: &Server| server.api().logs_in("grace@example.org", PASSWORD).await.token().unwrap().to_owned();
    let (session, second) = (logs_in(&one).await, logs_in(&other).await);
    // What both processes answer to that session: its roles, by either way to ask.
    let asks = async |session: &str| {
        let mut answers = Vec::new();
        for server in [&one, &other] {
            let api = server.api().with_token(session);
            let (current, check) = (api.get("/sessions/current").await, api.get("/forward-auth").await);
            let roles = check.headers.get("identity-roles").map(|value| value.to_str().unwrap().to_owned());
            answers.push((current.status.as_u16(), current.body["roles"].clone(), check.status.as_u16(), roles));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "the processes differ: {answers:?}");
        answers.remove(0)
    };
    let editor = (200, json!(["editor"]), 204, Some("editor".to_owned()));
    assert_eq!((asks(&session).await, asks(&second).await), (editor.clone(), editor));

    let takes = "DELETE FROM grants WHERE account_id IN (SELECT id FROM accounts WHERE first_name = 'Grace')";
    database.run(takes).await;
    let nothing = (200, json!([]), 204, Some(String::new()));
    assert_eq!((asks(&session).await, asks(&second).await), (nothing.clone(), nothing.clone()));

    let out = (401, json!(null), 401, None);
    let fresh = "Walrus-pantry-31";
    let change = json!({ "current_password": PASSWORD, "password": fresh, "password_confirmation": fresh });
    one.api().with_token(&session).send(Method::PUT, "/me/password", Some(change)).await.expect(204);
    assert_eq!((asks(&session).await, asks(&second).await), (nothing, out.clone()));

    let found = operator.get("/accounts?q=grace").await.expect(200);
    let id = found["items"][0]["id"].as_str().unwrap();
    let acts = async |act: &str| operator.send(Method::POST, &format!("/accounts/{id}/{act}"), None).await.expect(204);
    acts("require-password-change").await;
    assert_eq!(asks(&session).await, (200, json!([]), 401, None), "the session is there, for choosing a new password");
    acts("disable").await;
    assert_eq!(asks(&session).await, out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_change_counts_at_the_next_request_on_both_processes_on_postgres() {
    what_others_change_counts_at_the_next_request(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_change_counts_at_the_next_request_on_both_processes_on_mariadb() {
    what_others_change_counts_at_the_next_request(Store::MariaDb).await;
}
