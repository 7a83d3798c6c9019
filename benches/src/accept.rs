//! Accepting without its hash, beside a bare loop of the same statements through the same kind of connection.

use std::{error::Error, sync::Arc, time::Duration};

use identity_core::{
    change::{AccountChange, AuditChange, Change, ChangeSet, InvitationChange, LinkChange},
    port::{Commit as _, Store},
};
use identity_storage::{DatabaseUrl, PoolLimits, Storage};
use identity_testkit::Fixture;
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _, Value,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{
    Ran,
    figure::{Run, hammer, note, print},
    place::{Kind, TempStore, kinds},
};

const LASTING: Duration = Duration::from_secs(4);
const PREPARED: usize = 30_000;
/// How often a bare transaction is done again.
const TRIES: u32 = 8;
const LIMITS: PoolLimits = PoolLimits { max_connections: 16 };

async fn storage(place: &TempStore) -> Result<Storage, Failure> {
    let storage = Storage::open(&DatabaseUrl::new(place.url.clone().into()), LIMITS).await?;
    storage.migrate().await?;
    Ok(storage)
}

/// An acceptance that can take place.
struct Prepared {
    set: ChangeSet,
    link: Uuid,
    invitation: Uuid,
}

/// So many acceptances, their invitations and links committed before.
async fn prepared(storage: &Storage, seed: u64) -> Result<Prepareds, Failure> {
    let store: Arc<dyn Store> = Arc::new(storage.clone());
    let fixture = Fixture::new(store, seed);
    let (company, ada) = fixture.inhabited(&format!("ada{seed}@example.org")).await;
    let mut all = Vec::with_capacity(PREPARED);
    for chunk in 0..PREPARED / 100 {
        let mut changes = Vec::new();
        for number in 0..100 {
            let address = format!("p{seed}.{chunk}.{number}@example.org");
            let invitation = fixture.invitation(company.id, ada.id, &address);
            let token = fixture.token(invitation.id, 1);
            let account = fixture.account(company.id, &address);
            let accepted = invitation.accepted(account.id).into_iter().map(InvitationChange::Advance).map(Change::Invitation);
            let mut set = vec![
                Change::Account(AccountChange::Require { id: ada.id, version: 1 }),
                Change::Link(LinkChange::Spend { id: token.id, at: fixture.now }),
                fixture.open(&account),
                Change::Audit(AuditChange::Record(fixture.event())),
                Change::Audit(AuditChange::Record(fixture.event())),
            ];
            set.extend(accepted);
            all.push(Prepared { set: fixture.set(set), link: *token.id.as_uuid(), invitation: *invitation.id.as_uuid() });
            changes.push(Change::Invitation(InvitationChange::Issue(invitation)));
            changes.push(Change::Link(LinkChange::Issue(token)));
        }
        fixture.commit(changes).await;
    }
    Ok(Arc::new(Mutex::new(all)))
}

type Failure = Box<dyn Error + Send + Sync>;
type Prepareds = Arc<Mutex<Vec<Prepared>>>;

async fn next(prepared: &Prepareds) -> Result<Prepared, Failure> {
    prepared.lock().await.pop().ok_or_else(|| "more acceptances than were prepared: prepare more".into())
}

async fn through_the_store(storage: &Storage, seed: u64, callers: usize) -> Result<Run, Failure> {
    let prepared = prepared(storage, seed).await?;
    let storage = storage.clone();
    hammer(callers, LASTING, move |_| {
        let (prepared, storage) = (prepared.clone(), storage.clone());
        async move { storage.commit(&next(&prepared).await?.set).await.map_err(Into::into) }
    })
    .await
}

