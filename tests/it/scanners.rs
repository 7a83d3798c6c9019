//! A robot that treats every mail as mail scanners do, and the person who comes after it.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{
    Browser, Mail, Options, Server,
    api::{PASSWORD, token_of},
    client,
};

const NEW_PASSWORD: &str = "Walrus-pantry-31";

/// Follows every link of a mail: HEAD, GET three times, all at once, with and without cookies.
async fn scan(server: &Server, mail: &Mail) {
    let thorough = client().cookie_store(true).build().unwrap();
    let hasty = client().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut requests = JoinSet::new();
    for link in mail.links(&server.url) {
        for client in [&thorough, &hasty] {
            for method in [Method::HEAD, Method::GET, Method::GET, Method::GET, Method::OPTIONS] {
                requests.spawn(client.request(method, link.clone()).send());
            }
        }
    }
    for answer in requests.join_all().await {
        let answer = answer.unwrap();
        assert!(answer.status().as_u16() < 500, "{}: {}", answer.url(), answer.status());
    }
}

/// Opens every link with scripts on, as a scanner does that lets a page run: a form that sent itself would have done so.
async fn detonate(browser: &Browser, server: &Server, mail: &Mail) {
    for link in mail.links(&server.url) {
        browser.goto(&link).await;
        browser.find("main h1").await;
        let sent = browser.eval("return performance.getEntriesByType('navigation')[0].type").await;
        assert_eq!(sent, "navigate", "{link}");
    }
    browser.forget_cookies().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_scanner_every_link_of_every_mail_still_works_for_the_person_once() {
    let server = Server::with(&[("registration.mode", "open"), ("registration.approval", "false")]).await;
    let operator = server.first_operator().await;
    let api = server.api();
    let browser = Browser::start(Options::default()).await;
    let scanned = async |address: &str, n: usize| {
        let mail = server.nth_mail_to(address, n).await;
        scan(&server, &mail).await;
        detonate(&browser, &server, &mail).await;
        mail
    };

    // An invitation.
    operator.invites("grace@example.org").await;
    let mail = scanned("grace@example.org", 1).await;
    let account = api.accepts(token_of(&mail.link()), json!({})).await.expect(201);
    let grace = account["account"]["id"].as_str().unwrap().to_owned();
    api.accepts(token_of(&mail.link()), json!({})).await.expect(410);

    // An invitation for somebody who has an account.
    operator.invites("grace@example.org").await;
    let mail = scanned("grace@example.org", 2).await;
    let token = json!({ "token": token_of(&mail.link()) });
    let signed_in = api.logs_in("grace@example.org", PASSWORD).await;
    let renewed = signed_in.post("/me/invitations/accept", token.clone()).await.expect(200);
    let renewed = signed_in.with_token(renewed["token"].as_str().unwrap());
    renewed.post("/me/invitations/accept", token).await.expect(410);
    server.mail_about("grace@example.org", "access at").await;

    // A sign-up.
    let flow = api.signs_up("joan@example.org").await;
    let mail = scanned("joan@example.org", 1).await;
    let code = mail.code().unwrap();
    api.post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await.expect(200);
    api.completes(token_of(&mail.link_to("activate")), json!({})).await.expect(201);
    api.completes(token_of(&mail.link_to("activate")), json!({})).await.expect(410);

    // A sign-up with an address that has an account.
    api.signs_up("joan@example.org").await;
    scanned("joan@example.org", 2).await;

    // A reset, and "this wasn't me" of it.
    api.forgets("grace@example.org").await;
    let mail = scanned("grace@example.org", 4).await;
    api.resets(token_of(&mail.link_to("reset-password")), NEW_PASSWORD).await.expect(204);
    api.resets(token_of(&mail.link_to("reset-password")), PASSWORD).await.expect(410);
    let report = json!({ "token": token_of(&mail.link_to("not-me")) });
    api.post("/password-resets/report", report.clone()).await.expect(204);
    api.post("/password-resets/report", report).await.expect(410);

    // The notice of the change, and "this wasn't me" of it.
    let mail = server.mail_about("grace@example.org", "password was").await;
    scan(&server, &mail).await;
    detonate(&browser, &server, &mail).await;
    api.logs_in("grace@example.org", NEW_PASSWORD).await;
    let report = json!({ "token": token_of(&mail.link_to("not-me")) });
    api.post("/password-resets/report", report.clone()).await.expect(204);
    api.post("/password-resets/report", report).await.expect(410);
    api.post("/sessions", json!({ "email": "grace@example.org", "password": NEW_PASSWORD })).await.expect(401);

    // What an administrator starts.
    let check = json!({ "method": "in_person", "note": "Stood at my desk" });
    for (method, about) in [("link", "eset"), ("temporary_password", "temporary")] {
        let body = json!({ "method": method, "identity_check": check });
        operator.post(&format!("/accounts/{grace}/password-reset"), body).await.expect(202);
        server.mail_about("grace@example.org", about).await;
    }
    operator.send(Method::POST, &format!("/accounts/{grace}/require-password-change"), None).await.expect(204);
    server.mail_about("grace@example.org", "hoose a new password").await;

    // Another address: confirmed from the new one, undone from the old one.
    let joan = api.logs_in("joan@example.org", PASSWORD).await;
    let wanted = json!({ "email": "joan@clarke.example", "current_password": PASSWORD });
    joan.post("/me/email-change", wanted).await.expect(202);
    let announced = server.mail_about("joan@example.org", "is to be changed").await;
    scan(&server, &announced).await;
    detonate(&browser, &server, &announced).await;
    let mail = scanned("joan@clarke.example", 1).await;
    let token = json!({ "token": token_of(&mail.link_to("confirm-email")) });
    api.post("/email-changes/confirm", token.clone()).await.expect(204);
    api.post("/email-changes/confirm", token).await.expect(410);
    api.logs_in("joan@clarke.example", PASSWORD).await;
    let token = json!({ "token": token_of(&announced.link_to("undo-email")) });
    api.post("/email-changes/undo", token.clone()).await.expect(204);
    api.post("/email-changes/undo", token).await.expect(410);
    api.post("/sessions", json!({ "email": "joan@clarke.example", "password": PASSWORD })).await.expect(401);

    // Everything that was mailed, once more, whatever it was: nothing of it did anything.
    let state = async || operator.get("/accounts").await.expect(200);
    let before = state().await;
    let mut kinds = BTreeMap::<String, BTreeSet<String>>::new();
    for mail in server.mails() {
        scan(&server, &mail).await;
        let pages = mail.links(&server.url).into_iter().filter_map(|link| link.split('/').nth(3).map(str::to_owned));
        kinds.entry(mail.subject.clone()).or_default().extend(pages);
    }
    assert_eq!(state().await, before);
    let pages = kinds.values().flatten().map(String::as_str).collect::<BTreeSet<_>>();
    for page in ["register", "activate", "reset-password", "not-me", "login", "confirm-email", "undo-email"] {
        assert!(pages.contains(page), "no mail led to {page}: {kinds:?}");
    }
}
