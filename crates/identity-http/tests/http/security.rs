//! The security of one's own account: sessions, the password said again, events, another address.

use identity_core::value::TokenKind;
use serde_json::json;

use crate::{
    html::main_button,
    support::{MEMBER, NEW_ADDRESS, OPERATOR, PASSWORD, World, clean, stray},
};

#[tokio::test]
async fn a_program_lists_and_ends_its_sessions_with_the_password_of_a_moment_ago() {
    let world = World::new().await;
    let (own, other) = (world.api().logs_in(MEMBER).await, world.api().logs_in(MEMBER).await);
    world.passes("PT6M");
    let listed = own.get("/me/sessions").await.expect(200).json();
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.iter().map(|item| item["is_current"] == json!(true)).collect::<Vec<_>>(), [true, false]);
    let id = items[1]["id"].as_str().unwrap().to_owned();
    let end = format!("/me/sessions/{id}");
    for path in [&end, "/me/sessions"] {
        assert_eq!(own.send("DELETE", path, None).await.expect(403).problem(), "reauthentication-required");
    }
    let wrong = own.post("/sessions/current/reauthenticate", json!({ "password": "wrong" })).await.expect(422);
    assert_eq!(wrong.codes("password"), ["wrong_password"]);
    own.send("DELETE", &end, None).await.expect(403);
    own.post("/sessions/current/reauthenticate", json!({ "password": PASSWORD })).await.expect(204);
    own.send("DELETE", &end, None).await.expect(204);
    other.get("/sessions/current").await.expect(401);
    own.send("DELETE", &end, None).await.expect(404);
    let third = world.api().logs_in(MEMBER).await;
    own.send("DELETE", "/me/sessions", None).await.expect(204);
    third.get("/sessions/current").await.expect(401);
    own.get("/sessions/current").await.expect(200);
}

#[tokio::test]
async fn a_person_ends_other_sessions_by_way_of_the_password_and_gets_another_cookie() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let other = world.api().logs_in(MEMBER).await;
    world.passes("PT6M");
    let end = "/account/security/sessions/end-others";
    let token = browser.token_of("/account/security").await;
    let led = browser.post(end, &[("csrf_token", &token)]).await.expect(303);
    assert_eq!(led.header("location"), "/reauthenticate?return_to=/account/security");
    other.get("/sessions/current").await.expect(200);
    let before = browser.cookies["__Host-session"].clone();
    let wrong = [("password", "wrong"), ("return_to", "https://evil.example")];
    browser.submit("/reauthenticate", &wrong).await.expect(422);
    assert_eq!(browser.cookies["__Host-session"], before);
    let right = [("password", PASSWORD), ("return_to", "https://evil.example")];
    assert_eq!(browser.submit("/reauthenticate", &right).await.expect(303).header("location"), "/account/security");
    assert_ne!(browser.cookies["__Host-session"], before, "the older cookie goes on");
    let mut stolen = world.browser();
    stolen.cookies.insert("__Host-session".to_owned(), before);
    assert!(stolen.get("/account").await.expect(303).header("location").starts_with("/login"));
    let token = browser.token_of("/account/security").await;
    browser.post(end, &[("csrf_token", &token)]).await.expect(303);
    other.get("/sessions/current").await.expect(401);
    browser.get("/account/security").await.expect(200);
}

