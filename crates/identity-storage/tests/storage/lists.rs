//! How the databases go about every list of accounts, invitations, registrations and companies: each combination of what can be asked
//! for, its first part and one in its middle, with statistics and without.
//!
//! What is held of each statement that finds a part of a list:
//!
//! - It reads one table, along one index, in the order of that index: no table is read from end to end, nothing is sorted, nothing is
//!   gathered in a bitmap or a temporary table.
//! - Whatever is asked for bounds what is read of the index. SQLite: every value that is compared for equality, and the range.
//!   PostgreSQL: nothing is filtered out of what was read, and few pages are read. MariaDB: counted by the server, no more rows are read than are asked for, and
//!   a few.
//! - One condition is let off: whether what is pending has expired, which is told from the entry of the index. Of what is pending, as
//!   much is read as there is.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use identity_core::{
    model::{
        access::Scope, account::AccountState, invitation::InvitationState, password::PasswordHash, registration::RegistrationState,
    },
    port::{
        AccountQuery, AccountReads as _, Clock as _, CompanyReads as _, InvitationFilter, InvitationQuery, InvitationReads as _,
        RegistrationQuery, RegistrationReads as _,
    },
    value::{AccountId, CompanyId, InvitationId, RegistrationId, RoleKey},
};
use identity_storage::{
    DatabaseUrl, PoolLimits, Storage,
    testing::{Asked, Population, analyse, connect_as_the_store, populate_unseen},
};
use identity_testkit::ManualClock;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

use crate::database::Place;

/// Enough that no database prefers to read everything.
const PEOPLE: u64 = 10_000;
const LIMIT: u16 = 25;
/// What lists are made of.
const TABLES: [&str; 5] = ["accounts", "grants", "invitations", "registrations", "companies"];

/// The statements by their texts, each with the list that asked it first and how often it compares for equality.
type Found = BTreeMap<String, (String, Asked)>;

struct Lists {
    storage: Storage,
    population: Population,
    asked: Arc<Mutex<Vec<Asked>>>,
    found: Found,
}

impl Lists {
    /// Over a database that has grown and was told nothing of it.
    async fn over(place: &Place) -> Self {
        place.open().await.migrate().await.expect("the schema is laid");
        let connection = place.beside().await;
        for table in TABLES {
            let unseen = match connection.get_database_backend() {
                DbBackend::Postgres => format!("ALTER TABLE {table} SET (autovacuum_enabled = false)"),
                DbBackend::MySql => format!("ALTER TABLE {table} STATS_AUTO_RECALC = 0"),
                _ => continue,
            };
            connection.execute_unprepared(&unseen).await.expect(&unseen);
        }
        let url = DatabaseUrl::new(place.url().into());
        let password = PasswordHash::from_phc("plain$secret".to_owned());
        let population = Population { accounts: PEOPLE, password, now: ManualClock::default().now() };
        populate_unseen(&url, &population).await.expect("people come");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let observe = {
            let asked = asked.clone();
            move |statement: &Asked| asked.lock().unwrap_or_else(PoisonError::into_inner).push(statement.clone())
        };
        let storage = Storage::open_observed(&url, PoolLimits { max_connections: 3 }, observe).await.expect("the database opens");
        Self { storage, population, asked, found: Found::new() }
    }

    /// Takes what was asked since for a list: what finds it, and not the look-ups of what was found.
    fn take(&mut self, list: &str) {
        let asked = std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        let (finding, _): (Vec<_>, Vec<_>) = asked.into_iter().partition(|asked| asked.sql.contains(" LIMIT "));
        let finding = finding.into_iter().filter(|asked| asked.sql.contains("ORDER BY")).collect::<Vec<_>>();
        assert!(!finding.is_empty(), "{list}: nothing was asked that has an end");
        for asked in finding {
            // The same text once more for each value: what is rare is looked for otherwise than what is common.
            self.found.insert(format!("{asked}"), (list.to_owned(), asked));
        }
    }

    async fn ask_for_everything(&mut self) {
        let company = CompanyId::from_uuid(self.population.company_id(PEOPLE / 2));
        for scope in [Scope::Everywhere, Scope::Company(company)] {
            // Everybody, a few and one; what the address of nobody begins with.
            for prefix in [None, Some(""), Some("person"), Some("person50"), Some("person5000@company50.example"), Some("nobody")] {
                for is_first in [true, false] {
                    self.ask_for_accounts(scope, prefix, is_first).await;
                    self.ask_for_invitations(scope, prefix, is_first).await;
                }
            }
        }
        for is_first in [true, false] {
            for state in RegistrationState::ALL {
                let after = (!is_first).then(|| RegistrationId::from_uuid(self.population.requested_id(PEOPLE / 2)));
                let query = RegistrationQuery { state, after, limit: LIMIT };
                self.storage.registrations(&query).await.expect("registrations");
                self.take(&format!("{query:?}"));
            }
            let after = (!is_first).then_some(company);
            self.storage.companies(after, LIMIT).await.expect("companies");
            self.take(&format!("companies after {after:?}"));
        }
    }

