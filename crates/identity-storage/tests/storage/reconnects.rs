//! A connection that broke, or whose server cannot write any more, costs nobody an answer.

use std::{future::pending, sync::Arc, time::Duration};

use identity_core::{
    change::{Change, CommitError, CompanyChange, SessionChange},
    port::{Commit as _, Store},
};
use identity_storage::Storage;
use identity_testkit::Fixture;
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tokio::{task::yield_now, time::timeout};

use crate::{
    database::{Place, mariadb, postgres},
    servers::through_a_proxy,
};

async fn run(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Uses every connection of the pool at once, so that all of them are there.
async fn use_all(store: &Arc<dyn Store>, fixture: &Fixture) {
    let company = fixture.company();
    let reads = (0..16).map(|_| {
        let (store, id) = (store.clone(), company.id);
        tokio::spawn(async move { store.company(id).await })
    });
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap().expect("a read");
    }
}

/// As after a restart of the server: every connection of the pool is gone.
async fn no_answer_is_lost((_store, place): (Arc<dyn Store>, Place)) {
    let (proxy, storage) = through_a_proxy(&place).await;
    let store: Arc<dyn Store> = Arc::new(storage);
    let fixture = Fixture::new(store.clone(), 91);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let session = fixture.session(ada.id);
    fixture.commit(vec![Change::Session(SessionChange::Start(session.clone()))]).await;
    for _ in 0..5 {
        use_all(&store, &fixture).await;
        proxy.breaks_every_connection().await;
        assert!(store.company(company.id).await.expect("a read").is_some());
        assert!(store.session_by_digest(&session.digest).await.expect("a session").is_some());
        use_all(&store, &fixture).await;
        proxy.breaks_every_connection().await;
        fixture.commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await;
    }
}

#[tokio::test]
async fn connections_to_postgres_that_broke_cost_no_answer() {
    no_answer_is_lost(postgres().await).await;
}

#[tokio::test]
async fn connections_to_mariadb_that_broke_cost_no_answer() {
    no_answer_is_lost(mariadb().await).await;
}

/// As behind a firewall that forgot every connection while nothing was asked: they are there, and nothing comes through.
async fn silence_costs_no_answer((_store, place): (Arc<dyn Store>, Place)) {
    let (proxy, storage) = through_a_proxy(&place).await;
    let store: Arc<dyn Store> = Arc::new(storage);
    let fixture = Fixture::new(store.clone(), 94);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let session = fixture.session(ada.id);
    fixture.commit(vec![Change::Session(SessionChange::Start(session.clone()))]).await;
    use_all(&store, &fixture).await;
    let nothing_asked = timeout(Duration::from_millis(1200), pending::<()>());
    assert!(nothing_asked.await.is_err());
    proxy.swallows_every_connection();
    let answered = async {
        assert!(store.session_by_digest(&session.digest).await.expect("a session").is_some());
        assert!(store.company(company.id).await.expect("a read").is_some());
        fixture.commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await;
        use_all(&store, &fixture).await;
        store.ping().await.expect("it is ready");
    };
    timeout(Duration::from_secs(20), answered).await.expect("answers in time");
}

#[tokio::test]
async fn connections_to_postgres_that_fell_silent_cost_no_answer() {
    silence_costs_no_answer(postgres().await).await;
}

#[tokio::test]
async fn connections_to_mariadb_that_fell_silent_cost_no_answer() {
    silence_costs_no_answer(mariadb().await).await;
}

/// Asks until the store is ready again; an answer counts for a second.
async fn ready_again(storage: &Storage) {
    let ready = async {
        while storage.ping().await.is_err() {
            yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), ready).await.expect("it is ready again");
}

#[tokio::test]
async fn connections_to_a_postgres_that_was_a_standby_are_replaced() {
    let (_, place) = postgres().await;
    let beside = place.beside().await;
    let (_, name) = place.url().rsplit_once('/').map(|(server, name)| (server.to_owned(), name.to_owned())).unwrap();
    run(&beside, &format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    let storage = place.open().await;
    let store: Arc<dyn Store> = Arc::new(storage.clone());
    let fixture = Fixture::new(store.clone(), 92);
    let refused = fixture.try_commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await;
    assert!(matches!(refused, Err(CommitError::Unavailable(_))), "{refused:?}");
    assert!(storage.ping().await.is_err(), "ready, while nothing can be written");
    use_all(&store, &fixture).await;
    run(&beside, "SET default_transaction_read_only = off").await;
    run(&beside, &format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
    for _ in 0..12 {
        fixture.commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await;
    }
    ready_again(&storage).await;
}

/// Connections that are there answer as a server that became read-only or left its cluster does; new ones do not.
#[tokio::test]
async fn connections_to_a_mariadb_that_cannot_write_are_replaced() {
    let (store, place) = mariadb().await;
    let beside = place.beside().await;
    run(&beside, "CREATE TABLE refused (up_to BIGINT, errno INT)").await;
    run(&beside, "INSERT INTO refused VALUES (0, 0)").await;
    run(
        &beside,
        "CREATE TRIGGER refuse BEFORE INSERT ON companies FOR EACH ROW BEGIN DECLARE code INT; \
         IF CONNECTION_ID() <= (SELECT up_to FROM refused) THEN SET code = (SELECT errno FROM refused); \
         SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = code; END IF; END",
    )
    .await;
    let fixture = Fixture::new(store.clone(), 93);
    for errno in [1290, 1836, 1047, 1792] {
        use_all(&store, &fixture).await;
        let newest = "(SELECT MAX(id) FROM information_schema.processlist WHERE db = DATABASE())";
        run(&beside, &format!("UPDATE refused SET errno = {errno}, up_to = {newest}")).await;
        fixture.commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await;
    }
}
