//! One's own data: the archive, the deletion with its time of grace, and what is seen of it.

use std::io::Read as _;

use serde_json::{Value, json};
use zip::ZipArchive;

use crate::support::{ADMINISTRATOR, Answer, MEMBER, OPERATOR, OTHER_ADMINISTRATOR, PASSWORD, World};

/// What stands in an archive, by the names of its files.
fn files(answer: &Answer) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(std::io::Cursor::new(answer.bytes.clone())).unwrap();
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    files
}

fn json_of(files: &[(String, Vec<u8>)], name: &str) -> Value {
    let (_, bytes) = files.iter().find(|(file, _)| file == name).unwrap_or_else(|| panic!("no {name}"));
    serde_json::from_slice(bytes).unwrap()
}

#[tokio::test]
async fn the_archive_holds_what_is_kept_of_a_person_and_no_secret_and_nobody_else() {
    let world = World::new().await;
    world.sets_picture(MEMBER).await;
    let grace = world.api().logs_in(MEMBER).await;
    let profile = json!({ "phone": "+49 30 123456", "job_title": "Admiral", "time_zone": "Europe/Berlin", "notifications": { "sign_ins": false } });
    grace.send("PATCH", "/me", Some(&profile)).await.expect(200);
    let answer = grace.get("/me/export").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"your-data.zip\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let files = files(&answer);
    let names = files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["account.json", "sessions.json", "events.json", "terms.json", "invitations.json", "picture.jpg"]);
    let account = json_of(&files, "account.json");
    assert_eq!((&account["email"], &account["company_name"]), (&json!(MEMBER), &json!("Acme")));
    assert_eq!((&account["profile"]["phone"], &account["profile"]["job_title"]), (&json!("+4930123456"), &json!("Admiral")));
    assert_eq!(account["preferences"]["time_zone"], "Europe/Berlin");
    assert_eq!(account["preferences"]["notifications_switched_off"], json!(["sign_ins"]));
    assert_eq!((&account["deletion"], &account["email_change"]), (&Value::Null, &Value::Null));
    let (_, picture) = files.last().unwrap();
    assert!(picture.starts_with(b"fitted"));
    assert!(json_of(&files, "sessions.json").as_array().unwrap().len() > 1);
    assert!(json_of(&files, "events.json").as_array().unwrap().iter().any(|event| event["action"] == "authn_login_success"));
    assert_eq!(json_of(&files, "terms.json")[0]["version"], 1);
    let invitations = json_of(&files, "invitations.json");
    assert_eq!((&invitations["received"][0]["email"], &invitations["received"][0]["state"]), (&json!(MEMBER), &json!("accepted")));
    assert_eq!(invitations["sent"], json!([]));
    let credential = world.store().login_candidate(MEMBER).await.unwrap().unwrap();
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        let token = grace.token.as_deref().unwrap();
        for secret in [credential.password.hash.expose(), token, PASSWORD, "digest", "hash", OPERATOR, ADMINISTRATOR] {
            assert!(!text.contains(secret), "{name} holds {secret}: {text}");
        }
    }
    // Whom somebody invited is not theirs to take along.
    let theirs = self::files(&world.api().logs_in(OPERATOR).await.get("/me/export").await.expect(200));
    let sent = &json_of(&theirs, "invitations.json")["sent"];
    assert!(!sent.as_array().unwrap().is_empty());
    let text = String::from_utf8_lossy(&theirs.iter().find(|(name, _)| name == "invitations.json").unwrap().1).into_owned();
    assert!(!text.contains(crate::support::INVITED) && !text.contains(MEMBER), "{text}");
}

