//! A process that is killed at any moment keeps everything that it has acknowledged, and leaves nothing half done.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher as _, RandomState},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, Statement};
use serde_json::json;
use tokio::{task::JoinSet, time::timeout};

use crate::support::{
    Api, Mail, Server,
    api::{PASSWORD, token_of},
    eventually,
};

const KILLS: usize = 20;
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

/// Works under load until a moment that nobody knows, and is killed there.
async fn is_killed_under_load(server: &mut Server, operator: &Api, record: &Record) {
    let waiting =
        mails_by_address(server).into_iter().filter(|(address, _)| !record.with(|seen| seen.registered.contains(address)));
    let waiting = waiting.flat_map(|(_, mails)| mails).collect::<Vec<_>>();
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
    server.kill().await;
    while let Some(ended) = load.join_next().await {
        ended.unwrap();
    }
}

/// One text of each row.
async fn column(folder: &Path, query: &str) -> Vec<String> {
    let database = Database::connect(format!("sqlite://{}?mode=ro", folder.join("identity.db").display())).await.unwrap();
    let rows = database.query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, query)).await.unwrap();
    let column = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    database.close().await.unwrap();
    column
}

#[tokio::test]
async fn whatever_was_acknowledged_survives_twenty_kills_and_nothing_is_left_half_done() {
    let settings = [("mail.lease", "PT1S"), ("password.hash.memory_kib", "12288"), ("password.hash.iterations", "3")];
    let mut server = Server::with(&settings).await;
    let operator = server.first_operator().await;
    let token = operator.token().unwrap().to_owned();
    let record = Record::default();
    for _ in 0..KILLS {
        let operator = server.api().with_token(&token);
        is_killed_under_load(&mut server, &operator, &record).await;
        server.restart().await;
        assert!(server.set_up_link.is_none(), "the operator is there");
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
        invited.len() > KILLS && registered.len() > KILLS / 2,
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

    let folder = server.folder().to_owned();
    let in_database = "SELECT address FROM invitations WHERE address IS NOT NULL AND address LIKE '%@load.example'";
    let known = column(&folder, in_database).await;
    let addresses = known.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(known.len(), addresses.len(), "an address was invited twice");
    let mails = eventually("every mail", async || {
        let mails = mails_by_address(&server);
        let delivered = addresses.iter().all(|address| mails.contains_key(address));
        let open = column(&folder, "SELECT state FROM notices WHERE state IN ('queued', 'leased')").await;
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

    let accounts = column(&folder, "SELECT address FROM accounts").await;
    assert_eq!(accounts.len(), accounts.iter().collect::<BTreeSet<_>>().len(), "{accounts:?}");
    assert!(registered.iter().all(|address| accounts.contains(address)));
    let accepted =
        column(&folder, "SELECT address FROM accounts WHERE id IN (SELECT account_id FROM invitations WHERE state = 'accepted')")
            .await;
    assert_eq!(accepted.len(), accounts.len(), "an account without its invitation, or the other way round");
    let passed = column(&folder, "SELECT state FROM invitations WHERE state = 'accepted'").await;
    assert_eq!(passed.len(), accounts.len());
    assert_eq!(column(&folder, "PRAGMA integrity_check").await, ["ok"]);
    assert_eq!(server.terminate().await.code(), Some(0));
}
