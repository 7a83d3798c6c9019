//! A person leaves: what is kept of them is taken along, and nothing of it is left in the database, in whatever spelling.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use serde_json::json;

use crate::support::{
    Api, Server,
    api::{PASSWORD, token_of},
    client,
    database::{Database, Store},
    eventually,
};

const OLD: &str = "Zeb.Quill@marsupial.example";
const NEW: &str = "Quokka.Master@wallaby.example";
const BROWSER: &str = "Bandicoot/77.1 (Numbat OS)";

/// Every value of every table that there is, by table and column.
async fn dump(store: Store, database: &Database) -> BTreeMap<String, Vec<Vec<u8>>> {
    let tables = match store {
        Store::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Store::Postgres => "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()",
        Store::MariaDb => "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()",
    };
    let mut all = BTreeMap::new();
    for table in database.column(tables).await {
        let columns = match store {
            Store::Sqlite => format!("SELECT name || ' ' || type FROM pragma_table_info('{table}')"),
            Store::Postgres => format!(
                "SELECT column_name::text || ' ' || data_type::text FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = '{table}'"
            ),
            Store::MariaDb => format!(
                "SELECT CAST(CONCAT(column_name, ' ', data_type) AS CHAR) FROM information_schema.columns \
                 WHERE table_schema = DATABASE() AND table_name = '{table}'"
            ),
        };
        for column in database.column(&columns).await {
            let (column, kind) = column.split_once(' ').unwrap();
            let query = match store {
                Store::Sqlite => format!("SELECT hex(\"{column}\") FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"),
                Store::Postgres if kind == "bytea" => {
                    format!("SELECT encode(\"{column}\", 'hex') FROM \"{table}\" WHERE \"{column}\" IS NOT NULL")
                }
                Store::Postgres => format!(
                    "SELECT encode(convert_to(\"{column}\"::text, 'UTF8'), 'hex') FROM \"{table}\" WHERE \"{column}\" IS NOT NULL"
                ),
                Store::MariaDb => {
                    format!("SELECT HEX(CAST(`{column}` AS BINARY)) FROM `{table}` WHERE `{column}` IS NOT NULL")
                }
            };
            all.insert(format!("{table}.{column}"), database.column(&query).await.iter().map(|hex| unhex(hex)).collect());
        }
    }
    assert!(all.len() > 100 && all.contains_key("accounts.canonical"), "{:?}", all.keys());
    all
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |letter: u8| (letter as char).to_digit(16).unwrap() as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) * 16 + digit(pair[1])).collect()
}

/// What a value looks like inside of another text: as it is, in hex, and in base64 however it is aligned. All in lower case.
fn spellings(needle: &[u8]) -> Vec<Vec<u8>> {
    let mut spelled = vec![needle.to_ascii_lowercase()];
    for form in [needle.to_vec(), needle.to_ascii_lowercase()] {
        spelled.push(form.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes());
        for before in 0..3 {
            let text = STANDARD.encode([vec![0; before], form.clone()].concat());
            let end = text.trim_end_matches('=').len();
            // The letters at either end say something of their neighbours, too.
            let inner = text.get([0, 2, 3][before]..end - usize::from(end != text.len())).unwrap().to_ascii_lowercase();
            let for_urls = inner.replace('+', "-").replace('/', "_");
            spelled.extend([inner.into_bytes(), for_urls.into_bytes()]);
        }
    }
    spelled
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    let haystack = haystack.to_ascii_lowercase();
    spellings(needle).iter().any(|spelled| haystack.windows(spelled.len()).any(|window| window == spelled.as_slice()))
}

/// The columns that hold it.
fn places<'a>(dump: &'a BTreeMap<String, Vec<Vec<u8>>>, needle: &[u8]) -> Vec<&'a str> {
    let found = dump.iter().filter(|(_, values)| values.iter().any(|value| holds(value, needle)));
    found.map(|(column, _)| column.as_str()).collect()
}

/// A picture like no other.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = RgbImage::from_fn(300, 300, |x, y| Rgb([(x * y % 251) as u8, (x * 7 % 256) as u8, (y * 13 % 256) as u8]));
    DynamicImage::from(picture).write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

/// Zebediah is invited, and signs in with a browser of his own.
async fn zebediah(server: &Server, operator: &Api) -> Api {
    let invitation =
        json!({ "email": OLD, "first_name": "Zebediah", "last_name": "Quillfeather", "note": "Bring your Didgeridoo" });
    operator.post("/invitations", invitation).await.expect(201);
    let link = server.mail_to(OLD).await.link();
    let but = json!({ "first_name": "Zebediah", "last_name": "Quillfeather" });
    server.api().accepts(token_of(&link), but).await.expect(201);
    signs_in(server, OLD).await
}