#[tokio::test]
async fn what_is_sensitive_asks_a_program_for_the_password_of_a_moment_ago() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    world.passes("PT6M");
    assert_eq!(grace.get("/me/export").await.expect(403).problem(), "reauthentication-required");
    assert_eq!(grace.send("DELETE", "/me", None).await.expect(403).problem(), "reauthentication-required");
    grace.post("/sessions/current/reauthenticate", json!({ "password": PASSWORD })).await.expect(204);
    grace.get("/me/export").await.expect(200);
    grace.send("DELETE", "/me", None).await.expect(202);
    world.passes("PT6M");
    grace.post("/me/deletion/undo", json!({})).await;
    grace.send("POST", "/me/deletion/undo", None).await.expect(204);
}

#[tokio::test]
async fn a_program_takes_data_along_so_often_and_no_more() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    for _ in 0..5 {
        grace.get("/me/export").await.expect(200);
    }
    let refused = grace.get("/me/export").await.expect(429);
    assert_eq!(refused.problem(), "throttled");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 60);
    world.api().logs_in(OTHER_ADMINISTRATOR).await.get("/me/export").await.expect(200);
    let mut browser = world.browser_of(MEMBER).await;
    assert!(!browser.submit("/account/data/export", &[]).await.expect(429).header("retry-after").is_empty());
}

#[tokio::test]
async fn a_program_asks_for_the_deletion_sees_it_and_takes_it_back() {
    let world = World::new().await;
    let (grace, other) = (world.api().logs_in(MEMBER).await, world.api().logs_in(MEMBER).await);
    assert_eq!(grace.get("/me").await.expect(200).json()["deletion"], Value::Null);
    let asked = grace.send("DELETE", "/me", None).await.expect(202).json();
    assert_eq!(asked["requested_at"].as_str().map(str::len), asked["erase_at"].as_str().map(str::len));
    assert_eq!(grace.get("/me").await.expect(200).json()["deletion"], asked);
    other.get("/sessions/current").await.expect(401);
    assert_eq!(grace.send("DELETE", "/me", None).await.expect(202).json(), asked, "asking again moves nothing");
    let id = world.account_id(MEMBER).await;
    let administrator = world.api().logs_in(ADMINISTRATOR).await;
    assert_eq!(administrator.get(&format!("/accounts/{id}")).await.expect(200).json()["deletion"], asked);
    let page = world.browser_of(ADMINISTRATOR).await.get(&format!("/admin/accounts/{id}")).await.expect(200).body;
    assert!(page.contains("Will be erased"), "{page}");
    grace.send("POST", "/me/deletion/undo", None).await.expect(204);
    grace.send("POST", "/me/deletion/undo", None).await.expect(204);
    assert_eq!(grace.get("/me").await.expect(200).json()["deletion"], Value::Null);
    world.passes("P31D");
    world.kit.flows().erase_accounts.run().await.unwrap();
    world.api().logs_in(MEMBER).await;
}

#[tokio::test]
async fn an_erased_account_is_gone_from_every_list_and_its_session_from_every_route() {
    let world = World::new().await.with(|settings| settings.deletion.grace = None);
    let id = world.account_id(MEMBER).await;
    let grace = world.api().logs_in(MEMBER).await;
    grace.send("DELETE", "/me", None).await.expect(202);
    world.kit.flows().erase_accounts.run().await.unwrap();
    for path in ["/me", "/me/export", "/sessions/current"] {
        grace.get(path).await.expect(401);
    }
    let refused = world.api().post("/sessions", json!({ "email": MEMBER, "password": PASSWORD })).await.expect(401);
    assert_eq!(refused.problem(), "login-refused");
    let ada = world.api().logs_in(OPERATOR).await;
    assert_eq!(ada.get(&format!("/accounts/{id}")).await.expect(404).problem(), "not-found");
    assert!(!ada.get("/accounts?limit=200").await.expect(200).body.contains(MEMBER));
    let invitations = ada.get("/invitations?limit=200").await.expect(200);
    assert!(!invitations.body.contains(MEMBER));
    // The invitation that she accepted is there, and says no more whom it was for.
    let blank = invitations.json()["items"].as_array().unwrap().iter().filter(|item| item["email"].is_null()).count();
    assert_eq!(blank, 1);
    let mut browser = world.browser_of(OPERATOR).await;
    let page = browser.get("/admin/invitations?filter=all").await.expect(200).body;
    assert!(!page.contains(MEMBER));
}