#[tokio::test]
async fn an_address_is_changed_by_the_page_of_the_link_and_undone_by_the_other() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let wrong = [("email", NEW_ADDRESS), ("current_password", "wrong")];
    let page = browser.submit("/account/security/email", &wrong).await.expect(422).body;
    assert!(page.contains(NEW_ADDRESS), "what was typed stays: {page}");
    let right = [("email", NEW_ADDRESS), ("current_password", PASSWORD)];
    browser.submit("/account/security/email", &right).await.expect(200);
    assert!(browser.get("/account/security").await.expect(200).body.contains(NEW_ADDRESS));
    world.delivers().await;
    let mut visitor = world.browser();
    let link = world.mailed(TokenKind::EmailConfirmation, NEW_ADDRESS);
    visitor.opens(&link).await;
    let shown = visitor.get(&clean(&link)).await.expect(200).body;
    assert!(shown.contains(NEW_ADDRESS) && !shown.contains(MEMBER), "{shown}");
    world.account_id(MEMBER).await;
    let done = visitor.submit(&clean(&link), &[]).await.expect(200).body;
    assert_eq!(main_button(&done).as_deref(), Some("/account/security"));
    world.account_id(NEW_ADDRESS).await;
    browser.get("/account/security").await.expect(200);
    visitor.get(&clean(&link)).await;
    world.delivers().await;
    let undo = world.mailed(TokenKind::EmailUndo, MEMBER);
    visitor.opens(&undo).await;
    assert!(visitor.get(&clean(&undo)).await.expect(200).body.contains(MEMBER));
    world.account_id(NEW_ADDRESS).await;
    visitor.submit(&clean(&undo), &[]).await.expect(200);
    world.account_id(MEMBER).await;
    browser.get("/account/security").await.expect(303);
    world.api().post("/sessions", json!({ "email": MEMBER, "password": PASSWORD })).await.expect(401);
}

#[tokio::test]
async fn a_change_is_asked_for_shown_and_taken_back_by_a_program() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    grace.get("/me/email-change").await.expect(404);
    let ask = |email: &str, password: &str| json!({ "email": email, "current_password": password });
    assert_eq!(grace.post("/me/email-change", ask(MEMBER, PASSWORD)).await.expect(422).codes("email"), ["same"]);
    let wrong = grace.post("/me/email-change", ask(NEW_ADDRESS, "wrong")).await.expect(422);
    assert_eq!(wrong.codes("current_password"), ["wrong_password"]);
    // An address that somebody has is answered like every other.
    let answers = [
        grace.post("/me/email-change", ask(OPERATOR, PASSWORD)).await,
        grace.post("/me/email-change", ask(NEW_ADDRESS, PASSWORD)).await,
    ];
    assert_eq!(answers.map(|answer| (answer.status, answer.body)), [(202, String::new()), (202, String::new())]);
    assert_eq!(grace.get("/me/email-change").await.expect(200).json()["email"], NEW_ADDRESS);
    grace.send("DELETE", "/me/email-change", None).await.expect(204);
    grace.get("/me/email-change").await.expect(404);
    for (path, kind) in [("confirm", TokenKind::EmailConfirmation), ("undo", TokenKind::EmailUndo)] {
        for token in [stray(kind), stray(TokenKind::Recovery), String::new()] {
            let answer = world.api().post(&format!("/email-changes/{path}"), json!({ "token": token })).await.expect(410);
            assert_eq!(answer.problem(), "dead-link");
        }
    }
}

#[tokio::test]
async fn ones_own_events_are_shown_in_words_and_by_their_actions() {
    let world = World::new().await;
    world.passes("PT1S");
    world.api().post("/sessions", json!({ "email": MEMBER, "password": "wrong" })).await.expect(401);
    world.api().post("/sessions", json!({ "email": OPERATOR, "password": "wrong" })).await.expect(401);
    world.passes("PT1S");
    let grace = world.api().logs_in(MEMBER).await;
    let first = grace.get("/me/events?limit=1").await.expect(200).json();
    assert_eq!(first["items"][0]["action"], "authn_login_success");
    assert_eq!(first["items"][0]["by"], "oneself");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = grace.get(&format!("/me/events?limit=1&cursor={cursor}")).await.expect(200).json();
    assert_eq!(second["items"][0]["action"], "authn_login_fail");
    let page = world.browser_of(MEMBER).await.get("/account/security").await.expect(200).body;
    assert_eq!(page.matches("A wrong password was tried").count(), 1, "{page}");
}
