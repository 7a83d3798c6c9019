//! How often something may be tried, and what nobody learns by trying.

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo, http::Request};
use identity_core::{
    model::throttle::Rate,
    value::{SignedDuration, TokenKind},
};
use serde_json::{Value, json};

use crate::support::{
    ADMINISTRATOR, Answer, INVITED, MEMBER, OPERATOR, PASSWORD, RequestExt as _, World, ask, completion, reset, seen, sign_up,
    stray,
};

const UNKNOWN: &str = "nobod@acme.example";

async fn logs_in(world: &World, email: &str, password: &str) -> Answer {
    world.api().post("/sessions", json!({ "email": email, "password": password })).await
}

/// Strangers try until nobody may.
async fn strangers_lock(world: &World, email: &str) {
    for _ in 0..5 {
        logs_in(world, email, "wrong").await.expect(401);
    }
    logs_in(world, email, "wrong").await.expect(429);
}

#[tokio::test]
async fn passwords_are_tried_ever_more_slowly_and_an_unknown_address_alike() {
    let mut seen_by = Vec::new();
    for email in [MEMBER, UNKNOWN] {
        let world = World::new().await;
        let mut answers = Vec::new();
        for _ in 0..5 {
            answers.push(logs_in(&world, email, "wrong").await.expect(401));
        }
        for pause in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let answer = logs_in(&world, email, "wrong").await.expect(429);
            assert_eq!((answer.problem(), answer.header("retry-after")), ("throttled".to_owned(), pause.to_string().as_str()));
            answers.push(answer);
            world.passes_seconds(pause - 1);
            answers.push(logs_in(&world, email, "wrong").await.expect(429));
            world.passes_seconds(1);
            answers.push(logs_in(&world, email, "wrong").await.expect(401));
        }
        seen_by.push(answers.iter().map(|answer| seen(answer, &[email])).collect::<Vec<_>>());
    }
    seen_by.dedup();
    assert_eq!(seen_by.len(), 1);
}

#[tokio::test]
async fn an_address_that_is_locked_is_answered_the_same_no_matter_who_has_it_and_whatever_is_typed() {
    let (mut api, mut pages) = (Vec::new(), Vec::new());
    for (kind, email) in [("unknown", UNKNOWN), ("known", MEMBER), ("disabled", MEMBER), ("invited", INVITED)] {
        let world = World::new().await;
        if kind == "disabled" {
            let ada = world.api().logs_in(OPERATOR).await;
            let path = format!("/accounts/{}/disable", world.account_id(MEMBER).await);
            ada.send("POST", &path, None).await.expect(204);
        }
        strangers_lock(&world, email).await;
        let mut browser = world.browser();
        let token = browser.token().await;
        for password in ["wrong", PASSWORD] {
            world.listens();
            let answer = logs_in(&world, email, password).await.expect(429);
            assert_eq!(world.heard("verify"), 0, "{kind}");
            api.push((seen(&answer, &[email]), world.kit.faults.trace()));
            world.listens();
            let form = [("email", email), ("password", password), ("return_to", ""), ("csrf_token", &token)];
            let answer = browser.post("/login", &form).await.expect(429);
            assert_eq!(answer.header("retry-after"), "1");
            assert!(answer.body.contains("Too many attempts"), "{}", answer.body);
            pages.push((seen(&answer, &[email]), world.kit.faults.trace()));
        }
    }
    api.dedup();
    pages.dedup();
    assert_eq!((api.len(), pages.len()), (1, 1), "{api:#?} {pages:#?}");
}