#[tokio::test]
async fn the_last_operator_and_where_it_is_not_offered_nobody_leaves() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    assert_eq!(ada.send("DELETE", "/me", None).await.expect(409).problem(), "last-operator");
    let mut browser = world.browser_of(OPERATOR).await;
    let page = browser.submit("/account/data/delete", &[("confirm", "true")]).await.expect(409).body;
    assert!(page.contains("You are the only operator"), "{page}");
    let closed = world.with(|settings| settings.deletion.enabled = false);
    let grace = closed.api().logs_in(MEMBER).await;
    assert_eq!(grace.send("DELETE", "/me", None).await.expect(403).problem(), "forbidden");
    let mut browser = closed.browser_of(MEMBER).await;
    let page = browser.get("/account/data").await.expect(200).body;
    assert!(page.contains("/account/data/export") && !page.contains("/account/data/delete"), "{page}");
    let token = browser.token_of("/account/data").await;
    browser.post("/account/data/delete", &[("csrf_token", &token), ("confirm", "true")]).await.expect(403);
}

#[tokio::test]
async fn a_person_leaves_by_the_page_sees_so_everywhere_and_stays_after_all() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    assert!(!browser.get("/account").await.expect(200).body.contains("will be erased"));
    let unticked = browser.submit("/account/data/delete", &[]).await.expect(422).body;
    assert!(unticked.contains("Tick the box"), "{unticked}");
    world.passes("PT6M");
    for path in ["/account/data/export", "/account/data/delete"] {
        let led = browser.submit(path, &[("confirm", "true")][..usize::from(path.ends_with("delete"))]).await.expect(303);
        assert_eq!(led.header("location"), "/reauthenticate?return_to=/account/data");
    }
    let right = [("password", PASSWORD), ("return_to", "/account/data")];
    assert_eq!(browser.submit("/reauthenticate", &right).await.expect(303).header("location"), "/account/data");
    let archive = browser.submit("/account/data/export", &[]).await.expect(200);
    assert_eq!(files(&archive).len(), 5);
    browser.submit("/account/data/delete", &[("confirm", "true")]).await.expect(303);
    for page in ["/account", "/account/settings", "/account/security", "/account/data"] {
        let shown = browser.get(page).await.expect(200).body;
        assert!(shown.contains("Your account will be erased on") && shown.contains("href=\"/account/data\""), "{page}: {shown}");
    }
    // Somebody else sees nothing of it.
    assert!(!world.browser_of(OPERATOR).await.get("/account").await.expect(200).body.contains("will be erased"));
    world.passes("P29D");
    let mut later = world.browser_of(MEMBER).await;
    assert!(later.get("/account").await.expect(200).body.contains("Keep my account"));
    later.submit("/account/data/undo", &[]).await.expect(303);
    assert!(!later.get("/account").await.expect(200).body.contains("will be erased"));
}

#[tokio::test]
async fn no_day_of_erasure_is_named_before_it_was_asked_for() {
    let world = World::new().await;
    let mut grace = world.browser_of(MEMBER).await;
    let section = async |browser: &mut crate::support::Browser| {
        let page = browser.get("/account/data").await.expect(200).body;
        page.split("aria-labelledby=\"leave\"").nth(1).unwrap().to_owned()
    };
    let before = section(&mut grace).await;
    assert!(before.contains("days after you ask for it.") && !before.contains("<time"), "{before}");
    grace.submit("/account/data/delete", &[("confirm", "true")]).await.expect(303);
    let after = section(&mut grace).await;
    assert!(after.contains("It will be erased on <strong><time datetime=\""), "{after}");
}
