//! What lies between two versions: migrations that were interrupted, and processes of the version before beside new ones.

use std::sync::Arc;

use identity_core::{
    change::{AccountChange, AuditChange, Change, CompanyChange, RegistrationChange},
    model::{
        access::Scope,
        account::{Account, AccountState, Recovery},
        outbox::{InvitationMail, MailKind},
        password::{Password, PasswordHash},
        registration::Application,
    },
    port::{AccountQuery, AccountReads as _, Commit as _, Lease, Outbox as _, RegistrationReads as _, Sweep},
    value::{InvitationId, Language, RoleKey, SignedDuration, TimeZone},
};
use identity_testkit::Fixture;
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection,
    sea_query::{Alias, Expr, ExprTrait as _, Query},
};
use uuid::Uuid;

use crate::database::Place;

async fn run(connection: &DatabaseConnection, sql: &str) -> u64 {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
}

/// As if it had ended on its way, where definitions are not taken back; it starts again at the oldest of what is forgotten.
async fn an_interrupted_migration_starts_again(place: Place, interrupted: &[&str], forgotten: &str) {
    place.open().await.migrate().await.expect("the schema is laid");
    let connection = place.beside().await;
    for statement in interrupted {
        run(&connection, statement).await;
    }
    assert!(run(&connection, &format!("DELETE FROM seaql_migrations WHERE version >= '{forgotten}'")).await > 0);
    let storage = place.open().await;
    storage.migrate().await.expect("it goes on");
    let fixture = Fixture::new(Arc::new(storage), 74);
    let (_, ada) = fixture.inhabited("ada@example.org").await;
    let registration = fixture.registration("grace@example.org");
    fixture
        .commit(vec![
            Change::Audit(AuditChange::Record(fixture.event())),
            Change::Registration(RegistrationChange::Open(registration)),
        ])
        .await;
    assert!(fixture.store.account(ada.id).await.unwrap().is_some());
}

#[tokio::test]
async fn an_interrupted_migration_of_mariadb_starts_again_from_its_beginning() {
    // After the tables and some of the indexes of the first one, and in the middle of the last one.
    let interrupted = [
        "DROP INDEX notices_due ON notices",
        "DROP INDEX links_by_digest ON links",
        "DROP TABLE audit_personal",
        "DROP TABLE throttles",
        "DROP INDEX accounts_of_all_by_state ON accounts",
        "ALTER TABLE accounts DROP COLUMN recovery_since",
    ];
    an_interrupted_migration_starts_again(Place::mariadb().await, &interrupted, "").await;
}

#[tokio::test]
async fn an_interrupted_migration_of_postgres_goes_on_beside_writers() {
    let interrupted = [
        "DROP TABLE registrations",
        "ALTER TABLE audit_events DROP COLUMN identity_check_digest",
        // What is left of an index that was being built: its name, and no use.
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'accounts_of_all_by_state'::regclass",
    ];
    let place = Place::postgres().await;
    let connection = place.beside().await;
    an_interrupted_migration_starts_again(place, &interrupted, "m0003").await;
    let invalid = "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE NOT indisvalid AND relname = 'accounts'";
    assert!(connection.query_one_raw(statement(&connection, invalid)).await.unwrap().is_none(), "it was built again");
}

fn statement(connection: &DatabaseConnection, sql: &str) -> sea_orm::Statement {
    sea_orm::Statement::from_string(connection.get_database_backend(), sql)
}

#[tokio::test]
async fn an_interrupted_migration_of_an_sqlite_file_goes_on() {
    let interrupted =
        ["DROP TABLE retired_passwords", "DROP INDEX accounts_by_state", "ALTER TABLE accounts DROP COLUMN password_ends_at"];
    an_interrupted_migration_starts_again(Place::folder(), &interrupted, "m0003").await;
}

/// A row as the version before writes it: it names the columns that it knows.
async fn insert(connection: &DatabaseConnection, table: &str, row: Vec<(&str, Expr)>) {
    let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().map(|(column, value)| (Alias::new(column), value)).unzip();
    let mut statement = Query::insert().into_table(Alias::new(table)).columns(columns).to_owned();
    statement.values(values).expect("a value for each column");
    connection.execute(&statement).await.unwrap_or_else(|error| panic!("{table}: {error}"));
}

