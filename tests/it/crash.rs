//! A process that is killed at any moment keeps everything that it has acknowledged, and leaves nothing half done.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use identity_testbed::DatabaseServer;
use serde_json::json;
use tokio::{task::JoinSet, time::timeout};

use crate::support::{
    Api, Mail, Server,
    api::{PASSWORD, token_of},
    database::Store,
    eventually,
};

const INVITERS: usize = 3;
const REGISTRARS: usize = 2;

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    /// Every address that anybody tried to invite.
    tried: usize,
    /// Invitations' ids by address.
    invited: BTreeMap<String, String>,
    registered: BTreeSet<String>,
}

#[derive(Clone, Default)]
struct Record(Arc<Mutex<Acknowledged>>);

impl Record {
    fn with<T>(&self, look: impl FnOnce(&mut Acknowledged) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Invites one address after the other, until the server is gone.
async fn invites(operator: Api, record: Record) {
    loop {
        let n = record.with(|acknowledged| {
            acknowledged.tried += 1;
            acknowledged.tried
        });
        let email = format!("person-{n}@load.example");
        let Ok(answer) = operator.try_send(reqwest::Method::POST, "/invitations", Some(json!({ "email": email }))).await else {
            return;
        };
        if answer.status.as_u16() == 201 {
            let id = answer.body["id"].as_str().unwrap().to_owned();
            record.with(|acknowledged| acknowledged.invited.insert(email, id));
        }
    }
}

/// Registers by these mails, until the server is gone.
async fn registers(stranger: Api, mails: Vec<Mail>, record: Record) {
    for mail in mails {
        let body = json!({
            "token": token_of(&mail.link()), "first_name": "Load", "last_name": "Bearer", "password": PASSWORD,
            "password_confirmation": PASSWORD, "accept_terms": 1,
        });
        let Ok(answer) = stranger.try_send(reqwest::Method::POST, "/invitations/accept", Some(body)).await else { return };
        match answer.status.as_u16() {
            201 => drop(record.with(|acknowledged| acknowledged.registered.insert(mail.to))),
            // The answer to the first attempt was lost with the process, or a newer mail has replaced this one.
            409 | 410 => {}
            // Too busy.
            503 => {}
            other => panic!("{other}: {}", answer.body),
        }
    }
}

fn mails_by_address(server: &Server) -> BTreeMap<String, Vec<Mail>> {
    let mut mails = BTreeMap::<_, Vec<_>>::new();
    for mail in server.mails() {
        mails.entry(mail.to.clone()).or_default().push(mail);
    }
    mails
}

/// Whom a kill hits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Victim {
    Program,
    Database,
    Both,
}

/// Works under load until a moment that nobody knows; then somebody is killed, and everything goes on.
async fn is_killed_under_load(
    server: &mut Server,
    database: Option<&mut DatabaseServer>,
    (operator, record): (&Api, &Record),
    victim: Victim,
) {
    let waiting =
        mails_by_address(server).into_iter().filter(|(address, _)| !record.with(|seen| seen.registered.contains(address)));
    let waiting = waiting.flat_map(|(_, mails)| mails).collect::<Vec<_>>();
    let (has_waiting, registered) = (!waiting.is_empty(), || record.with(|seen| seen.registered.len()));
    let before = registered();
    let mut load = JoinSet::new();
    for _ in 0..INVITERS {
        load.spawn(invites(operator.clone(), record.clone()));
    }
    for registrar in 0..REGISTRARS {
        let mails = waiting.iter().skip(registrar).step_by(REGISTRARS).cloned().collect();
        load.spawn(registers(server.api(), mails, record.clone()));
    }
    let moment = Duration::from_millis(20 + RandomState::new().hash_one(0) % 500);
    let ended = timeout(moment, async { while load.join_next().await.is_some_and(|ended| ended.is_ok()) {} }).await;
    assert!(ended.is_err(), "the load went wrong by itself");
    // On a slow machine nobody may have got so far as to register: what was acknowledged last is what could be missing.
    for _ in 0..200 {
        if !has_waiting || registered() > before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    if victim != Victim::Database {
        server.kill().await;
    }
    if let (Some(database), true) = (database, victim != Victim::Program) {
        // The load goes on meanwhile, and is told that nothing can be done.
        tokio::task::block_in_place(|| database.kill());
        tokio::task::block_in_place(|| database.restart()).unwrap();
    }
    if victim == Victim::Database {
        // The program has survived it. It ends so that the load does.
        eventually("an answer", async || (operator.get("/sessions/current").await.status == 200).then_some(())).await;
        server.kill().await;
    }
    while let Some(ended) = load.join_next().await {
        ended.unwrap();
    }
    server.restart().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_twenty_kills_and_nothing_is_left_half_done() {
    whatever_was_acknowledged_survives(Store::Sqlite, &[Victim::Program], 20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_kills_of_the_program_and_of_postgres() {
    whatever_was_acknowledged_survives(Store::Postgres, &[Victim::Database, Victim::Program, Victim::Both], 9).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_acknowledged_survives_kills_of_the_program_and_of_mariadb() {
    whatever_was_acknowledged_survives(Store::MariaDb, &[Victim::Database, Victim::Program, Victim::Both], 9).await;
}

async fn whatever_was_acknowledged_survives(store: Store, victims: &[Victim], kills: usize) {
    let (database, mut database_server) = store.fresh_on_its_own().await;
    let cheap = [("mail.lease", "PT1S"), ("password.hash.memory_kib", "12288"), ("password.hash.iterations", "3")];
    let settings = [&cheap[..], &[("database.url", database.url.as_str())]].concat();
    let mut server = Server::with(&settings).await;
    let operator = server.first_operator().await;
    let token = operator.token().unwrap().to_owned();
    let record = Record::default();
    for kill in 0..kills {
        let operator = server.api().with_token(&token);
        let victim = victims[kill % victims.len()];
        is_killed_under_load(&mut server, database_server.as_mut(), (&operator, &record), victim).await;
        assert!(server.first_operator_link.is_none(), "the operator is there");
        // What was acknowledged last is what could be missing.
        let operator = server.api().with_token(&token);
        let newest = record.with(|seen| seen.invited.iter().map(|(email, id)| (id.clone(), email.clone())).max());
        if let Some((id, email)) = newest {
            assert_eq!(operator.get(&format!("/invitations/{id}")).await.expect(200)["email"], email);
        }
    }
    let operator = server.api().with_token(&token);
    let (invited, registered) = record.with(|seen| (seen.invited.clone(), seen.registered.clone()));
    assert!(
        invited.len() > kills && registered.len() > kills / 2,
        "{} invited, {} registered: no load",
        invited.len(),
        registered.len()
    );

    for (email, id) in &invited {
        let invitation = operator.get(&format!("/invitations/{id}")).await.expect(200);
        assert_eq!(invitation["email"], *email);
        if registered.contains(email) {
            assert_eq!(invitation["state"], "accepted", "{email}");
        }
    }
    for email in &registered {
        server.api().logs_in(email, PASSWORD).await;
    }

    let column = async |query: &str| database.column(query).await;
    let in_database = "SELECT address FROM invitations WHERE address IS NOT NULL AND address LIKE '%@load.example'";
    let known = column(in_database).await;
    let addresses = known.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(known.len(), addresses.len(), "an address was invited twice");
    let mails = eventually("every mail", async || {
        let mails = mails_by_address(&server);
        let delivered = addresses.iter().all(|address| mails.contains_key(address));
        let open = column("SELECT state FROM notices WHERE state IN ('queued', 'leased')").await;
        (delivered && open.is_empty()).then_some(mails)
    })
    .await;
    for (address, mails) in &mails {
        assert!(addresses.contains(address), "a mail to {address}, whom nobody invited");
        let ids = mails.iter().map(|mail| mail.message_id.as_str()).collect::<BTreeSet<_>>();
        assert_eq!(ids.len(), 1, "{address}: {ids:?}");
    }
    assert!(invited.keys().all(|address| mails.contains_key(address)));
    let ids = mails.values().flatten().map(|mail| mail.message_id.clone()).collect::<BTreeSet<_>>();
    assert_eq!(ids.len(), mails.len(), "two notices share a Message-ID");

    let accounts = column("SELECT address FROM accounts").await;
    assert_eq!(accounts.len(), accounts.iter().collect::<BTreeSet<_>>().len(), "{accounts:?}");
    assert!(registered.iter().all(|address| accounts.contains(address)));
    let accepted =
        column("SELECT address FROM accounts WHERE id IN (SELECT account_id FROM invitations WHERE state = 'accepted')").await;
    assert_eq!(accepted.len(), accounts.len(), "an account without its invitation, or the other way round");
    let passed = column("SELECT state FROM invitations WHERE state = 'accepted'").await;
    assert_eq!(passed.len(), accounts.len());
    if store == Store::Sqlite {
        assert_eq!(column("PRAGMA integrity_check").await, ["ok"]);
    }
    assert_eq!(server.terminate().await.code(), Some(0));
}
