//! What a failing database does to a writer.

use std::{
    error::Error as _,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use identity_core::{
    change::{Change, CommitError, CompanyChange, InvitationChange, OutboxChange},
    model::access::Scope,
    port::{InvitationFilter, InvitationQuery, InvitationReads as _, Lease, Sweep},
    value::CompanyName,
};
use identity_storage::{
    DatabaseUrl, PoolLimits, Storage,
    testing::{Asked, connect_as_the_store},
};
use identity_testkit::Fixture;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use tokio::{task::JoinSet, time::timeout};

use crate::database::sqlite;

async fn run(connection: &DatabaseConnection, sql: &str) -> u64 {
    connection.execute_unprepared(sql).await.expect(sql).rows_affected()
}

async fn count(connection: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_one_raw(statement).await.expect(sql).expect("a row").try_get_by_index(0).expect("a number")
}

/// Writes of a company of that name fail in the database, as on a full disk, and not by a guard.
async fn poisoned(connection: &DatabaseConnection) {
    run(
        connection,
        "CREATE TRIGGER poison BEFORE INSERT ON companies WHEN NEW.name = 'Poison' BEGIN SELECT RAISE(ABORT, 'no room left'); END",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_write_that_the_database_refuses_takes_no_neighbour_along() {
    let (store, place) = sqlite().await;
    poisoned(&place.beside().await).await;
    let fixture = Arc::new(Fixture::new(store.clone(), 61));
    let mut writers = JoinSet::new();
    for number in 0..100 {
        let fixture = fixture.clone();
        writers.spawn(async move {
            let mut company = fixture.company();
            if number % 10 == 0 {
                company.name = CompanyName::parse("Poison").unwrap();
            }
            let result = fixture.try_commit(vec![Change::Company(CompanyChange::Open(company.clone()))]).await;
            (number, company.id, result)
        });
    }
    for (number, id, result) in writers.join_all().await {
        let is_there = store.company(id).await.unwrap().is_some();
        if number % 10 == 0 {
            let Err(CommitError::Unavailable(error)) = result else { panic!("{result:?}") };
            let source = error.source().expect("what the database said").to_string();
            assert!(source.contains("no room left") && !is_there, "{source}");
        } else {
            assert!(result.is_ok() && is_there, "{result:?}");
        }
    }
}

#[tokio::test]
async fn a_write_that_failed_may_be_tried_again_under_the_same_id() {
    let (store, place) = sqlite().await;
    let connection = place.beside().await;
    poisoned(&connection).await;
    let fixture = Fixture::new(store.clone(), 62);
    let mut company = fixture.company();
    company.name = CompanyName::parse("Poison").unwrap();
    let set = fixture.set(vec![Change::Company(CompanyChange::Open(company.clone()))]);
    assert!(matches!(store.commit(&set).await, Err(CommitError::Unavailable(_))));
    run(&connection, "DROP TRIGGER poison").await;
    store.commit(&set).await.expect("nothing of the first try is left");
    assert!(store.company(company.id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_lock_that_another_process_holds_is_waited_for() {
    let (store, place) = sqlite().await;
    let other = place.beside().await;
    run(&other, "BEGIN IMMEDIATE").await;
    let fixture = Fixture::new(store.clone(), 63);
    let company = fixture.company();
    let set = fixture.set(vec![Change::Company(CompanyChange::Open(company.clone()))]);
    let writing = tokio::spawn({
        let store = store.clone();
        async move { store.commit(&set).await }
    });
    assert!(store.company(company.id).await.unwrap().is_none(), "readers go on");
    assert!(!writing.is_finished());
    run(&other, "COMMIT").await;
    writing.await.unwrap().expect("the lock was given back");
    assert!(store.company(company.id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_lock_that_is_never_given_back_is_said_to_everybody_at_once() {
    let (store, place) = sqlite().await;
    let other = place.beside().await;
    run(&other, "BEGIN IMMEDIATE").await;
    let fixture = Arc::new(Fixture::new(store.clone(), 66));
    let mut writers = JoinSet::new();
    for _ in 0..50 {
        let fixture = fixture.clone();
        writers.spawn(async move { fixture.try_commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await });
    }
    // SQLite waits five seconds; not each of them after the other.
    let answers = timeout(Duration::from_secs(30), writers.join_all()).await.expect("nobody waits for ever");
    assert!(answers.iter().all(|answer| matches!(answer, Err(CommitError::Unavailable(_)))), "{answers:?}");
    run(&other, "COMMIT").await;
    fixture.commit(vec![Change::Company(CompanyChange::Open(fixture.company()))]).await;
}

#[tokio::test]
async fn a_message_that_cannot_be_read_holds_up_no_other() {
    let (store, place) = sqlite().await;
    let fixture = Fixture::new(store.clone(), 64);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let about = fixture.invitation(company.id, ada.id, "x@example.org").id;
    fixture.commit(vec![Change::Outbox(OutboxChange::Queue(fixture.message(about)))]).await;
    assert_eq!(run(&place.beside().await, "UPDATE notices SET topic = 'of a newer version'").await, 1);
    let good = fixture.message(about);
    fixture.commit(vec![Change::Outbox(OutboxChange::Queue(good.clone()))]).await;
    let lease = Lease { ticket: fixture.id(), now: fixture.later(1), until: fixture.later(60), limit: 10 };
    let claimed = store.lease_messages(&lease).await.unwrap();
    assert_eq!(claimed.iter().map(|message| message.id).collect::<Vec<_>>(), [good.id]);
}

#[tokio::test]
async fn a_claim_in_which_no_message_can_be_read_holds_up_no_other() {
    let (store, place) = sqlite().await;
    let fixture = Fixture::new(store.clone(), 66);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let about = fixture.invitation(company.id, ada.id, "x@example.org").id;
    fixture.commit(vec![Change::Outbox(OutboxChange::Queue(fixture.message(about)))]).await;
    assert_eq!(run(&place.beside().await, "UPDATE notices SET topic = 'of a newer version', due_at = due_at - 1").await, 1);
    let good = fixture.message(about);
    fixture.commit(vec![Change::Outbox(OutboxChange::Queue(good.clone()))]).await;
    let claim = async || {
        let lease = Lease { ticket: fixture.id(), now: fixture.later(1), until: fixture.later(60), limit: 1 };
        store.lease_messages(&lease).await.unwrap().iter().map(|message| message.id).collect::<Vec<_>>()
    };
    assert_eq!(claim().await, [], "it stays claimed");
    assert_eq!(claim().await, [good.id]);
}

/// The rows of a page are read after the page was found.
#[tokio::test]
async fn an_invitation_that_ends_while_a_page_is_read_is_not_on_it_and_the_list_goes_on() {
    let (store, place) = sqlite().await;
    let fixture = Fixture::new(store.clone(), 67);
    let (company, ada) = fixture.inhabited("ada@example.org").await;
    let mut issued = Vec::new();
    for name in ["a", "b", "c"] {
        let invitation = fixture.invitation(company.id, ada.id, &format!("{name}@example.org"));
        fixture.commit(vec![Change::Invitation(InvitationChange::Issue(invitation.clone()))]).await;
        issued.push(invitation.id);
    }
    issued.sort_unstable();
    let url = place.url();
    let was_asked = Arc::new(AtomicBool::new(false));
    let revoke_the_first = move |asked: &Asked| {
        let finds_a_page = asked.sql.contains("INDEXED BY") && asked.sql.contains(" LIMIT ");
        if !finds_a_page || was_asked.swap(true, Ordering::Relaxed) {
            return;
        }
        let url = DatabaseUrl::new(url.clone().into());
        let revoking = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let connection = connect_as_the_store(&url, 1).await.expect("a connection");
                run(&connection, "UPDATE invitations SET state = 'revoked' WHERE id = (SELECT max(id) FROM invitations)").await
            })
        });
        assert_eq!(revoking.join().expect("it is revoked"), 1);
    };
    let watched =
        Storage::open_observed(&DatabaseUrl::new(place.url().into()), PoolLimits::default(), revoke_the_first).await.unwrap();
    let (filter, scope) = (Some(InvitationFilter::Pending), Scope::Company(company.id));
    let query = InvitationQuery { scope, filter, address_prefix: None, now: fixture.now, after: None, limit: 2 };
    let page = watched.invitations(&query).await.unwrap();
    assert_eq!(page.items.iter().map(|summary| summary.invitation.id).collect::<Vec<_>>(), [issued[1]]);
    assert_eq!(page.next, Some(issued[1]), "the oldest one is on the next page");
}

#[tokio::test]
async fn a_sweep_takes_everything_that_lapsed_however_much_it_is_and_nothing_else() {
    let (store, place) = sqlite().await;
    let connection = place.beside().await;
    let fixture = Fixture::new(store.clone(), 65);
    fixture.inhabited("ada@example.org").await;
    let fresh = count(&connection, "SELECT count(*) FROM change_sets").await;
    let inserted = run(
        &connection,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2345) \
         INSERT INTO change_sets (id, committed_at) SELECT randomblob(16), i FROM n",
    )
    .await;
    assert_eq!(inserted, 2345);
    let inserted = run(
        &connection,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234) \
         INSERT INTO throttles (bucket, free_at, failures, expires_at) SELECT randomblob(32), i, 1, i FROM n",
    )
    .await;
    assert_eq!(inserted, 1234);
    let inserted = run(
        &connection,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1357) \
         INSERT INTO notices (id, address, language, topic, invitation_id, queued_at, attempts, state, settled_at) \
         SELECT randomblob(16), 'x@example.org', 'en', 'recovery_requested', zeroblob(16), i, 1, 'sent', i FROM n",
    )
    .await;
    assert_eq!(inserted, 1357);
    let sweep = Sweep {
        sessions_before: fixture.now,
        links_before: fixture.now,
        change_sets_before: fixture.now,
        registrations_before: fixture.now,
        throttles_before: fixture.now,
        email_changes_before: fixture.now,
        messages_before: fixture.now,
    };
    assert_eq!(store.sweep(&sweep).await.unwrap(), 2345 + 1234 + 1357);
    assert_eq!(count(&connection, "SELECT count(*) FROM change_sets").await, fresh);
    assert_eq!(store.sweep(&sweep).await.unwrap(), 0);
}
