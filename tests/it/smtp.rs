//! Mail by SMTP, through a server of another make.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{
    Api, Browser, Options, Server,
    api::{PASSWORD, token_of},
    client, eventually,
    server::command,
    smtp::{Peer, Settings, pairs, sending_by},
};

/// A server over these settings, its operator, and the id of an invitation that is on its way.
async fn inviting(settings: &Settings) -> (Server, Api, String) {
    let server = Server::sending(settings).await;
    let operator = server.first_operator().await;
    let id = operator.invites("grace@example.org").await["id"].as_str().unwrap().to_owned();
    (server, operator, id)
}

async fn delivery(operator: &Api, id: &str) -> Value {
    operator.get(&format!("/invitations/{id}")).await.expect(200)["delivery"].clone()
}

/// The delivery, once it has come to this.
async fn delivery_that(operator: &Api, id: &str, is: impl Fn(&Value) -> bool) -> Value {
    eventually("a delivery", async || Some(delivery(operator, id).await).filter(|delivery| is(delivery))).await
}

/// The delivery after its first attempt failed for now; the server is as well as before.
async fn postponed(server: &Server, operator: &Api, id: &str) -> Value {
    let delivery = delivery_that(operator, id, |delivery| delivery["last_error"].is_string()).await;
    assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("queued"), &json!(1)), "{delivery}");
    let ready = client().build().unwrap().get(format!("{}/readyz", server.url)).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    delivery
}

async fn registers_and_logs_in(server: &Server, link: &str) {
    server.api().accepts(token_of(link), json!({})).await.expect(201);
    server.api().logs_in("grace@example.org", PASSWORD).await;
}

#[tokio::test]
async fn an_invitation_by_smtp_with_starttls_leads_to_a_login() {
    let peer = Peer::start(&[]).await;
    let (server, operator, id) = inviting(&peer.settings()).await;
    let received = peer.nth(1).await;
    assert_eq!(received.mail.subject, "Ada Lovelace invites you to Acme");
    assert_eq!(
        received.envelope,
        json!({ "taken": true, "from": "id@acme.example", "to": ["grace@example.org"], "tls": "TLSv1.3", "user": "mailer" })
    );
    assert_eq!(received.mail.to, "grace@example.org");
    assert!(received.mail.text.contains("help@acme.example"));
    let sent = delivery_that(&operator, &id, |delivery| delivery["state"] == "sent").await;
    assert_eq!((&sent["attempts"], &sent["last_error"]), (&json!(1), &Value::Null));
    assert_eq!(peer.count("recipient "), 1, "{:?}", peer.events());
    assert!(!server.folder().join("mailbox").exists(), "there is no development mailbox beside it");
    let mailbox = client().build().unwrap().get(format!("{}/dev/mailbox", server.url)).send().await.unwrap();
    assert_eq!(mailbox.status(), 404);
    registers_and_logs_in(&server, &received.mail.link()).await;
}

#[tokio::test]
async fn an_invitation_by_smtp_with_tls_from_the_start_arrives() {
    let peer = Peer::start(&["--tls", "implicit"]).await;
    let (server, ..) = inviting(&peer.settings_with_implicit_tls()).await;
    let received = peer.nth(1).await;
    assert_eq!((&received.envelope["tls"], &received.envelope["user"]), (&json!("TLSv1.3"), &json!("mailer")));
    registers_and_logs_in(&server, &received.mail.link()).await;
}

#[tokio::test]
async fn nothing_goes_by_smtp_to_a_server_that_is_not_trusted() {
    let peer = Peer::start(&[]).await;
    let mut settings = peer.settings();
    settings.retain(|(key, _)| *key != "mail.smtp.ca_file");
    let (server, operator, id) = inviting(&settings).await;
    let delivery = postponed(&server, &operator, &id).await;
    assert!(delivery["last_error"].as_str().unwrap().contains("certificate"), "{delivery}");
    assert_eq!((peer.count("login"), peer.count("recipient"), peer.received().len()), (0, 0, 0), "{:?}", peer.events());
}

#[tokio::test]
async fn nothing_goes_by_smtp_without_tls() {
    let peer = Peer::start(&["--tls", "none"]).await;
    let (server, operator, id) = inviting(&peer.settings()).await;
    postponed(&server, &operator, &id).await;
    assert!(peer.count("connection") > 0, "it was tried");
    assert_eq!((peer.count("login"), peer.count("recipient"), peer.received().len()), (0, 0, 0), "{:?}", peer.events());
}

#[tokio::test]
async fn a_wrong_password_for_smtp_postpones_the_mail_and_is_not_told() {
    let peer = Peer::start(&[]).await;
    let (server, operator, id) = inviting(&peer.settings_with_wrong_password()).await;
    let delivery = postponed(&server, &operator, &id).await;
    let error = delivery["last_error"].as_str().unwrap();
    assert!(error.contains("535") && !error.contains("other"), "{error}");
    assert_eq!(peer.received().len(), 0);
}