/// The statements of one acceptance, written out: the id of the set, the inviter, the link, the invitation, the account, two
/// events and their personal fields. They find and write rows as the store's do.
const fn statements(kind: Kind) -> [&'static str; 8] {
    match kind {
        Kind::Sqlite => [
            "INSERT INTO change_sets (id, committed_at) VALUES (?1, 1)",
            "SELECT version FROM accounts WHERE id = ?1 AND version = 1",
            "UPDATE links SET spent_at = 1 WHERE id = ?1 AND spent_at IS NULL AND expires_at > 1",
            "UPDATE invitations SET state = 'accepted', pending_for = NULL, generation = 2, version = 2 WHERE id = ?1 AND version = 1",
            "INSERT INTO accounts (id, company_id, address, canonical, first_name, last_name, language, state, password, created_at, version) \
             SELECT ?1, id, hex(?1), ?1, 'Ada', 'Lovelace', 'en', 'active', 'plain$secret', 1, 1 FROM companies LIMIT 1",
            "INSERT INTO audit_events (id, at, action, actor_kind, subject_kind) VALUES (?1, 1, 'user_created', 'account', 'nothing')",
            "INSERT INTO audit_events (id, at, action, actor_kind, subject_kind) VALUES (randomblob(16), 1, 'terms_accepted', 'account', hex(?1))",
            "INSERT INTO audit_personal (event_id, kind, salt, value) VALUES (?1, 'address', ?1, 'a'), (?1, 'network', ?1, 'b')",
        ],
        Kind::Postgres => [
            "INSERT INTO change_sets (id, committed_at) VALUES ($1, 1)",
            "SELECT version FROM accounts WHERE id = $1 AND version = 1 FOR SHARE",
            "UPDATE links SET spent_at = 1 WHERE id = $1 AND spent_at IS NULL AND expires_at > 1",
            "UPDATE invitations SET state = 'accepted', pending_for = NULL, generation = 2, version = 2 WHERE id = $1 AND version = 1",
            "INSERT INTO accounts (id, company_id, address, canonical, first_name, last_name, language, state, password, created_at, version) \
             SELECT $1, id, $1::uuid::text, uuid_send($1), 'Ada', 'Lovelace', 'en', 'active', 'plain$secret', 1, 1 FROM companies LIMIT 1",
            "INSERT INTO audit_events (id, at, action, actor_kind, subject_kind) VALUES ($1, 1, 'user_created', 'account', 'nothing')",
            "INSERT INTO audit_events (id, at, action, actor_kind, subject_kind) VALUES (gen_random_uuid(), 1, 'terms_accepted', 'account', left($1::uuid::text, 30))",
            "INSERT INTO audit_personal (event_id, kind, salt, value) VALUES ($1, 'address', uuid_send($1), 'a'), ($1, 'network', uuid_send($1), 'b')",
        ],
        Kind::MariaDb => [
            "INSERT INTO change_sets (id, committed_at) VALUES (?, 1)",
            "SELECT version FROM accounts WHERE id = ? AND version = 1 LOCK IN SHARE MODE",
            "UPDATE links SET spent_at = 1 WHERE id = ? AND spent_at IS NULL AND expires_at > 1",
            "UPDATE invitations SET state = 'accepted', pending_for = NULL, generation = 2, version = 2 WHERE id = ? AND version = 1",
            "INSERT INTO accounts (id, company_id, address, canonical, first_name, last_name, language, state, password, created_at, version) \
             SELECT ?, id, hex(?), ?, 'Ada', 'Lovelace', 'en', 'active', 'plain$secret', 1, 1 FROM companies LIMIT 1",
            "INSERT INTO audit_events (id, at, action, actor_kind, subject_kind) VALUES (?, 1, 'user_created', 'account', 'nothing')",
            "INSERT INTO audit_events (id, at, action, actor_kind, subject_kind) VALUES (unhex(md5(?)), 1, 'terms_accepted', 'account', 'nothing')",
            "INSERT INTO audit_personal (event_id, kind, salt, value) VALUES (?, 'address', ?, 'a'), (?, 'network', ?, 'b')",
        ],
    }
}

const IMMEDIATE: TransactionOptions = TransactionOptions {
    isolation_level: None,
    access_mode: None,
    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
};