/// During an upgrade, processes of the version before write beside new ones: what they leave out has a meaning.
async fn rows_of_the_version_before_are_read(place: Place) {
    let storage = place.open().await;
    storage.migrate().await.expect("the schema is laid");
    let (connection, fixture) = (place.beside().await, Fixture::new(Arc::new(storage.clone()), 77));
    let company = fixture.company();
    fixture.commit(vec![Change::Company(CompanyChange::Open(company.clone()))]).await;
    let account = fixture.account(company.id, "ada@example.org");
    let (address, now) = ("ada@example.org", fixture.now.as_microsecond());
    let row = vec![
        ("id", Expr::value(*account.id.as_uuid())),
        ("company_id", Expr::value(*company.id.as_uuid())),
        ("address", Expr::value(address)),
        ("canonical", Expr::value(address.as_bytes())),
        ("first_name", Expr::value("Ada")),
        ("last_name", Expr::value("Lovelace")),
        ("language", Expr::value("en")),
        ("state", Expr::value("active")),
        ("password", Expr::value("plain$secret")),
        ("created_at", Expr::value(now)),
        ("version", Expr::value(1_i64)),
    ];
    insert(&connection, "accounts", row).await;
    let epoch = identity_core::value::Timestamp::UNIX_EPOCH;
    let expected = Account { recovery: Recovery { generation: 1, since: epoch }, ..account };
    let found = storage.credential(expected.id).await.unwrap().expect("the account");
    assert_eq!(found.account, expected);
    assert_eq!(found.password, Password { set_at: fixture.now, ends_at: None, hash: found.password.hash.clone() });
    let next = expected.with_password_ended(fixture.later(1));
    fixture.commit(vec![Change::Account(AccountChange::Revise { account: next.clone(), by: None })]).await;
    assert_eq!(storage.account(next.id).await.unwrap(), Some(next));

    let (id, invitation) = (Uuid::from_u128(7), InvitationId::from_uuid(Uuid::from_u128(8)));
    let row = vec![
        ("id", Expr::value(id)),
        ("address", Expr::value("grace@example.org")),
        ("language", Expr::value("en")),
        ("topic", Expr::value("invitation")),
        ("invitation_id", Expr::value(*invitation.as_uuid())),
        ("generation", Expr::value(3_i64)),
        ("queued_at", Expr::value(now)),
        ("due_at", Expr::value(now)),
        ("attempts", Expr::value(0_i64)),
        ("state", Expr::value("queued")),
    ];
    insert(&connection, "notices", row).await;
    let lease = Lease { ticket: fixture.id(), now: fixture.now, until: fixture.later(60), limit: 5 };
    let kinds = storage.lease_messages(&lease).await.unwrap().into_iter().map(|message| message.kind).collect::<Vec<_>>();
    assert_eq!(kinds, [MailKind::Invitation(InvitationMail::Invited { invitation, generation: 3 })]);

    // The time zone of somebody who waits for approval was not kept.
    let application = Application {
        password: PasswordHash::from_phc("plain$chosen".to_owned()),
        terms: 1,
        terms_language: Language::english(),
        text_hash: [7; 32],
        time_zone: TimeZone::parse("America/Lima").expect("a zone"),
        submitted_at: fixture.now,
    };
    let registration = fixture.registration("hedy@example.net");
    let waiting = registration.applied(application, fixture.later(60)).expect("it was open");
    fixture.commit(vec![Change::Registration(RegistrationChange::Open(registration))]).await;
    fixture.commit(vec![Change::Registration(RegistrationChange::Advance(waiting.clone()))]).await;
    assert_eq!(run(&connection, "UPDATE registrations SET time_zone = NULL").await, 1);
    let kept = storage.registration(waiting.id).await.unwrap().and_then(|registration| registration.application);
    assert_eq!(kept.map(|application| application.time_zone), Some(TimeZone::default()));
}