#[tokio::test]
async fn within_the_free_tries_nobody_can_tell_how_many_are_left() {
    let mut answers = Vec::new();
    for (email, password) in [(MEMBER, "wrong"), (UNKNOWN, "wrong"), (INVITED, PASSWORD)] {
        let world = World::new().await;
        for _ in 0..5 {
            world.listens();
            let answer = logs_in(&world, email, password).await.expect(401);
            answers.push((seen(&answer, &[email]), world.kit.faults.trace()));
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[tokio::test]
async fn a_person_who_logs_in_has_all_tries_again() {
    let world = World::new().await;
    for _ in 0..3 {
        for _ in 0..4 {
            logs_in(&world, MEMBER, "wrong").await.expect(401);
        }
        logs_in(&world, MEMBER, PASSWORD).await.expect(201);
    }
}

#[tokio::test]
async fn a_browser_that_was_signed_in_with_gets_in_while_strangers_lock_the_address() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    browser.submit("/logout", &[]).await.expect(303);
    let device = browser.cookies["__Host-device"].clone();
    strangers_lock(&world, MEMBER).await;
    world.browser().logs_in(MEMBER, PASSWORD).await.expect(429);
    let answer = browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    assert!(answer.cookie("device").is_none(), "a known browser gets no other cookie");
    assert_eq!(browser.cookies["__Host-device"], device);
    // Its own wrong passwords are counted all the same.
    browser.submit("/logout", &[]).await.expect(303);
    for _ in 0..5 {
        browser.logs_in(MEMBER, "wrong").await.expect(401);
    }
    browser.logs_in(MEMBER, PASSWORD).await.expect(429);
    world.passes("PT1S");
    browser.logs_in(MEMBER, PASSWORD).await.expect(303);
}

#[tokio::test]
async fn a_program_that_keeps_its_device_gets_in_while_strangers_lock_the_address() {
    let world = World::new().await;
    let first = logs_in(&world, MEMBER, PASSWORD).await.expect(201).json();
    let device = first["device"].as_str().unwrap().to_owned();
    let others = logs_in(&world, ADMINISTRATOR, PASSWORD).await.expect(201).json()["device"].clone();
    strangers_lock(&world, MEMBER).await;
    let login = |device: &Value| json!({ "email": MEMBER, "password": PASSWORD, "device": device });
    for wrong in [json!(stray(TokenKind::Device)), others, first["token"].clone(), json!("x"), json!("")] {
        world.api().post("/sessions", login(&wrong)).await.expect(429);
    }
    let answer = world.api().post("/sessions", login(&json!(device))).await.expect(201).json();
    assert!(answer.get("device").is_none(), "the one that was sent is known: {answer}");
    // It is no password, and no session.
    let wrong = json!({ "email": MEMBER, "password": "wrong", "device": device });
    world.api().post("/sessions", wrong).await.expect(401);
    let request = ask("GET", "/api/v1/sessions/current").with("authorization", &format!("Bearer {device}"));
    world.send(request).await.expect(401);
}

#[tokio::test]
async fn a_person_who_resets_the_password_gets_in_with_that_browser_and_with_any_other() {
    let world = World::new().await;
    strangers_lock(&world, MEMBER).await;
    let token = world.recovery().await;
    world.api().post("/password-resets/complete", reset(&token)).await.expect(204);
    logs_in(&world, MEMBER, crate::support::OTHER_PASSWORD).await.expect(201);
    let world = World::new().await;
    let mut browser = world.browser();
    let to = browser.opens(&world.recovery().await).await;
    let other = crate::support::OTHER_PASSWORD;
    browser.submit(&to, &[("password", other), ("password_confirmation", other)]).await.expect(200);
    strangers_lock(&world, MEMBER).await;
    browser.logs_in(MEMBER, other).await.expect(303);
}

/// A request from that peer.
fn from(peer: &str, mut request: Request<Body>) -> Request<Body> {
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

/// Headers by which clients would like to be somebody else, with an address of their choice.
const SPOOFS: [&str; 7] =
    ["x-forwarded-for", "x-real-ip", "forwarded", "client-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip"];

fn spoofed(mut request: Request<Body>, number: usize) -> Request<Body> {
    for name in SPOOFS {
        let address = format!("198.51.100.{number}");
        let value = if name == "forwarded" { format!("for={address}") } else { address };
        request = request.with(name, &value);
    }
    request
}

fn login(number: usize) -> Request<Body> {
    let body = json!({ "email": format!("nobody{number}@acme.example"), "password": "wrong" });
    ask("POST", "/api/v1/sessions").json(&body)
}

#[tokio::test]
async fn what_a_client_says_of_its_address_gives_it_no_more_tries() {
    let world = World::new().await;
    for number in 0..30 {
        world.send(from("203.0.113.9:4711", spoofed(login(number), number))).await.expect(401);
    }
    let answer = world.send(from("203.0.113.9:4712", spoofed(login(30), 30))).await.expect(429);
    assert_eq!((answer.problem(), answer.header("retry-after")), ("throttled".to_owned(), "2"));
    // The page counts with the API, and another network by itself.
    let mut browser = world.browser();
    let token = browser.token().await;
    let form = [("email", UNKNOWN), ("password", "wrong"), ("return_to", ""), ("csrf_token", token.as_str())];
    let page = from("203.0.113.9:4713", spoofed(browser.request("POST", "/login").form(&form), 31));
    world.send(page).await.expect(429);
    world.send(from("203.0.113.10:4711", login(32))).await.expect(401);
    world.passes_seconds(2);
    world.send(from("203.0.113.9:4714", login(33))).await.expect(401);
    world.send(from("203.0.113.9:4714", login(34))).await.expect(429);
}

#[tokio::test]
async fn behind_a_trusted_proxy_its_clients_are_counted_apart() {
    let world = World::new().await.trusting(&["10.0.0.0/8"]);
    let by = |client: &str, number: usize| {
        from("10.0.0.1:4711", login(number).with("x-forwarded-for", &format!("192.0.2.{number}, {client}")))
    };
    for number in 0..30 {
        world.send(by("203.0.113.9", number)).await.expect(401);
    }
    world.send(by("203.0.113.9", 30)).await.expect(429);
    world.send(by("203.0.113.10", 31)).await.expect(401);
    // Somebody who connects without the proxy is believed nothing.
    let direct = from("203.0.113.9:4711", login(32).with("x-forwarded-for", "203.0.113.77"));
    world.send(direct).await.expect(429);
}

#[tokio::test]
async fn the_addresses_of_one_ipv6_customer_count_together() {
    let world = World::new().await;
    for number in 0..30 {
        world.send(from(&format!("[2001:db8:1:2:{number:x}::1]:443"), login(number))).await.expect(401);
    }
    world.send(from("[2001:db8:1:2:ffff::9]:443", login(30))).await.expect(429);
    world.send(from("[2001:db8:1:3::1]:443", login(31))).await.expect(401);
}

#[tokio::test]
async fn every_door_counts_the_requests_of_a_network() {
    let world = World::new().await;
    let post = |path: &str, body: Value| from("203.0.113.9:4711", ask("POST", &format!("/api/v1{path}")).json(&body));
    for (path, free, status) in [
        ("/registrations", 10, 202),
        ("/password-resets", 10, 202),
        ("/registrations/verify-code", 60, 422),
        ("/registrations/complete", 0, 410),
        ("/password-resets/complete", 0, 410),
        ("/password-resets/report", 0, 410),
        ("/invitations/accept", 0, 410),
    ] {
        // Links and codes share their permits: what the codes consumed is gone.
        let body = |number: usize| match path {
            "/registrations" => sign_up(&format!("n{number}@newco.example")),
            "/password-resets" => json!({ "email": format!("n{number}@newco.example") }),
            "/registrations/verify-code" => json!({ "flow": stray(TokenKind::Flow), "code": "12345678" }),
            "/registrations/complete" => completion(&stray(TokenKind::Activation)),
            "/password-resets/complete" => reset(&stray(TokenKind::Recovery)),
            "/password-resets/report" => json!({ "token": stray(TokenKind::Report) }),
            _ => crate::support::registration(&stray(TokenKind::Invitation)),
        };
        for number in 0..free {
            world.send(post(path, body(number))).await.expect(status);
        }
        world.listens();
        let answer = world.send(post(path, body(free))).await.expect(429);
        assert_eq!(answer.problem(), "throttled", "{path}");
        assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0, "{path}");
        assert_eq!(world.heard("hash") + world.heard("verify"), 0, "{path}");
    }
}

#[tokio::test]
async fn an_address_is_signed_up_ten_times_an_hour_no_matter_who_has_it() {
    let mut answers = Vec::new();
    for email in [MEMBER, INVITED, "nobody@newco.example"] {
        let world = World::new().await;
        for _ in 0..10 {
            world.api().post("/registrations", sign_up(email)).await.expect(202);
        }
        for (path, body) in [("/registrations", sign_up(email)), ("/registrations/resend", json!({ "email": email }))] {
            let answer = world.api().post(path, body).await.expect(429);
            answers.push(seen(&answer, &[email]));
        }
        let mut browser = world.browser();
        let fields = [("first_name", "N"), ("last_name", "N"), ("company_name", "N"), ("country", "DE"), ("email", email)];
        let page = browser.submit("/signup", &fields).await.expect(429);
        assert_eq!(page.header("retry-after"), "360");
        assert!(page.body.contains("Try again in 6 minutes."), "{}", page.body);
        world.passes("PT6M");
        browser.sends_again(&page).await.expect(303);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[tokio::test]
async fn an_administrator_invites_so_many_an_hour() {
    let few = Rate::per(2, SignedDuration::from_hours(1));
    let world = World::new().await.with(|settings| settings.throttle.invitations_per_account = few);
    let (ada, carl) = (world.api().logs_in(OPERATOR).await, world.api().logs_in(ADMINISTRATOR).await);
    // Ada has invited four already while people moved in, under other settings.
    world.passes("PT24H");
    let ada = crate::support::Api { token: world.api().logs_in(OPERATOR).await.token, ..ada };
    let carl = crate::support::Api { token: world.api().logs_in(ADMINISTRATOR).await.token, ..carl };
    let id = world.invitation_id(INVITED).await;
    ada.post("/invitations", json!({ "email": "a@acme.example" })).await.expect(201);
    ada.send("POST", &format!("/invitations/{id}/resend"), None).await.expect(202);
    let answer = ada.post("/invitations", json!({ "email": "c@acme.example" })).await.expect(429);
    assert_eq!((answer.problem(), answer.header("retry-after")), ("throttled".to_owned(), "1800"));
    ada.send("POST", &format!("/invitations/{id}/resend"), None).await.expect(429);
    let mut browser = world.browser_of(OPERATOR).await;
    browser.submit("/admin/invitations/new", &[("email", "c@acme.example")]).await.expect(429);
    let refused = browser.submit(&format!("/admin/invitations/{id}/resend"), &[]).await.expect(429);
    assert!(refused.body.contains("Try again") && !refused.body.contains("typed"), "nothing was typed: {}", refused.body);
    carl.post("/invitations", json!({ "email": "d@acme.example" })).await.expect(201);
}

#[tokio::test]
async fn a_person_who_comes_back_when_they_are_told_is_let_in() {
    // The clock stands between two seconds: what is told is never too early.
    let world = World::new().await;
    strangers_lock(&world, MEMBER).await;
    world.kit.clock.advance(SignedDuration::from_millis(1_300));
    logs_in(&world, MEMBER, "wrong").await.expect(401);
    world.kit.clock.advance(SignedDuration::from_millis(500));
    let after = logs_in(&world, MEMBER, PASSWORD).await.expect(429).header("retry-after").parse().unwrap();
    let mut browser = world.browser();
    assert_eq!(browser.logs_in(MEMBER, PASSWORD).await.expect(429).header("retry-after"), format!("{after}"));
    world.passes_seconds(after);
    logs_in(&world, MEMBER, PASSWORD).await.expect(201);
}

#[tokio::test]
async fn nothing_is_counted_where_nobody_else_can_connect() {
    let world = World::new().await.with(|settings| settings.throttle.enabled = false);
    for _ in 0..40 {
        world.send(from("127.0.0.1:4711", login(1))).await.expect(401);
    }
    let mut browser = world.browser_of(MEMBER).await;
    for _ in 0..12 {
        browser.submit("/forgot-password", &[("email", MEMBER)]).await.expect(202);
        world.api().post("/registrations", sign_up(MEMBER)).await.expect(202);
    }
}