/// The same kind of connections that the store writes through.
async fn connect(place: &TempStore) -> Result<DatabaseConnection, Failure> {
    let mut options = ConnectOptions::new(&place.url);
    let connections = if place.kind == Kind::Sqlite { 1 } else { LIMITS.max_connections };
    options.max_connections(connections).sqlx_logging(false).test_before_acquire(false);
    options.max_lifetime(None::<Duration>).idle_timeout(None::<Duration>);
    options.map_sqlx_sqlite_opts(|options| {
        options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full).foreign_keys(true)
    });
    if place.kind == Kind::MariaDb {
        // As the store's: at the server's default the selection below would lock what others insert beside.
        options.after_connect(|connection| {
            let setting = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
            Box::pin(async move { connection.execute_unprepared(setting).await.map(drop) })
        });
    }
    Ok(Database::connect(options).await?)
}

/// One acceptance: of a link and an invitation that are there, under an id that no other has.
async fn accept_barely(transaction: &DatabaseTransaction, kind: Kind, prepared: &Prepared) -> Result<(), sea_orm::DbErr> {
    let backend = transaction.get_database_backend();
    for sql in statements(kind) {
        let id = if sql.starts_with("UPDATE links") {
            prepared.link
        } else if sql.starts_with("UPDATE invitations") {
            prepared.invitation
        } else {
            *prepared.set.id().as_uuid()
        };
        let marks = if kind == Kind::MariaDb { sql.matches('?').count() } else { 1 };
        transaction.execute_raw(Statement::from_sql_and_values(backend, sql, vec![Value::Uuid(Some(id)); marks])).await?;
    }
    Ok(())
}

async fn one_transaction(connection: &DatabaseConnection, kind: Kind, chosen: &[Prepared]) -> Result<(), sea_orm::DbErr> {
    let transaction =
        if kind == Kind::Sqlite { connection.begin_with_options(IMMEDIATE).await? } else { connection.begin().await? };
    for prepared in chosen {
        accept_barely(&transaction, kind, prepared).await?;
    }
    transaction.commit().await
}

/// The statements in a loop: on SQLite one writer with `callers` acceptances in each durable transaction, on a server each caller
/// with one in each. Acceptances a second.
async fn bare(place: &TempStore, prepared: Prepareds, callers: usize) -> Result<f64, Failure> {
    let connection = connect(place).await?;
    let kind = place.kind;
    let (writers, group) = if kind == Kind::Sqlite { (1, callers) } else { (callers, 1) };
    let run = hammer(writers, LASTING, move |_| {
        let (connection, prepared) = (connection.clone(), prepared.clone());
        async move {
            let mut chosen = Vec::with_capacity(group);
            for _ in 0..group {
                chosen.push(next(&prepared).await?);
            }
            let mut tries = 0;
            // What deadlocks is done again, as the store does it.
            while let Err(error) = one_transaction(&connection, kind, &chosen).await {
                tries += 1;
                if tries > TRIES {
                    return Err(Failure::from(error));
                }
            }
            Ok(())
        }
    })
    .await?;
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    Ok(run.rate * group as f64)
}

pub(crate) async fn run() -> Ran {
    for kind in kinds() {
        for (seed, callers) in [(1, 8), (2, 32)] {
            on(kind, seed, callers).await?;
        }
    }
    Ok(())
}

async fn on(kind: Kind, seed: u64, callers: usize) -> Ran {
    let place = TempStore::fresh(kind).await?;
    let storage = storage(&place).await?;
    let run = through_the_store(&storage, seed, callers).await?;
    let others = prepared(&storage, seed + 10).await?;
    storage.close().await?;
    let bare = bare(&place, others, callers).await?;
    let share = run.rate / bare * 100.0;
    let rates = format!("{:.0}, {bare:.0}", run.rate);
    note(&format!("accept: {kind}, without hash, bare loop at c={callers}, each/s"), &rates);
    print(&format!("accept: {kind}, share of the bare loop at c={callers}"), &format!("{share:.0} %"), ">= 80 %", share >= 80.0);
    let p99 = run.percentile(0.99);
    print(&format!("accept: {kind}, p99 at c={callers}"), &format!("{p99:.1} ms"), "<= 20 ms", p99 <= 20.0);
    Ok(())
}