/// Lists by role follow what a version writes that knows nothing of how they are found: an account that it switches off, another
/// address, and a role that it grants; and what was there before the migration.
async fn lists_by_role_follow_the_version_before(place: Place) {
    let storage = place.open().await;
    storage.migrate().await.expect("the schema is laid");
    let (connection, mut fixture) = (place.beside().await, Fixture::new(Arc::new(storage.clone()), 78));
    let company = fixture.company();
    let mut people = Vec::new();
    for address in ["ada@example.org", "grace@example.org", "mary@example.org"] {
        fixture.now = fixture.later(1);
        people.push(fixture.account(company.id, address));
    }
    let [ada, grace, mary] = people.as_mut_slice() else { unreachable!("three of them") };
    (ada.roles, grace.roles) = ([RoleKey::operator()].into(), [RoleKey::operator()].into());
    let opened = [&*ada, grace, mary].map(|account| fixture.open(account));
    fixture.commit([Change::Company(CompanyChange::Open(company.clone()))].into_iter().chain(opened).collect()).await;
    let id = |account: &Account| Expr::value(*account.id.as_uuid());
    let change = |account: &Account, column: &str, value: Expr| {
        let account = Expr::col(Alias::new("id")).eq(id(account));
        Query::update().table(Alias::new("accounts")).value(Alias::new(column), value).and_where(account).to_owned()
    };
    for update in [
        change(ada, "state", Expr::value("disabled")),
        change(grace, "address", Expr::value("hopper@example.org")),
        change(grace, "canonical", Expr::value(b"hopper@example.org".as_slice())),
    ] {
        connection.execute(&update).await.expect("an update");
    }
    let granted = vec![
        ("account_id", id(mary)),
        ("kind", Expr::value("role")),
        ("entry", Expr::value(b"operator".as_slice())),
        ("granted_at", Expr::value(1_i64)),
    ];
    insert(&connection, "grants", granted).await;

    let lists = async |state: Option<AccountState>, prefix: Option<&str>| {
        let (role, address_prefix) = (Some(RoleKey::operator()), prefix.map(str::to_owned));
        let mut found = Vec::new();
        for scope in [Scope::Everywhere, Scope::Company(company.id)] {
            let query =
                AccountQuery { scope, state, role: role.clone(), address_prefix: address_prefix.clone(), after: None, limit: 9 };
            found.push(storage.accounts(&query).await.expect("a list").items.into_iter().map(|found| found.id).collect::<Vec<_>>());
        }
        assert_eq!(found.first(), found.last(), "they are all of one company");
        found.pop().unwrap_or_default()
    };
    let far = fixture.now.checked_sub(SignedDuration::from_hours(1)).expect("a time");
    let sweep = Sweep {
        sessions_before: far,
        links_before: far,
        change_sets_before: far,
        registrations_before: far,
        throttles_before: far,
        email_changes_before: far,
        messages_before: far,
    };
    for _ in 0..2 {
        assert_eq!(lists(None, None).await, [mary.id, grace.id, ada.id]);
        assert_eq!(lists(Some(AccountState::Active), None).await, [mary.id, grace.id]);
        assert_eq!(lists(Some(AccountState::Disabled), None).await, [ada.id]);
        assert_eq!(lists(None, Some("grace")).await, []);
        assert_eq!(lists(Some(AccountState::Active), Some("")).await, [grace.id, mary.id]);
        let accounts_with_role =
            storage.accounts_with_role(&RoleKey::operator(), Some(company.id), 9).await.expect("accounts_with_role");
        assert_eq!(accounts_with_role.iter().map(|account| account.id).collect::<Vec<_>>(), [grace.id, mary.id]);
        // The second time nothing is left that has to be looked for apart.
        storage.sweep(&sweep).await.expect("a sweep");
    }
    run(&connection, "UPDATE grants SET company_id = NULL, state = NULL, canonical = NULL").await;
    assert!(run(&connection, "DELETE FROM seaql_migrations WHERE version LIKE 'm0015%'").await > 0);
    storage.migrate().await.expect("it is done again");
    let missing = statement(&connection, "SELECT 1 FROM grants WHERE company_id IS NULL OR state IS NULL OR canonical IS NULL");
    assert!(connection.query_one_raw(missing).await.unwrap().is_none(), "a grant says nothing of its holder");
    assert_eq!(lists(Some(AccountState::Active), Some("")).await, [grace.id, mary.id]);
}

#[tokio::test]
async fn lists_by_role_follow_the_version_before_on_sqlite() {
    lists_by_role_follow_the_version_before(Place::folder()).await;
}

#[tokio::test]
async fn lists_by_role_follow_the_version_before_on_postgres() {
    lists_by_role_follow_the_version_before(Place::postgres().await).await;
}

#[tokio::test]
async fn lists_by_role_follow_the_version_before_on_mariadb() {
    lists_by_role_follow_the_version_before(Place::mariadb().await).await;
}

#[tokio::test]
async fn rows_that_the_version_before_writes_to_sqlite_are_read() {
    rows_of_the_version_before_are_read(Place::folder()).await;
}

#[tokio::test]
async fn rows_that_the_version_before_writes_to_postgres_are_read() {
    rows_of_the_version_before_are_read(Place::postgres().await).await;
}

#[tokio::test]
async fn rows_that_the_version_before_writes_to_mariadb_are_read() {
    rows_of_the_version_before_are_read(Place::mariadb().await).await;
}