    async fn ask_for_accounts(&mut self, scope: Scope, prefix: Option<&str>, is_first: bool) {
        let editor = RoleKey::parse("editor").expect("a key");
        for state in [None].into_iter().chain(AccountState::ALL.map(Some)) {
            for role in [None, Some(editor.clone()), Some(RoleKey::company_administrator()), Some(RoleKey::operator())] {
                let address_prefix = prefix.map(str::to_owned);
                let after = (!is_first).then(|| AccountId::from_uuid(self.population.account_id(PEOPLE / 2)));
                let query = AccountQuery { scope, state, role, address_prefix, after, limit: LIMIT };
                self.storage.accounts(&query).await.expect("accounts");
                self.take(&format!("{query:?}"));
            }
        }
        for role in [editor, RoleKey::company_administrator(), RoleKey::operator()] {
            let company = if let Scope::Company(company) = scope { Some(company) } else { None };
            self.storage.accounts_with_role(&role, company, LIMIT).await.expect("accounts_with_role");
            self.take(&format!("accounts_with_role of {role} in {company:?}"));
        }
    }

    async fn ask_for_invitations(&mut self, scope: Scope, prefix: Option<&str>, is_first: bool) {
        let ended = InvitationState::ALL.into_iter().filter(|state| *state != InvitationState::Pending);
        let filters = [InvitationFilter::Pending, InvitationFilter::Expired].into_iter().chain(ended.map(InvitationFilter::Ended));
        for filter in filters.map(Some).chain([None]) {
            let address_prefix = prefix.map(str::to_owned);
            let after = (!is_first).then(|| InvitationId::from_uuid(self.population.invitation_id(PEOPLE / 2)));
            let query = InvitationQuery { scope, filter, address_prefix, now: self.population.now, after, limit: LIMIT };
            self.storage.invitations(&query).await.expect("invitations");
            self.take(&format!("{query:?}"));
        }
    }
}

/// What is wrong with how a database goes about a statement.
async fn wrong(connection: &DatabaseConnection, asked: &Asked) -> Option<String> {
    match connection.get_database_backend() {
        DbBackend::Sqlite => wrong_on_sqlite(connection, asked).await,
        DbBackend::Postgres => wrong_on_postgres(connection, asked).await,
        _ => wrong_on_mariadb(connection, asked).await,
    }
}

async fn explained(connection: &DatabaseConnection, how: &str, asked: &Asked) -> Vec<sea_orm::QueryResult> {
    let statement = Statement { sql: format!("{how} {}", asked.sql), ..asked.clone() };
    connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{}: {error}", asked.sql))
}

async fn wrong_on_sqlite(connection: &DatabaseConnection, asked: &Asked) -> Option<String> {
    let rows = explained(connection, "EXPLAIN QUERY PLAN", asked).await;
    let lines = rows.iter().map(|row| row.try_get::<String>("", "detail").expect("a detail")).collect::<Vec<_>>();
    let [line] = lines.as_slice() else { return Some(lines.join("\n")) };
    let (head, bounds) = line.split_once(" (").unwrap_or((line, ""));
    let condition = asked.sql.split_once(" WHERE ").map_or("", |(_, rest)| rest);
    let condition = condition.split_once(" ORDER BY ").map_or(condition, |(condition, _)| condition);
    let equal = condition.matches(" = ?").count();
    let has_range = ["\"id\" <", "\"id\" >", "account_id\" <", "canonical\" >"].iter().any(|range| condition.contains(range));
    let is_bounded = bounds.matches("=?").count() == equal && (!has_range || bounds.contains(['<', '>']));
    // Without any condition the list is the whole table, newest first, and its first part the end of the primary key.
    let is_walk = head.starts_with("SEARCH ") || (head.starts_with("SCAN ") && equal == 0 && !has_range);
    (!(is_walk && is_bounded && head.contains(" INDEX "))).then(|| line.clone())
}