async fn signs_in(server: &Server, email: &str) -> Api {
    let browser = client().user_agent(BROWSER).build().unwrap();
    let login = json!({ "email": email, "password": PASSWORD });
    let answer = browser.post(format!("{}/api/v1/sessions", server.url)).json(&login).send().await.unwrap();
    let session = answer.json::<serde_json::Value>().await.unwrap();
    server.api().with_token(session["token"].as_str().unwrap_or_else(|| panic!("{session}")))
}

/// Everything that a person can leave behind; what is looked for afterwards.
async fn leaves_traces(server: &Server, operator: &Api, zebediah: &Api) -> Vec<(&'static str, Vec<u8>)> {
    let profile = json!({ "phone": "+49 30 98765432", "job_title": "Quokkawrangler", "department": "Wombatology" });
    zebediah.send(Method::PATCH, "/me", Some(profile)).await.expect(200);
    let http = client().build().unwrap();
    let upload = http.put(format!("{}/api/v1/me/picture", server.url)).bearer_auth(zebediah.token().unwrap()).body(picture());
    let set = upload.send().await.unwrap().json::<serde_json::Value>().await.unwrap();
    let stored = http.get(format!("{}{}", server.url, set["picture"].as_str().unwrap())).send().await.unwrap();
    let stored = stored.bytes().await.unwrap();
    // Somebody who knows the address tries this and that, and spells it as they like.
    let spelled = OLD.to_uppercase();
    server.api().forgets(&spelled).await;
    server.api().post("/sessions", json!({ "email": spelled, "password": "wrong" })).await.expect(401);
    let form = json!({
        "first_name": "Zebediah", "last_name": "Quillfeather", "company_name": "Navy", "country": "US", "email": OLD,
    });
    server.api().post("/registrations", form).await.expect(202);
    let id = zebediah.get("/me").await.expect(200)["id"].as_str().unwrap().to_owned();
    operator.post(&format!("/accounts/{id}/unlock"), json!({})).await;
    zebediah.post("/me/email-change", json!({ "email": NEW, "current_password": PASSWORD })).await.expect(202);
    let link = server.mail_about(NEW, "Confirm").await.link_to("confirm-email");
    server.api().post("/email-changes/confirm", json!({ "token": token_of(&link) })).await.expect(204);
    server.mail_about(NEW, "was changed").await;
    operator.post("/invitations", json!({ "email": NEW, "roles": ["editor"] })).await.expect(201);
    let middle = stored.len() / 2;
    vec![
        ("the first name", b"Zebediah".to_vec()),
        ("the last name", b"Quillfeather".to_vec()),
        ("the old address", OLD.as_bytes().to_vec()),
        ("the new address", NEW.as_bytes().to_vec()),
        ("the phone number", b"98765432".to_vec()),
        ("the job title", b"Quokkawrangler".to_vec()),
        ("the department", b"Wombatology".to_vec()),
        ("the browser", BROWSER.as_bytes().to_vec()),
        ("the note to him", b"Didgeridoo".to_vec()),
        ("the picture", stored[middle..middle + 48].to_vec()),
    ]
}

async fn nothing_is_left_of_a_person_who_leaves(store: Store) {
    let database = store.fresh().await;
    let settings = [("database.url", database.url.as_str()), ("deletion.grace", "P0D"), ("registration.mode", "open")];
    let mut server = Server::with(&settings).await;
    let operator = server.first_operator().await;
    operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
    let person = zebediah(&server, &operator).await;
    let traces = leaves_traces(&server, &operator, &person).await;
    // Sessions but the one that asked ended with the change of the address.
    let person = signs_in(&server, NEW).await;
    let export = client().build().unwrap().get(format!("{}/api/v1/me/export", server.url)).bearer_auth(person.token().unwrap());
    let archive = export.send().await.unwrap().bytes().await.unwrap();
    for (what, trace) in traces.iter().filter(|(what, _)| !what.contains("old address")) {
        assert!(archive.windows(trace.len()).any(|window| window == trace.as_slice()), "{what} cannot be taken along");
    }
    let digests = "SELECT CAST(COUNT(*) AS CHAR(9)) FROM audit_events WHERE address_digest IS NOT NULL";
    let before = dump(store, &database).await;
    for (what, trace) in &traces {
        assert!(!places(&before, trace).is_empty(), "{what} was never there: the search finds nothing");
    }
    let kept = database.column(digests).await;

    person.send(Method::DELETE, "/me", None).await.expect(202);
    // A process that starts looks at once.
    server.terminate().await;
    server.restart().await;
    let erased = "SELECT CAST(COUNT(*) AS CHAR(9)) FROM erased_accounts";
    eventually("the erasure", async || (database.column(erased).await[0].trim() == "1").then_some(())).await;

    let after = dump(store, &database).await;
    for (what, trace) in &traces {
        let places = places(&after, trace);
        assert!(places.is_empty(), "{what} is still in {places:?}");
    }
    // What happened is still told, and by the same digests.
    assert_eq!(database.column(digests).await, kept);
    // Nor is it in what the file held before.
    if let Some(folder) = database.folder() {
        server.terminate().await;
        let raw =
            std::fs::read_dir(folder).unwrap().flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect::<Vec<_>>();
        for (what, trace) in &traces {
            assert!(!holds(&raw, trace), "{what} is still in the file");
        }
        server.restart().await;
    }
    let refused = server.api().post("/sessions", json!({ "email": NEW, "password": PASSWORD })).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (401, "login-refused"));
}

