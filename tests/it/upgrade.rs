//! A database as an earlier version left it: `fixtures/NNNN_STORE.sql` is what was there when migration NNNN was the newest, with
//! people, invitations and history in it. A person who adds a migration keeps the database before it as a fixture.

use std::fs;

use serde_json::json;

use crate::support::{
    Server,
    api::{PASSWORD, token_of},
    database::{Database, Store},
    server::command,
};

/// What an earlier version left behind: everything by its text, in which states its invitations are, and the token of one that is
/// still open.
struct Left {
    by: &'static str,
    sql: &'static str,
    states: &'static [&'static str],
    waiting: &'static str,
}

async fn migrate(database: &Database, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &[("database.url", &database.url)]).arg("migrate").args(arguments).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The server that finds it, and the database, which lasts as long as it is held.
async fn everything_is_found_after_the_upgrade(store: Store, left: &Left) -> (Server, Database) {
    let database = store.fresh().await;
    database.run(left.sql).await;
    let applied = async || database.column("SELECT version FROM seaql_migrations ORDER BY version").await;
    let before = applied().await;
    assert_eq!(before.last().map(String::as_str), Some(left.by));

    let newer = newer_than(left.by);
    assert!(!newer.is_empty());
    for _ in 0..2 {
        assert_eq!(migrate(&database, &["--check"]).await, format!("Would apply: {}\n", newer.join(", ")));
        assert_eq!(applied().await, before, "a check changes nothing");
    }
    assert_eq!(migrate(&database, &[]).await, format!("Applied: {}\n", newer.join(", ")));
    assert_eq!(migrate(&database, &["--check"]).await, "The database is up to date.\n");

    let settings = [("database.url", database.url.as_str()), ("setup.enabled", "true"), ("registration.mode", "open")];
    let server = Server::with(&settings).await;
    assert!(server.first_operator_link.is_none(), "the operator is there");
    let ada = server.api().logs_in("ada@acme.example", PASSWORD).await;
    let listed = ada.get("/invitations").await.expect(200);
    let mut states = listed["items"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect::<Vec<_>>();
    states.sort_unstable();
    assert_eq!(states, left.states);
    let grace = server.api().logs_in("grace@example.org", PASSWORD).await.get("/sessions/current").await.expect(200);
    assert_eq!((&grace["roles"], &grace["account"]["first_name"]), (&json!(["editor"]), &json!("Grace")));

    // What was begun before is finished after: the link of a mail that lay in a mailbox all the time.
    let preview = server.api().post("/invitations/preview", json!({ "token": left.waiting })).await.expect(200);
    assert_eq!((&preview["first_name"], &preview["company"]), (&json!("Wai"), &json!("Acme")));
    let joined = server.api().accepts(left.waiting, json!({ "first_name": "Wai", "last_name": "Ting" })).await.expect(201);
    assert_eq!(joined["account"]["roles"], json!(["editor"]));
    // A person who was there before knows the way; who comes now is led through the onboarding.
    assert_eq!(ada.get("/me/setup").await.expect(200)["is_finished"], true);
    let waiting = server.api().logs_in("waiting@example.org", PASSWORD).await;
    assert_eq!(waiting.get("/me/setup").await.expect(200)["is_finished"], false);
    let renamed = json!({ "name": "Editors", "grantable_by": "operator" });
    ada.send(reqwest::Method::PATCH, "/roles/editor", Some(renamed)).await.expect(200);
    assert_eq!(server.api().logs_in("waiting@example.org", PASSWORD).await.get("/sessions/current").await.status, 200);
    (server, database)
}

/// The migrations that are newer than one, as the folder of the migrations has them.
fn newer_than(one: &str) -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/identity-storage/src/migration");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut newer = files.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect::<Vec<_>>();
    newer.retain(|name| name.starts_with('m') && name.as_str() > one && name != "mod");
    newer.sort_unstable();
    newer
}