#[tokio::test]
async fn a_mail_that_smtp_does_not_take_now_is_sent_again_as_the_same_mail() {
    let peer = Peer::start(&["--not-now", "1"]).await;
    let (server, operator, id) = inviting(&peer.settings()).await;
    let refused = peer.nth(1).await;
    assert_eq!(refused.envelope["taken"], false);
    let delivery = postponed(&server, &operator, &id).await;
    assert!(delivery["last_error"].as_str().unwrap().contains("451"), "{delivery}");
    // After 15 seconds.
    let taken = peer.nth(2).await;
    assert_eq!(taken.envelope["taken"], true);
    assert_eq!(taken.mail.message_id, refused.mail.message_id);
    assert!(!taken.mail.message_id.is_empty());
    let sent = delivery_that(&operator, &id, |delivery| delivery["state"] == "sent").await;
    assert_eq!(sent["attempts"], 2);
    registers_and_logs_in(&server, &taken.mail.link()).await;
}

#[tokio::test]
async fn the_page_of_an_invitation_in_a_browser_says_by_itself_that_smtp_took_the_mail() {
    let peer = Peer::start(&["--not-now", "1"]).await;
    let server = Server::sending(&peer.settings()).await;
    let operator = server.first_operator().await;
    let browser = Browser::start(Options::default()).await;
    browser.goto(&format!("{}/login", server.url)).await;
    browser.fill("email", "ada@acme.example").await;
    browser.fill("password", PASSWORD).await;
    browser.click_on("main form button[type=submit]").await;
    browser.find("button[popovertarget=person]").await;
    let id = operator.invites("grace@example.org").await["id"].as_str().unwrap().to_owned();
    postponed(&server, &operator, &id).await;
    browser.goto(&format!("{}/admin/invitations/{id}", server.url)).await;
    let delivery = async || browser.eval("return document.querySelector('#delivery .state').textContent.trim()").await;
    assert_eq!(delivery().await, "Queued");
    browser.eval("document.title = 'not loaded again'").await;
    eventually("the word for a mail that was sent", async || (delivery().await == "Sent").then_some(())).await;
    assert_eq!(browser.eval("return document.title").await, json!("not loaded again"));
}

#[tokio::test]
async fn a_mail_that_smtp_refuses_for_good_has_failed() {
    let peer = Peer::start(&["--reject", "grace@example.org"]).await;
    let (_server, operator, id) = inviting(&peer.settings()).await;
    let failed = delivery_that(&operator, &id, |delivery| delivery["state"] == "failed").await;
    assert_eq!(failed["attempts"], 1);
    assert!(failed["last_error"].as_str().unwrap().contains("550"), "{failed}");
    assert!(failed["settled_at"].is_string());
    // The next mail goes through all the same.
    operator.invites("joan@example.org").await;
    assert_eq!(peer.nth(1).await.envelope["to"], json!(["joan@example.org"]));
    assert_eq!(delivery(&operator, &id).await["state"], "failed");
}

#[tokio::test]
async fn mail_that_waits_is_sent_by_smtp_by_deliver_alone() {
    // The link says where the server was to be found, so it is to be found there again.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = ("http.listen", format!("127.0.0.1:{port}"));
    let mut dead = sending_by("smtp://127.0.0.1:1?tls=required");
    dead.push(listen.clone());
    let (mut server, operator, id) = inviting(&dead).await;
    postponed(&server, &operator, &id).await;
    server.kill().await;

    let peer = Peer::start(&[]).await;
    let mut settings = peer.settings();
    settings.push(listen);
    let mut deliverer = command(server.folder(), &pairs(&settings)).arg("deliver").spawn().unwrap();
    let received = peer.nth(1).await;
    assert_eq!(received.envelope["to"], json!(["grace@example.org"]));
    let deliverer_id = Pid::from_raw(i32::try_from(deliverer.id().unwrap()).unwrap()).unwrap();
    kill_process(deliverer_id, Signal::TERM).unwrap();
    let ended = timeout(Duration::from_secs(35), deliverer.wait()).await.expect("it ends when it is told to").unwrap();
    assert!(ended.success());

    server.restart().await;
    let sent = delivery(&operator, &id).await;
    assert_eq!((&sent["state"], &sent["attempts"]), (&json!("sent"), &json!(2)));
    let link = received.mail.link();
    assert!(link.starts_with(&format!("{}/register/", server.url)), "{link}");
    registers_and_logs_in(&server, &link).await;
    assert!(server.terminate().await.success());
}