/// Days go by: the times of what is swept, and how the sweep goes with the next start.
async fn swept_after(server: &mut Server, database: &Database, days: u64) {
    let earlier = days * 86_400 * 1_000_000;
    server.terminate().await;
    for (table, column) in [("email_changes", "undo_until"), ("notices", "settled_at"), ("links", "expires_at")] {
        database.run(&format!("UPDATE {table} SET {column} = {column} - {earlier}")).await;
    }
    server.restart().await;
    let changes = "SELECT CAST(COUNT(*) AS CHAR(9)) FROM email_changes";
    eventually("the sweep", async || (database.column(changes).await[0].trim() == "0").then_some(())).await;
}

/// The change of the address is past its undo and a month, and the mails past their time: nothing but the log knows of the address.
async fn an_address_that_was_given_up_long_ago_is_not_left(store: Store) {
    let database = store.fresh().await;
    let settings = [("database.url", database.url.as_str()), ("deletion.grace", "P0D"), ("registration.mode", "open")];
    let mut server = Server::with(&settings).await;
    let operator = server.first_operator().await;
    operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
    let person = zebediah(&server, &operator).await;
    leaves_traces(&server, &operator, &person).await;
    swept_after(&mut server, &database, 100).await;
    // It listens elsewhere now. Strangers still try the address, and somebody still writes to it.
    let operator = server.api().with_token(operator.token().unwrap());
    server.api().forgets(OLD).await;
    server.api().post("/sessions", json!({ "email": OLD, "password": "wrong" })).await.expect(401);
    operator.post("/invitations", json!({ "email": OLD, "roles": ["editor"], "last_name": "Quillfeather" })).await.expect(201);
    let known = places(&dump(store, &database).await, OLD.as_bytes()).into_iter().map(str::to_owned).collect::<Vec<_>>();
    for column in ["audit_personal.value", "invitations.address", "notices.address"] {
        assert!(known.iter().any(|one| one == column), "{column} is not among {known:?}");
    }
    assert!(!known.iter().any(|column| column.starts_with("email_changes") || column.starts_with("accounts")), "{known:?}");

    signs_in(&server, NEW).await.send(Method::DELETE, "/me", None).await.expect(202);
    server.terminate().await;
    server.restart().await;
    let erased = "SELECT CAST(COUNT(*) AS CHAR(9)) FROM erased_accounts";
    eventually("the erasure", async || (database.column(erased).await[0].trim() == "1").then_some(())).await;
    let after = dump(store, &database).await;
    for trace in [OLD, NEW, "Quillfeather"] {
        let places = places(&after, trace.as_bytes());
        assert!(places.is_empty(), "{trace} is still in {places:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_was_given_up_long_ago_is_not_left_sqlite() {
    an_address_that_was_given_up_long_ago_is_not_left(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_was_given_up_long_ago_is_not_left_postgres() {
    an_address_that_was_given_up_long_ago_is_not_left(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_was_given_up_long_ago_is_not_left_mariadb() {
    an_address_that_was_given_up_long_ago_is_not_left(Store::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_a_person_who_leaves_sqlite() {
    nothing_is_left_of_a_person_who_leaves(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_a_person_who_leaves_postgres() {
    nothing_is_left_of_a_person_who_leaves(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_a_person_who_leaves_mariadb() {
    nothing_is_left_of_a_person_who_leaves(Store::MariaDb).await;
}

#[test]
fn a_trace_is_found_in_every_spelling() {
    for text in [
        "xx zebediah yy".to_owned(),
        "7a6562656469616820".to_uppercase(),
        STANDARD.encode("Zebediah"),
        STANDARD.encode("a Zebediah b"),
        STANDARD.encode("is Zebediah there"),
        STANDARD.encode("one zebediah"),
    ] {
        assert!(holds(text.as_bytes(), b"Zebediah"), "{text}");
    }
    assert!(!holds(b"Zebedia and Hiram", b"Zebediah"));
}
