//! Accepting without its hash, beside a bare loop of the same statements through the same connection.

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use identity_core::{
    change::Change,
    port::{Commit as _, Store},
};
use identity_storage::{DatabaseUrl, Storage};
use identity_testkit::Fixture;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _, Value,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::Mutex;

use crate::{
    Outcome,
    figure::{Run, hammer, note, print},
};

const LASTING: Duration = Duration::from_secs(4);
const PREPARED: usize = 30_000;

async fn storage(folder: &tempfile::TempDir, name: &str) -> Result<Storage, Box<dyn Error + Send + Sync>> {
    let url = DatabaseUrl::new(format!("sqlite://{}", folder.path().join(name).display()).into());
    let storage = Storage::open(&url).await?;
    storage.migrate().await?;
    Ok(storage)
}

/// The sets of so many acceptances, their invitations and links committed before.
async fn prepared(storage: &Storage, seed: u64) -> Vec<identity_core::change::ChangeSet> {
    let store: Arc<dyn Store> = Arc::new(storage.clone());
    let fixture = Fixture::new(store, seed);
    let (company, ada) = fixture.inhabited(&format!("ada{seed}@example.org")).await;
    let mut sets = Vec::with_capacity(PREPARED);
    for chunk in 0..PREPARED / 100 {
        let mut changes = Vec::new();
        for number in 0..100 {
            let address = format!("p{seed}.{chunk}.{number}@example.org");
            let invitation = fixture.invitation(company.id, ada.id, &address);
            let token = fixture.token(invitation.id, 1);
            let account = fixture.account(company.id, &address);
            let accepted = invitation.accepted(account.id).into_iter().map(Change::AdvanceInvitation);
            let mut set = vec![
                Change::RequireAccount { id: ada.id, version: 1 },
                Change::SpendToken { id: token.id, at: fixture.now },
                fixture.open(&account),
                Change::Record(fixture.event()),
                Change::Record(fixture.event()),
            ];
            set.extend(accepted);
            sets.push(fixture.set(set));
            changes.push(Change::IssueInvitation(invitation));
            changes.push(Change::IssueToken(token));
        }
        fixture.commit(changes).await;
    }
    sets
}

async fn through_the_store(storage: &Storage, seed: u64, callers: usize) -> Result<Run, Box<dyn Error + Send + Sync>> {
    let sets = Arc::new(Mutex::new(prepared(storage, seed).await));
    let storage = storage.clone();
    hammer(callers, LASTING, move |_| {
        let (sets, storage) = (sets.clone(), storage.clone());
        async move {
            let set = sets.lock().await.pop().ok_or("more acceptances than were prepared: prepare more")?;
            storage.commit(&set).await.map_err(Into::into)
        }
    })
    .await
}

/// The statements of one acceptance, written out: the id of the set, the inviter, the link, the invitation, the account, two
/// events and their personal fields. They find and write rows as the store's do.
const STATEMENTS: [&str; 8] = [
    "INSERT INTO change_sets (id, committed_at) VALUES (?, 1)",
    "SELECT version FROM accounts WHERE id = ? AND version = 1",
    "UPDATE links SET spent_at = 1 WHERE id = ? AND spent_at IS NULL AND expires_at > 1",
    "UPDATE invitations SET state = 'accepted', pending_for = NULL, generation = 2, version = 2 WHERE id = ? AND version = 1",
    "INSERT INTO accounts (id, company_id, address, canonical, first_name, last_name, language, state, password, created_at, version) \
     SELECT ?1, id, hex(?1), ?1, 'Ada', 'Lovelace', 'en', 'active', 'plain$secret', 1, 1 FROM companies LIMIT 1",
    "INSERT INTO audit_events (id, at, action, actor_kind, subject_kind) VALUES (?, 1, 'user_created', 'account', 'nothing')",
    "INSERT INTO audit_events (id, at, action, actor_kind, subject_kind) VALUES (randomblob(16), 1, 'terms_accepted', 'account', hex(?))",
    "INSERT INTO audit_personal (event_id, kind, salt, value) VALUES (?1, 'address', ?1, 'a'), (?1, 'network', ?1, 'b')",
];

const IMMEDIATE: TransactionOptions = TransactionOptions {
    isolation_level: None,
    access_mode: None,
    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
};

/// The same kind of connection that the store writes through.
async fn connection(folder: &tempfile::TempDir, name: &str) -> Result<DatabaseConnection, Box<dyn Error + Send + Sync>> {
    let mut options = ConnectOptions::new(format!("sqlite://{}", folder.path().join(name).display()));
    options.max_connections(1).sqlx_logging(false).test_before_acquire(false);
    options.map_sqlx_sqlite_opts(|options| {
        options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full).foreign_keys(true)
    });
    Ok(Database::connect(options).await?)
}

/// The statements in a loop, `group` acceptances in each durable transaction; acceptances a second.
async fn bare(connection: &DatabaseConnection, group: usize) -> Result<f64, Box<dyn Error + Send + Sync>> {
    let started = Instant::now();
    let mut done = 0_u64;
    while started.elapsed() < LASTING {
        let transaction = connection.begin_with_options(IMMEDIATE).await?;
        for _ in 0..group {
            done += 1;
            let id = [[group.to_be_bytes(), done.to_be_bytes()].concat()].concat();
            for sql in STATEMENTS {
                let value = Value::Bytes(Some(id.clone()));
                transaction.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, [value])).await?;
            }
        }
        transaction.commit().await?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let rate = done as f64 / started.elapsed().as_secs_f64();
    Ok(rate)
}

pub(crate) async fn run() -> Outcome {
    let folder = tempfile::tempdir()?;
    for (seed, callers) in [(1, 8), (2, 32)] {
        let name = format!("{seed}.db");
        let storage = storage(&folder, &name).await?;
        let run = through_the_store(&storage, seed, callers).await?;
        storage.close().await?;
        let bare = bare(&connection(&folder, &name).await?, callers).await?;
        let share = run.rate / bare * 100.0;
        note(
            &format!("accept: acceptances/s, bare loop/s at c={callers}, without their hash"),
            &format!("{:.0}, {bare:.0}", run.rate),
        );
        print(
            &format!("accept: acceptances / bare loop of the statements at c={callers}"),
            &format!("{share:.0} %"),
            ">= 80 %",
            share >= 80.0,
        );
        let p99 = run.percentile(0.99);
        print(&format!("accept: p99 at c={callers}"), &format!("{p99:.1} ms"), "<= 20 ms", p99 <= 20.0);
    }
    Ok(())
}