/// What was under way when the earlier version stopped goes on: people who were signed in still are, and mails go out that were queued, or
/// in the hands of a worker that died. Rows of that time do what only this version can.
async fn what_was_under_way_goes_on(server: &Server, session: &str) {
    let grace = server.api().with_token(session);
    assert_eq!(grace.get("/sessions/current").await.expect(200)["account"]["email"], "grace@example.org");
    let gone = server.api().post("/sessions", json!({ "email": "gone@example.org", "password": PASSWORD })).await;
    assert_eq!(gone.status, 401, "who was disabled still is");
    for invited in ["queued@example.org", "leased@example.org"] {
        let mail = server.mail_to(invited).await;
        server.api().accepts(token_of(&mail.link()), json!({})).await.expect(201);
        server.api().logs_in(invited, PASSWORD).await;
    }
    assert!(server.mail_to("ada@acme.example").await.text.contains("revoked@example.org"), "somebody asked for a new invitation");

    server.api().forgets("grace@example.org").await;
    let link = server.mail_about("grace@example.org", "password").await.link_to("reset-password");
    let refused = server.api().resets(token_of(&link), PASSWORD).await;
    assert_eq!(refused.status, 422, "the password that was there counts as one that was used: {}", refused.body);
    assert!(server.api().resets(token_of(&link), "Gargoyle-plinth-8").await.status.is_success());
    server.api().logs_in("grace@example.org", "Gargoyle-plinth-8").await;
    assert_eq!(grace.get("/sessions/current").await.status, 401, "what was signed in before is out");
}

const FOUNDATION: &str = "m0001_foundation";

#[tokio::test]
async fn an_sqlite_file_that_the_first_version_left_is_upgraded() {
    let left = Left {
        by: FOUNDATION,
        states: &["accepted", "pending", "revoked"],
        sql: include_str!("fixtures/0001_sqlite.sql"),
        waiting: "idinv_m3_6k7jbQFoRJhkFXse7gNRM9wpGJP9irKQ3rGGe2BI",
    };
    everything_is_found_after_the_upgrade(Store::Sqlite, &left).await;
}

#[tokio::test]
async fn a_postgres_database_that_the_first_migration_made_is_upgraded() {
    let left = Left {
        by: FOUNDATION,
        states: &["accepted", "pending", "revoked"],
        sql: include_str!("fixtures/0001_postgres.sql"),
        waiting: "idinv_YAbGhAi7XXjbenRUczlyUTcR7nOySH3LbN193_2Cwuc",
    };
    everything_is_found_after_the_upgrade(Store::Postgres, &left).await;
}

#[tokio::test]
async fn a_mariadb_database_that_the_first_migration_made_is_upgraded() {
    let left = Left {
        by: FOUNDATION,
        states: &["accepted", "pending", "revoked"],
        sql: include_str!("fixtures/0001_mariadb.sql"),
        waiting: "idinv_GHzmMW6qtQGOle_m9w4-Eph29KgVVMFbL_sBN4XB4Kg",
    };
    everything_is_found_after_the_upgrade(Store::MariaDb, &left).await;
}

const INVITATIONS_ONLY: &str = "m0003_lists_of_all_companies";

/// Left by the last version that knew no other way in than an invitation.
async fn the_last_version_with_invitations_only(store: Store, sql: &'static str, waiting: &'static str, session: &str) {
    let states = &["accepted", "accepted", "pending", "pending", "pending", "revoked"];
    let (server, _database) =
        everything_is_found_after_the_upgrade(store, &Left { by: INVITATIONS_ONLY, sql, states, waiting }).await;
    what_was_under_way_goes_on(&server, session).await;
}

#[tokio::test]
async fn an_sqlite_file_of_the_last_version_with_invitations_only_is_upgraded() {
    the_last_version_with_invitations_only(
        Store::Sqlite,
        include_str!("fixtures/0003_sqlite.sql"),
        "idinv_ocEzspMJGp6cTOzXkG_9XMwwaOGKt3o8YuT8E7NxPkw",
        "idses_7F12ioicBrj_vmnCVkCKo_0xAeeh0aTV4MuapZjHpwM",
    )
    .await;
}

#[tokio::test]
async fn a_postgres_database_of_the_last_version_with_invitations_only_is_upgraded() {
    the_last_version_with_invitations_only(
        Store::Postgres,
        include_str!("fixtures/0003_postgres.sql"),
        "idinv_Oph5Dbu9oLjHpSKb37yWe86xQYx5dWSgtoVOasrpGhQ",
        "idses_DHqKNaRcyFsbryldxQ_HtVo0NAFbz_X9rjJNcuNr2uU",
    )
    .await;
}

#[tokio::test]
async fn a_mariadb_database_of_the_last_version_with_invitations_only_is_upgraded() {
    the_last_version_with_invitations_only(
        Store::MariaDb,
        include_str!("fixtures/0003_mariadb.sql"),
        "idinv_lQyqk3t1lic9ah5i-qVjIJ5YDc-rocAYwrjXBVdUZ7A",
        "idses_MzN4l_1opaia4E_SuAgIg8fbvya5vkGIPkzBeS8yn7I",
    )
    .await;
}