async fn wrong_on_postgres(connection: &DatabaseConnection, asked: &Asked) -> Option<String> {
    let rows = explained(connection, "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF)", asked).await;
    let lines = rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a line")).collect::<Vec<_>>();
    let plan = lines.join("\n");
    // What planning read of the system catalogue is said last.
    let steps = lines.iter().take_while(|line| !line.starts_with("Planning")).map(|line| line.trim_start());
    let by_expiry = asked.sql.contains(r#""expires_at" >"#) || asked.sql.contains(r#""expires_at" <"#);
    let is_fine = |line: &str| {
        let line = line.trim_start_matches("-> ").trim_start();
        let allowed = ["Limit", "Index Scan", "Index Only Scan", "Index Cond", "Heap Fetches"];
        let of_expiry = ["Filter: ((expires_at ", "Rows Removed by Filter", "Buffers"];
        let pages = line.strip_prefix("Buffers: ").map(|pages| pages.split(['=', ' ']).filter_map(|n| n.parse::<u64>().ok()).sum());
        allowed.iter().any(|start| line.starts_with(start))
            || (by_expiry && of_expiry.iter().any(|start| line.starts_with(start)))
            // One of the table for each row, and the way down an index and along it.
            || pages.is_some_and(|pages: u64| pages <= u64::from(LIMIT) + 15)
    };
    (!steps.into_iter().all(is_fine)).then_some(plan)
}

async fn wrong_on_mariadb(connection: &DatabaseConnection, asked: &Asked) -> Option<String> {
    let rows = explained(connection, "EXPLAIN", asked).await;
    let column = |row: &sea_orm::QueryResult, name| row.try_get::<Option<String>>("", name).expect(name).unwrap_or_default();
    let [row] = rows.as_slice() else { return Some(format!("{} steps", rows.len())) };
    let (kind, extra) = (column(row, "type"), column(row, "Extra"));
    let line = format!("{kind} | {} | {extra}", column(row, "key"));
    let before = rows_read(connection).await;
    connection.query_all_raw(asked.clone()).await.expect("it is answered");
    let read = rows_read(connection).await - before;
    // The end of a range is found by the row behind it, and an invitation of no company may lie among the others.
    let is_bounded = read <= u64::from(LIMIT) + 4 || asked.sql.contains("`expires_at` >") || asked.sql.contains("`expires_at` <");
    let is_fine = kind != "ALL" && !extra.contains("Using filesort") && !extra.contains("Using temporary") && is_bounded;
    (!is_fine).then(|| format!("{line}, {read} rows read"))
}

/// How many rows this connection has read.
async fn rows_read(connection: &DatabaseConnection) -> u64 {
    let status = Statement::from_string(DbBackend::MySql, "SHOW SESSION STATUS LIKE 'Handler_read%'");
    let rows = connection.query_all_raw(status).await.expect("a status");
    let value = |row: &sea_orm::QueryResult| {
        let name = row.try_get_by_index::<String>(0).expect("a name");
        let value = row.try_get_by_index::<String>(1).expect("a value").parse::<u64>().expect("a number");
        // Reading the status itself reads rows of another kind.
        if name.contains("rnd") { 0 } else { value }
    };
    rows.iter().map(value).sum()
}

async fn every_list_is_walked_along_an_index(place: Place) {
    let mut lists = Lists::over(&place).await;
    lists.ask_for_everything().await;
    let found = std::mem::take(&mut lists.found);
    println!("{} statements", found.len());
    assert!(found.len() > 300, "only {} statements were seen", found.len());
    for statistics in ["without statistics", "with statistics"] {
        // A connection of its own: what a database knows of a table, a connection may keep.
        let connection = connect_as_the_store(&DatabaseUrl::new(place.url().into()), 1).await.expect("a connection");
        let mut bad = Vec::new();
        for (list, asked) in found.values() {
            if let Some(plan) = wrong(&connection, asked).await {
                bad.push(format!("{list}: {asked}\n{plan}"));
            }
        }
        let (count, all) = (bad.len(), found.len());
        assert!(bad.is_empty(), "{statistics}, {count} of {all} are not walked along an index:\n\n{}", bad.join("\n\n"));
        analyse(&DatabaseUrl::new(place.url().into())).await.expect("it is looked at");
    }
}

#[tokio::test]
async fn every_list_is_walked_along_an_index_of_sqlite() {
    every_list_is_walked_along_an_index(Place::folder()).await;
}

#[tokio::test]
async fn every_list_is_walked_along_an_index_of_postgres() {
    every_list_is_walked_along_an_index(Place::postgres().await).await;
}

#[tokio::test]
async fn every_list_is_walked_along_an_index_of_mariadb() {
    every_list_is_walked_along_an_index(Place::mariadb().await).await;
}
