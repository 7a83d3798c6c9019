//! Signing in and out.

use axum::http::HeaderMap;
use identity_core::value::Lifetime;
use serde_json::json;

use crate::support::{
    ADMINISTRATOR, Answer, MEMBER, OPERATOR, OTHER_ADMINISTRATOR, PASSWORD, RequestExt as _, World, ask, token_in,
};

/// An account that is disabled; its address is as long as the others, since a page shows again what was typed.
const DISABLED: &str = MEMBER;
const UNKNOWN: &str = "nobod@acme.example";

async fn world_with_a_disabled_account() -> World {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let id = world.account_id(DISABLED).await;
    ada.send("POST", &format!("/accounts/{id}/disable"), None).await.expect(204);
    world
}

/// The answer as somebody sees it who does not know which request it was.
fn seen(answer: &Answer, email: &str) -> (u16, HeaderMap, String) {
    let mut headers = answer.headers.clone();
    let id = headers.remove("x-request-id").unwrap();
    let mut body = answer.body.replace(id.to_str().unwrap(), "ID").replace(email, "ADDRESS");
    // Another in every answer.
    if body.contains("csrf_token") {
        body = body.replace(&token_in(&body), "TOKEN");
    }
    (answer.status, headers, body)
}

#[tokio::test]
async fn the_api_refuses_unknown_addresses_wrong_passwords_and_disabled_accounts_with_the_same_bytes() {
    let world = world_with_a_disabled_account().await;
    let mut answers = Vec::new();
    for (email, password) in
        [(UNKNOWN, PASSWORD), (ADMINISTRATOR, "Zr7-mnbvqX"), (DISABLED, PASSWORD), (DISABLED, "Zr7-mnbvqX"), (UNKNOWN, "")]
    {
        world.listens();
        let answer = world.api().post("/sessions", json!({ "email": email, "password": password })).await.expect(401);
        assert_eq!(answer.problem(), "login-refused");
        assert_eq!(world.heard("verify"), 1, "{email}: one password is verified, no matter whose");
        answers.push((seen(&answer, email), world.kit.faults.trace()));
    }
    let (first, trace) = answers[0].clone();
    for (answer, other) in &answers {
        assert_eq!(*answer, first);
        assert_eq!(other.len(), trace.len(), "the same work: {other:?} and {trace:?}");
    }
}