const RECOVERY: &str = "m0004_registration_and_recovery";

/// The tokens that the last version without profiles left in mailboxes and browsers.
struct Open {
    waiting: &'static str,
    session: &'static str,
    activation: &'static str,
    recovery: &'static str,
}

/// Left by the last version that kept nothing of people but their names: people who were signing up or resetting then finish now, and
/// what came since is there for those of before too.
async fn the_last_version_without_profiles(store: Store, sql: &'static str, open: &Open) {
    let left = Left { by: RECOVERY, sql, states: &["accepted", "pending", "revoked"], waiting: open.waiting };
    let (server, _database) = everything_is_found_after_the_upgrade(store, &left).await;
    let grace = server.api().with_token(open.session);
    let me = grace.get("/me").await.expect(200);
    assert_eq!(
        (&me["phone"], &me["picture"], &me["time_zone"], &me["fields"]),
        (&json!(null), &json!(null), &json!("UTC"), &json!({}))
    );
    let profile = json!({ "phone": "+49 30 123456", "time_zone": "Asia/Tokyo" });
    assert_eq!(grace.send(reqwest::Method::PATCH, "/me", Some(profile)).await.expect(200)["phone"], "+4930123456");
    let sessions = grace.get("/me/sessions").await.expect(200);
    assert!(sessions["items"].as_array().unwrap().iter().any(|session| session["is_current"] == true), "{sessions}");

    server.api().completes(token_of(open.activation), json!({})).await.expect(201);
    let nora = server.api().logs_in("nora@newco.example", PASSWORD).await;
    assert_eq!(nora.get("/me/setup").await.expect(200)["is_finished"], false);
    assert!(server.api().resets(token_of(open.recovery), "Gargoyle-plinth-8").await.status.is_success());
    assert_eq!(grace.get("/sessions/current").await.status, 401, "what was signed in before is out");

    // The whole of it can be taken away again.
    let grace = server.api().logs_in("grace@example.org", "Gargoyle-plinth-8").await;
    assert_eq!(grace.send(reqwest::Method::DELETE, "/me", None).await.status, 202);
    grace.send(reqwest::Method::POST, "/me/deletion/undo", None).await.expect(204);
}

#[tokio::test]
async fn an_sqlite_file_of_the_last_version_without_profiles_is_upgraded() {
    let open = Open {
        waiting: "idinv_EgUmfVyUURRfRH24TFgQCU5zoDzAv6rattRPz5q2wAQ",
        session: "idses_bJBUQxzRANa6GmY4vGezCgpn5vyTfS7Yp4Kj1GBF3N0",
        activation: "idact_n8nKKGX7rwtheoZ8TGsjMjgADITABD57MChDE77NPYU",
        recovery: "idrec_AoX5mnfFZAc5R4Zh5Ob4eg6IWCdRCtJt92bQi1xbVJI",
    };
    the_last_version_without_profiles(Store::Sqlite, include_str!("fixtures/0004_sqlite.sql"), &open).await;
}

#[tokio::test]
async fn a_postgres_database_of_the_last_version_without_profiles_is_upgraded() {
    let open = Open {
        waiting: "idinv_j2o4I8eFmi4elhPX2Jtjcgkt1fh3rkC6uHWT9O2SqeE",
        session: "idses_nhW4s4WLzKgOlpGeCTSpgZBtSSMj8-vqs0TBSZuJ_GE",
        activation: "idact_xxJ9ymsfquh9LckF1r5dfjdhspULjiwNAn_tKVor8b0",
        recovery: "idrec_aHtf-1olvp3OZ17dMFz0biumUs23CFtJ5f1VTndSfw0",
    };
    the_last_version_without_profiles(Store::Postgres, include_str!("fixtures/0004_postgres.sql"), &open).await;
}

#[tokio::test]
async fn a_mariadb_database_of_the_last_version_without_profiles_is_upgraded() {
    let open = Open {
        waiting: "idinv_tAM8g10rKqRvAORDImS83xX9VNtiC0sp-JTg8rtmnpA",
        session: "idses_xB8z5pdujYnFDO3A1d8Olixoy__U6SOGswjd45uaSlE",
        activation: "idact_Pz-l9tiB563_nJbXl1i4fKaWFXYABkuy8fO5njFJm8w",
        recovery: "idrec_zFPkr9457QgF9PFBj-jtEMh2O00Pl1qwSw5QN8aVehQ",
    };
    the_last_version_without_profiles(Store::MariaDb, include_str!("fixtures/0004_mariadb.sql"), &open).await;
}
