//! What happens between the store and a database server: locks that cross, connections that break, answers that are lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use identity_core::{
    change::{AccountChange, AuditChange, Change, CompanyChange, InvitationChange, LinkChange, OutboxChange, SessionChange},
    port::{Commit as _, Lease, Store},
};
use identity_storage::{
    DatabaseUrl, PoolLimits, Storage,
    testing::{Asked, connect_as_the_store},
};
use identity_testkit::Fixture;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, TransactionTrait as _};
use tokio::{sync::Barrier, task::yield_now, time::timeout};

use crate::{
    database::{Place, mariadb, postgres, sqlite},
    proxy::Proxy,
};

async fn run(connection: &DatabaseConnection, sql: &str) -> u64 {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
}

/// As many as answer to a question.
async fn count(connection: &DatabaseConnection, sql: &str) -> i64 {
    let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(statement).await.expect(sql).expect("a row").try_get_by_index(0).expect("a number")
}

/// A transaction past the store holds a row that the store's set needs second, and then wants the row that it has first.
async fn a_deadlock_is_no_error((store, place): (Arc<dyn Store>, Place), waiting: &str) {
    let (other, observer) = (place.beside().await, place.beside().await);
    if other.get_database_backend() == DbBackend::Postgres {
        // The transaction that detects a deadlock first is rolled back: not this one.
        run(&other, "SET deadlock_timeout = '60s'").await;
    }
    let begun = Arc::new(AtomicUsize::new(0));
    let observe = {
        let begun = begun.clone();
        move |asked: &Asked| {
            if asked.sql.starts_with("INSERT") && asked.sql.contains("change_sets") {
                begun.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let url = DatabaseUrl::new(place.url().into());
    let watched = Storage::open_observed(&url, PoolLimits { max_connections: 2 }, observe).await.expect("the database opens");
    let fixture = Fixture::new(store.clone(), 71);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let invitation = fixture.invitation(company.id, ada.id, "grace@example.org");
    fixture.commit(vec![Change::Invitation(InvitationChange::Issue(invitation.clone()))]).await;
    for round in 0..5 {
        run(&other, "BEGIN").await;
        // More rows than the store's transaction writes, so that the store's is the one that is given up.
        for _ in 0..5 {
            fixture.commit(vec![Change::Audit(AuditChange::Record(fixture.event()))]).await;
        }
        run(&other, "UPDATE audit_events SET action = 'x'").await;
        run(&other, "UPDATE invitations SET language = 'en'").await;
        let session = fixture.session(ada.id);
        let set = fixture.set(vec![
            Change::Account(AccountChange::Require { id: ada.id, version: 1 }),
            Change::Invitation(InvitationChange::RecordFirstOpen { id: invitation.id, at: fixture.now }),
            Change::Session(SessionChange::Start(session.clone())),
        ]);
        begun.store(0, Ordering::Relaxed);
        let committing = tokio::spawn({
            let watched = watched.clone();
            async move { watched.commit(&set).await }
        });
        timeout(Duration::from_secs(20), async {
            while count(&observer, waiting).await == 0 {
                yield_now().await;
            }
        })
        .await
        .expect("the store's transaction waits for the other");
        run(&other, "UPDATE accounts SET language = 'en'").await;
        run(&other, "COMMIT").await;
        committing.await.unwrap().unwrap_or_else(|error| panic!("round {round}: {error:?}"));
        assert!(begun.load(Ordering::Relaxed) > 1, "round {round}: there was no deadlock");
        assert!(store.session_by_digest(&session.digest).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_deadlock_in_postgres_is_no_error() {
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    a_deadlock_is_no_error(postgres().await, waiting).await;
}

#[tokio::test]
async fn a_deadlock_in_mariadb_is_no_error() {
    let waiting = "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND state = 'Updating'";
    a_deadlock_is_no_error(mariadb().await, waiting).await;
}

/// The same database, through a proxy that can break connections.
pub(crate) async fn through_a_proxy(place: &Place) -> (Proxy, Storage) {
    let url = place.url();
    let (before, rest) = url.split_once('@').unwrap();
    let (host, name) = rest.split_once('/').unwrap();
    let proxy = Proxy::to(host).await;
    let url = format!("{before}@{}/{name}", proxy.address);
    let limits = PoolLimits { max_connections: 4 };
    let storage = Storage::open(&DatabaseUrl::new(url.into()), limits).await.expect("the database opens through the proxy");
    (proxy, storage)
}

/// The commit took place, and nobody was told: the set is done again, and answers as it did.
async fn a_lost_answer_is_found_again((_store, place): (Arc<dyn Store>, Place)) {
    let (proxy, storage) = through_a_proxy(&place).await;
    let store: Arc<dyn Store> = Arc::new(storage);
    let fixture = Fixture::new(store.clone(), 72);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let token = fixture.token(fixture.invitation(company.id, ada.id, "x@example.org").id, 1);
    fixture.commit(vec![Change::Link(LinkChange::Issue(token.clone()))]).await;
    for _ in 0..3 {
        let session = fixture.session(ada.id);
        let set = fixture.set(vec![Change::Session(SessionChange::Start(session.clone()))]);
        proxy.loses_the_next_answer_to("COMMIT");
        store.commit(&set).await.expect("what was committed is no failure");
        assert_eq!(proxy.answers_lost(), 1, "the answer was lost");
        assert!(store.session_by_digest(&session.digest).await.unwrap().is_some());
    }
    proxy.loses_the_next_answer_to("COMMIT");
    let spent = fixture.try_commit(vec![Change::Link(LinkChange::Spend { id: token.id, at: fixture.now })]).await;
    spent.expect("the writer that spent the link is not told that another did");
    let message = fixture.message(fixture.invitation(company.id, ada.id, "x@example.org").id);
    fixture.commit(vec![Change::Outbox(OutboxChange::Queue(message.clone()))]).await;
    proxy.loses_the_next_answer_to("COMMIT");
    let lease = Lease { ticket: fixture.id(), now: fixture.now, until: fixture.later(60), limit: 5 };
    let claimed = store.lease_messages(&lease).await.expect("a claim");
    assert_eq!(claimed.iter().map(|message| (message.id, message.attempts)).collect::<Vec<_>>(), [(message.id, 1)]);
}

#[tokio::test]
async fn an_answer_that_postgres_gave_and_nobody_got_is_found_again() {
    a_lost_answer_is_found_again(postgres().await).await;
}

#[tokio::test]
async fn an_answer_that_mariadb_gave_and_nobody_got_is_found_again() {
    a_lost_answer_is_found_again(mariadb().await).await;
}

/// What holds of one connection holds of the next one, and of one that replaces it.
async fn every_connection_is_set_alike(place: Place, settings: &str, expected: &str) {
    let pool = connect_as_the_store(&DatabaseUrl::new(place.url().into()), 3).await.expect("a pool");
    let statement = || sea_orm::Statement::from_string(pool.get_database_backend(), settings);
    let mut held = Vec::new();
    for _ in 0..3 {
        // Each holds a connection until the end.
        let transaction = pool.begin().await.expect("a transaction");
        let row = transaction.query_one_raw(statement()).await.expect("an answer").expect("a row");
        assert_eq!(row.try_get_by_index::<String>(0).expect("a text"), expected, "connection {}", held.len());
        held.push(transaction);
    }
}

#[tokio::test]
async fn every_connection_to_postgres_is_set_alike() {
    let settings = "SELECT concat_ws(' ', current_setting('transaction_isolation'), current_setting('lock_timeout'), \
                    current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), \
                    current_setting('enable_sort'), current_setting('jit'))";
    every_connection_is_set_alike(Place::postgres().await, settings, "read committed 5s 15s 30s off off").await;
}

#[tokio::test]
async fn every_connection_to_mariadb_is_set_alike() {
    let settings = "SELECT CONCAT_WS(' ', @@tx_isolation, @@innodb_lock_wait_timeout, @@sql_mode LIKE '%STRICT_ALL_TABLES%')";
    every_connection_is_set_alike(Place::mariadb().await, settings, "READ-COMMITTED 5 1").await;
}

/// A pool would try for seconds, and then say nothing of it.
#[tokio::test]
async fn a_setting_that_postgres_refuses_is_said_at_the_start() {
    let place = Place::postgres().await;
    let connection = place.beside().await;
    let name = place.url().rsplit('/').next().expect("a name").to_owned();
    // Found before the server's own view, and of another form.
    run(&connection, &format!("ALTER DATABASE \"{name}\" SET search_path = public, pg_catalog")).await;
    run(&connection, "CREATE TABLE public.pg_settings (name integer)").await;
    let refused =
        Storage::open(&DatabaseUrl::new(place.url().into()), PoolLimits::default()).await.err().expect("it does not open");
    assert!(format!("{refused:?}").contains("set_config"), "{refused:?}");
}

/// A server that was restarted, or a firewall that forgot: connections that lie in the pool are gone.
async fn broken_connections_are_replaced((_store, place): (Arc<dyn Store>, Place)) {
    let (proxy, storage) = through_a_proxy(&place).await;
    let store: Arc<dyn Store> = Arc::new(storage);
    let fixture = Fixture::new(store.clone(), 73);
    for _ in 0..5 {
        let company = fixture.company();
        proxy.breaks_every_connection().await;
        fixture.commit(vec![Change::Company(CompanyChange::Open(company.clone()))]).await;
        // A write is done again. A read says so where it got a connection that broke a moment after its last use, and the next ones
        // get others.
        let found = async {
            loop {
                if let Ok(found) = store.company(company.id).await {
                    break found;
                }
            }
        };
        assert!(timeout(Duration::from_secs(30), found).await.expect("a new connection").is_some());
    }
}

#[tokio::test]
async fn broken_connections_to_postgres_are_replaced() {
    broken_connections_are_replaced(postgres().await).await;
}

#[tokio::test]
async fn broken_connections_to_mariadb_are_replaced() {
    broken_connections_are_replaced(mariadb().await).await;
}

/// A connection that says nothing any more, and is not closed either, holds up an answer for seconds, and none for ever.
#[tokio::test]
async fn a_connection_to_postgres_that_falls_silent_is_given_up() {
    let (_store, place) = postgres().await;
    let (proxy, storage) = through_a_proxy(&place).await;
    let store: Arc<dyn Store> = Arc::new(storage);
    let fixture = Fixture::new(store.clone(), 75);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let session = fixture.session(ada.id);
    fixture.commit(vec![Change::Session(SessionChange::Start(session.clone()))]).await;
    assert!(store.session_by_digest(&session.digest).await.unwrap().is_some());
    proxy.swallows_every_connection();
    let found = async {
        // What was asked by such a connection fails; what comes after it gets another.
        loop {
            if let Ok(found) = store.session_by_digest(&session.digest).await {
                break found;
            }
        }
    };
    assert!(timeout(Duration::from_secs(20), found).await.expect("a new connection").is_some());
    // So do those that write.
    let writes = async { while store.ping().await.is_err() {} };
    timeout(Duration::from_secs(20), writes).await.expect("it is there again");
}

/// Several processes start at the same moment over an empty database.
async fn one_of_many_migrates(place: Place) {
    let barrier = Arc::new(Barrier::new(8));
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (storage, barrier) = (place.open().await, barrier.clone());
        starting.spawn(async move {
            barrier.wait().await;
            storage.migrate().await
        });
    }
    for migrated in starting.join_all().await {
        migrated.expect("the process that came second finds it done");
    }
    assert_eq!(place.open().await.pending_migrations().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_processes_at_once_one_migrates_postgres() {
    one_of_many_migrates(Place::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_processes_at_once_one_migrates_mariadb() {
    one_of_many_migrates(Place::mariadb().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_processes_at_once_one_migrates_an_sqlite_file() {
    one_of_many_migrates(Place::folder()).await;
}

/// During an upgrade a process of the version before may start again.
async fn a_newer_schema_is_left_as_it_is((store, place): (Arc<dyn Store>, Place)) {
    run(&place.beside().await, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_of_a_newer_version', 1)").await;
    let older = place.open().await;
    assert_eq!(older.pending_migrations().await.unwrap(), Vec::<String>::new());
    older.migrate().await.expect("nothing is left to do");
    Fixture::new(store, 76).inhabited("ada@example.org").await;
}

#[tokio::test]
async fn a_newer_schema_of_sqlite_is_left_as_it_is() {
    a_newer_schema_is_left_as_it_is(sqlite().await).await;
}

#[tokio::test]
async fn a_newer_schema_of_postgres_is_left_as_it_is() {
    a_newer_schema_is_left_as_it_is(postgres().await).await;
}

#[tokio::test]
async fn a_newer_schema_of_mariadb_is_left_as_it_is() {
    a_newer_schema_is_left_as_it_is(mariadb().await).await;
}