#[tokio::test]
async fn the_page_refuses_unknown_addresses_wrong_passwords_and_disabled_accounts_with_the_same_bytes() {
    let world = world_with_a_disabled_account().await;
    let mut browser = world.browser();
    let token = browser.token().await;
    let mut answers = Vec::new();
    for (email, password) in
        [(UNKNOWN, PASSWORD), (OTHER_ADMINISTRATOR, "Zr7-mnbvqX"), (DISABLED, PASSWORD), (DISABLED, "Zr7-mnbvqX")]
    {
        world.listens();
        let form = [("email", email), ("password", password), ("return_to", ""), ("csrf_token", &token)];
        let answer = browser.post("/login", &form).await.expect(401);
        assert_eq!(world.heard("verify"), 1, "{email}");
        assert!(!answer.body.contains(password), "a page never shows a password again");
        answers.push(seen(&answer, email));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[tokio::test]
async fn an_address_is_taken_in_any_case_and_with_spaces_around_it() {
    let world = World::new().await;
    let answer = world.api().post("/sessions", json!({ "email": "  Ada@ACME.example ", "password": PASSWORD })).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

#[tokio::test]
async fn after_login_one_returns_to_own_pages_only() {
    let world = World::new().await;
    for (wanted, reached) in [
        ("/account", "/account"),
        ("/admin/invitations", "/admin/invitations"),
        ("", "/account"),
        ("//evil.example", "/account"),
        ("/\\evil.example", "/account"),
        ("/////evil.example", "/account"),
        ("/%09/evil.example", "/account"),
        ("https:evil.example", "/account"),
        ("https://evil.example/account", "/account"),
        ("https://id.example.org/account", "/account"),
        ("/account\r\nSet-Cookie: a=b", "/account"),
        ("/account@evil.example", "/account"),
        ("/account/../../evil", "/account"),
        ("/account?next=//evil.example", "/account"),
        ("javascript:alert(1)", "/account"),
        ("data:text/html,x", "/account"),
        ("/logout", "/account"),
        ("\u{ff0f}\u{ff0f}evil.example", "/account"),
    ] {
        let mut browser = world.browser();
        let query = crate::support::encoded(&[("return_to", wanted)]);
        let page = browser.get(&format!("/login?{query}")).await.expect(200).body;
        let field = crate::html::tags(&page).into_iter().find(|tag| tag.attribute("name") == Some("return_to")).unwrap();
        assert_eq!(field.attribute("value"), Some(reached), "{wanted:?}");
        let form = [("email", OPERATOR), ("password", PASSWORD), ("return_to", wanted)];
        let answer = browser.submit("/login", &form).await.expect(303);
        assert_eq!(answer.header("location"), reached, "{wanted:?}");
        let answer = browser.get(&format!("/login?{query}")).await.expect(303);
        assert_eq!(answer.header("location"), reached, "{wanted:?} when signed in");
    }
}

#[tokio::test]
async fn a_person_who_is_sent_to_the_login_comes_back_to_where_they_wanted_to_go() {
    let world = World::new().await;
    let mut browser = world.browser();
    let to = browser.get("/admin/invitations/new?x=//evil.example").await.expect(303).header("location").to_owned();
    assert_eq!(to, "/login?return_to=%2Fadmin%2Finvitations%2Fnew");
    let list = browser.get("/admin/accounts?q=grace&state=active").await.expect(303);
    assert_eq!(list.header("location"), "/login?return_to=%2Fadmin%2Faccounts%3Fq%3Dgrace%26state%3Dactive");
    let page = browser.get(&to).await.expect(200).body;
    assert!(page.contains("value=\"/admin/invitations/new\""), "{page}");
}

#[tokio::test]
async fn to_stay_signed_in_keeps_the_cookie_as_long_as_the_session() {
    let world = World::new().await;
    let mut browser = world.browser();
    let answer = browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    assert!(!answer.cookie("session").unwrap().contains("Max-Age"), "until the browser is closed");
    let form = [("email", MEMBER), ("password", PASSWORD), ("remember", "true"), ("return_to", "")];
    let answer = world.browser().submit("/login", &form).await.expect(303);
    let seconds = Lifetime::parse("P14D").unwrap().as_seconds();
    assert!(answer.cookie("session").unwrap().contains(&format!("Max-Age={seconds}")), "{:?}", answer.cookies());
}

#[tokio::test]
async fn sessions_end_when_they_are_idle_or_old_whatever_the_cookie_says() {
    let world = World::new().await;
    let mut idle = world.browser_of(MEMBER).await;
    world.passes("PT29M");
    idle.get("/account").await.expect(200);
    world.passes("PT31M");
    idle.get("/account").await.expect(303);
    let mut busy = world.browser_of(MEMBER).await;
    for _ in 0..24 {
        busy.get("/account").await.expect(200);
        world.passes("PT29M");
    }
    world.passes("PT25M");
    busy.get("/account").await.expect(303);
}

#[tokio::test]
async fn logout_ends_the_session_on_the_server_and_clears_the_browser() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let session = browser.cookies["__Host-session"].clone();
    browser.get("/logout").await.expect(200);
    browser.get("/account").await.expect(200);
    let answer = browser.submit("/logout", &[]).await.expect(303);
    assert_eq!(answer.header("location"), "/login");
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(browser.cookies.contains_key("__Host-device"), "the browser stays known: {:?}", browser.cookies);
    assert!(answer.cookie("session").unwrap().contains("Max-Age=0"));
    let replay = |path: &str| ask("GET", path).with("cookie", &format!("__Host-session={session}"));
    assert!(world.send(replay("/account")).await.expect(303).header("location").starts_with("/login"));
    world.send(replay("/api/v1/sessions/current")).await.expect(401);
    world.send(ask("GET", "/api/v1/sessions/current").with("authorization", &format!("Bearer {session}"))).await.expect(401);
}

#[tokio::test]
async fn logout_by_the_api_ends_that_session_alone() {
    let world = World::new().await;
    let (one, other) = (world.api().logs_in(MEMBER).await, world.api().logs_in(MEMBER).await);
    one.send("DELETE", "/sessions/current", None).await.expect(204);
    one.get("/sessions/current").await.expect(401);
    one.send("DELETE", "/sessions/current", None).await.expect(401);
    other.get("/sessions/current").await.expect(200);
}

#[tokio::test]
async fn a_fresh_installation_has_no_account_that_anybody_knows_and_its_link_works_once() {
    let world = World::empty_at(crate::support::HTTPS).await;
    for name in ["admin", "root", "operator", "identity", "test"] {
        for password in ["admin", "password", "identity", "changeme", name, ""] {
            for host in ["localhost", "example.org", "id.example.org"] {
                world.api().post("/sessions", json!({ "email": format!("{name}@{host}"), "password": password })).await;
                let answer =
                    world.api().post("/sessions", json!({ "email": format!("{name}@{host}"), "password": password })).await;
                assert!(matches!(answer.status, 401 | 422 | 429), "{name}@{host}");
            }
        }
    }
    let (older, link) = (world.first_operator_link().await, world.first_operator_link().await);
    let ada = json!({ "email": OPERATOR, "first_name": "Ada", "last_name": "Lovelace" });
    world.api().accepts(&older, ada.clone()).await.expect(410);
    let preview = world.api().post("/invitations/preview", json!({ "token": link })).await.expect(200).json();
    assert_eq!(preview["email"], json!(null));
    world.api().accepts(&link, json!({ "first_name": "Ada" })).await.expect(422);
    world.api().accepts(&link, ada.clone()).await.expect(201);
    world.api().accepts(&link, ada).await.expect(410);
    assert!(world.kit.flows().first_operator.run().await.unwrap().is_none(), "there is an operator now");
}
