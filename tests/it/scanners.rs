//! A robot that treats every mail as mail scanners do, and the person who comes after it.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    security_questions::QUESTIONS,
    support::{
        Api, Browser, Mail, Options, Server,
        api::{PASSWORD, token_of},
        client,
    },
};

const NEW_PASSWORD: &str = "Walrus-pantry-31";

/// What the subjects of all mails that there are hold, but for that of a password known from a data leak: there is none here.
const SUBJECTS: [&str; 26] = [
    "invites you to",
    "asks for a new invitation",
    "Activate your registration",
    "You already have an account",
    "waits to be let in",
    "You are in",
    "was not approved",
    "Reset your password",
    "Your account is secured: choose a new password",
    "Address change undone: choose a new password",
    "A temporary password",
    "Choose a new password",
    "Your password was changed",
    "did not ask for a new password",
    "Check the account of",
    "undid a change of the e-mail address",
    "gives you access to",
    "Your access at",
    "Confirm your new e-mail address",
    "Your e-mail address is to be changed",
    "Your e-mail address was changed",
    "New sign-in to",
    "has accepted your invitation",
    "Your security questions were",
    "Your account will be erased",
    "Your account stays",
];

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
    let questions = [("security_questions.enabled", "true"), ("security_questions.questions", QUESTIONS)];
    let settings = [("registration.mode", "open"), ("registration.approval", "false")];
    let server = Server::with(&[&settings[..], &questions].concat()).await;
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

    // The message of the change, and "this wasn't me" of it.
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
    server.mail_about("grace@example.org", "Choose a new password").await;

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
    server.mail_about("joan@example.org", "address was changed").await;
    let token = json!({ "token": token_of(&announced.link_to("undo-email")) });
    api.post("/email-changes/undo", token.clone()).await.expect(204);
    api.post("/email-changes/undo", token).await.expect(410);
    api.post("/sessions", json!({ "email": "joan@clarke.example", "password": PASSWORD })).await.expect(401);

    // Security questions, and "this wasn't me" of their answers.
    operator.invites("hedy@example.org").await;
    let mail = scanned("hedy@example.org", 1).await;
    api.accepts(token_of(&mail.link()), json!({})).await.expect(201);
    let answers = [("pet", "Rex the Dog"), ("street", "Elm Street"), ("book", "Moby-Dick")]
        .map(|(question, answer)| json!({ "question": question, "answer": answer }));
    let hedy = api.logs_in("hedy@example.org", PASSWORD).await;
    hedy.send(Method::PUT, "/me/security-questions", Some(json!({ "answers": answers }))).await.expect(204);
    let mail = server.mail_about("hedy@example.org", "security questions").await;
    scan(&server, &mail).await;
    detonate(&browser, &server, &mail).await;
    hedy.get("/me").await.expect(200);
    let report = json!({ "token": token_of(&mail.link_to("not-me")) });
    api.post("/password-resets/report", report.clone()).await.expect(204);
    api.post("/password-resets/report", report).await.expect(410);
    hedy.get("/me").await.expect(401);

    // Leaving, and staying after all.
    operator.invites("nora@example.org").await;
    let mail = scanned("nora@example.org", 1).await;
    api.accepts(token_of(&mail.link()), json!({})).await.expect(201);
    let nora = api.logs_in("nora@example.org", PASSWORD).await;
    nora.send(Method::DELETE, "/me", None).await.expect(202);
    let mail = server.mail_about("nora@example.org", "will be erased").await;
    scan(&server, &mail).await;
    detonate(&browser, &server, &mail).await;
    let nora = api.logs_in("nora@example.org", PASSWORD).await;
    assert!(nora.get("/me").await.expect(200)["deletion"].is_object(), "no scanner undoes it");
    nora.send(Method::POST, "/me/deletion/undo", None).await.expect(204);
    server.mail_about("nora@example.org", "Your account stays").await;

    // An invitation that is dead, and a person who may renew it.
    let invitation = operator.invites("mary@example.org").await;
    let mail = scanned("mary@example.org", 1).await;
    operator.send(Method::POST, &format!("/invitations/{}/revoke", invitation["id"].as_str().unwrap()), None).await.expect(200);
    api.post("/invitations/request-renewal", json!({ "token": token_of(&mail.link()) })).await.expect(202);
    server.mail_about("ada@acme.example", "asks for a new invitation").await;

    let mailed = nothing_happens_by_scanning(&server, &operator).await;
    let approving = Server::with(&[("registration.mode", "open"), ("registration.approval", "true")]).await;
    let mailed = mailed.into_iter().chain(by_approval(&approving).await).collect::<Vec<_>>();
    for subject in SUBJECTS {
        assert!(mailed.iter().any(|mailed| mailed.contains(subject)), "no mail about {subject} was scanned: {mailed:?}");
    }
}

/// Everything that was mailed, once more, whatever it was: nothing of it does anything. Its subjects.
async fn nothing_happens_by_scanning(server: &Server, operator: &Api) -> BTreeSet<String> {
    let state = async || operator.get("/accounts").await.expect(200);
    let before = state().await;
    let mails = server.every_mail();
    for mail in &mails {
        scan(server, mail).await;
    }
    assert_eq!(state().await, before);
    mails.into_iter().map(|mail| mail.subject).collect()
}

/// Those who wait to be let in: one is, and one is not.
async fn by_approval(server: &Server) -> BTreeSet<String> {
    let (operator, api) = (server.first_operator().await, server.api());
    for (address, decision, about) in
        [("joan@example.org", "approve", "You are in"), ("nina@example.org", "reject", "was not approved")]
    {
        api.signs_up(address).await;
        let link = server.mail_to(address).await.link_to("activate");
        api.completes(token_of(&link), json!({})).await.expect(202);
        server.mail_about("ada@acme.example", "waits to be let in").await;
        let waiting = operator.get("/registrations").await.expect(200);
        let path = format!("/registrations/{}/{decision}", waiting["items"][0]["id"].as_str().unwrap());
        operator.post(&path, json!({})).await;
        server.mail_about(address, about).await;
    }
    nothing_happens_by_scanning(server, &operator).await
}
