//! The document on resetting a password, sentence by sentence: in Chromium and by the API, on SQLite and on PostgreSQL.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Api, Browser, Options, Server,
    api::{PASSWORD, token_of},
    database::{Database, Store},
    eventually,
};

const NEW_PASSWORD: &str = "Walrus-pantry-31";
const NEWER_PASSWORD: &str = "Teapot.orchid.58";
const ADDRESS: &str = "grace@example.org";

struct Recovery {
    server: Server,
    _database: Database,
    operator: Api,
    account: String,
}

impl Recovery {
    /// An active account, as the document presumes.
    async fn start(store: Store) -> Self {
        let database = store.fresh().await;
        let server = Server::with(&[("database.url", &database.url)]).await;
        let operator = server.first_operator().await;
        operator.invites(ADDRESS).await;
        let link = server.mail_to(ADDRESS).await.link();
        let account = server.api().accepts(token_of(&link), json!({})).await.expect(201);
        let account = account["account"]["id"].as_str().unwrap().to_owned();
        Self { server, _database: database, operator, account }
    }

    async fn reset_link(&self) -> String {
        self.server.mail_about(ADDRESS, "eset").await.link_to("reset-password")
    }
}

async fn logs_in(browser: &Browser, email: &str, password: &str) {
    browser.find("form[action='/login']").await;
    browser.fill("E-mail", email).await;
    browser.fill("Password", password).await;
    browser.click("Log In").await;
}

async fn recovers_in_a_browser(store: Store) {
    let Recovery { server, operator, account, .. } = &Recovery::start(store).await;
    let elsewhere = server.api().logs_in(ADDRESS, PASSWORD).await;
    let browser = Browser::start(Options::default()).await;

    // Method 1: from the login page.
    browser.goto(&format!("{}/login", server.url)).await;
    browser.click("Forgot password?").await;
    browser.fill("E-mail", ADDRESS).await;
    browser.click("Send Email").await;
    browser.reads("Check your mail").await;
    let mail = server.mail_about(ADDRESS, "eset").await;
    assert!(mail.text.contains("ask for your password by e-mail or phone"), "{}", mail.text);
    let link = mail.link_to("reset-password");
    browser.goto(&link).await;
    // The requirements hold, and the old password is no new one.
    browser.fill("New Password", PASSWORD).await;
    browser.fill("Confirm New Password", PASSWORD).await;
    browser.click("Reset Password").await;
    browser.reads("You used this password before").await;
    browser.is_sound("en").await;
    browser.fill("New Password", NEW_PASSWORD).await;
    browser.fill("Confirm New Password", NEW_PASSWORD).await;
    browser.click("Reset Password").await;
    browser.reads("Your new password is set").await;
    browser.is_sound("en").await;

    // Every other session has ended, the link is dead and offers another, and the person is told.
    elsewhere.get("/sessions/current").await.expect(401);
    let told = server.mail_about(ADDRESS, "password was").await;
    browser.goto(&link).await;
    browser.reads("This link does not work any more").await;
    browser.is_sound("en").await;
    browser.click("Ask for a new link").await;
    browser.reads("Forgot your password?").await;
    browser.goto(&format!("{}/login", server.url)).await;
    logs_in(&browser, ADDRESS, NEW_PASSWORD).await;
    browser.reads("Grace Hopper").await;

    // "I did not change it": the password lets nobody in any more, and a link to a new one is mailed.
    browser.goto(&told.link_to("not-me")).await;
    browser.reads("You did not change your password?").await;
    browser.is_sound("en").await;
    browser.click("This wasn't me").await;
    browser.reads("Thank you").await;
    browser.is_sound("en").await;
    server.api().post("/sessions", json!({ "email": ADDRESS, "password": NEW_PASSWORD })).await.expect(401);
    assert!(server.mail_about("ada@acme.example", "Check the account of Grace Hopper").await.text.contains(account.as_str()));

    // Method 2: an administrator, who makes sure of who is asking.
    browser.goto(&format!("{}/login?return_to=/admin/accounts", server.url)).await;
    browser.forget_cookies().await;
    browser.goto(&format!("{}/login?return_to=/admin/accounts", server.url)).await;
    logs_in(&browser, "ada@acme.example", PASSWORD).await;
    browser.reads("People").await;
    browser.is_sound("en").await;
    browser.click("Grace Hopper").await;
    browser.reads("Reset the password").await;
    browser.is_sound("en").await;
    browser.click("Set a temporary password").await;
    browser.find(".summary").await;
    browser.is_sound("en").await;
    browser.fill("How did you make sure?", "On a video call").await;
    browser.fill("What speaks for it", "Known for years, showed the badge").await;
    browser.click("Set a temporary password").await;
    browser.reads("Tell this password to the person").await;
    browser.is_sound("en").await;
    let temporary = browser.find("#temporary").await.text().await.unwrap();
    server.mail_about(ADDRESS, "temporary").await;

    // With it the person chooses a new one, before anything else.
    browser.forget_cookies().await;
    browser.goto(&format!("{}/login", server.url)).await;
    logs_in(&browser, ADDRESS, &temporary).await;
    browser.reads("Choose a new password").await;
    browser.is_sound("en").await;
    browser.goto(&format!("{}/account", server.url)).await;
    assert_eq!(browser.path().await, "/change-password");
    // It was typed a moment ago.
    assert_eq!(browser.count("#current_password").await, 0);
    browser.fill("New Password", &temporary).await;
    browser.fill("Confirm New Password", &temporary).await;
    browser.click("Save").await;
    browser.reads("You used this password before").await;
    browser.fill("New Password", NEWER_PASSWORD).await;
    browser.fill("Confirm New Password", NEWER_PASSWORD).await;
    browser.click("Save").await;
    browser.reads("Your password is changed").await;
    browser.is_sound("en").await;
    browser.click("Go on").await;
    browser.reads("Grace Hopper").await;

    // Still no way in: the help page.
    browser.goto(&format!("{}/help", server.url)).await;
    for words in ["right e-mail address", "Clear the cache", "another browser", "company administrator"] {
        browser.reads(words).await;
    }
    browser.is_sound("en").await;
    let details = operator.get(&format!("/accounts/{account}")).await.expect(200);
    assert_eq!(details["required_actions"], json!([]));
}

#[tokio::test]
async fn a_browser_recovers_an_account_on_sqlite() {
    recovers_in_a_browser(Store::Sqlite).await;
}

#[tokio::test]
async fn a_browser_recovers_an_account_on_postgres() {
    recovers_in_a_browser(Store::Postgres).await;
}

async fn recovers_by_the_api(store: Store) {
    let recovery = Recovery::start(store).await;
    let Recovery { server, operator, account, .. } = &recovery;
    let api = server.api();
    let elsewhere = api.logs_in(ADDRESS, PASSWORD).await;

    // Method 1.
    api.forgets(ADDRESS).await;
    let link = recovery.reset_link().await;
    let reused = api.resets(token_of(&link), PASSWORD).await;
    assert_eq!(reused.codes("password"), ["not_reused"]);
    api.resets(token_of(&link), NEW_PASSWORD).await.expect(204);
    elsewhere.get("/sessions/current").await.expect(401);
    let dead = api.resets(token_of(&link), NEWER_PASSWORD).await;
    assert_eq!((dead.status.as_u16(), dead.problem()), (410, "dead-link"));
    let told = server.mail_about(ADDRESS, "password was").await;
    let elsewhere = api.logs_in(ADDRESS, NEW_PASSWORD).await;
    api.post("/password-resets/report", json!({ "token": token_of(&told.link_to("not-me")) })).await.expect(204);
    let resets = async || server.mails().into_iter().filter(|mail| mail.text.contains("/reset-password/")).nth(1);
    eventually("a link after the report", resets).await;
    elsewhere.get("/sessions/current").await.expect(401);

    // Method 2, both ways.
    let reset = |method: &str| {
        let check = json!({ "method": "call_back", "note": "Called the number on file" });
        json!({ "method": method, "identity_check": check })
    };
    let path = format!("/accounts/{account}/password-reset");
    operator.post(&path, json!({ "method": "link", "identity_check": { "method": "call_back", "note": "" } })).await.expect(422);
    let answer = operator.post(&path, reset("link")).await.expect(202);
    assert_eq!(answer, json!({}), "nothing is learned from it");
    // After the one that was asked for, and the one that followed from the report.
    let resets = async || server.mails().into_iter().filter(|mail| mail.text.contains("/reset-password/")).nth(2);
    let mail = eventually("a third mail with a link", resets).await;
    let dead_soon = mail.link_to("reset-password");
    let temporary = operator.post(&path, reset("temporary_password")).await.expect(202);
    let temporary = temporary["temporary_password"].as_str().unwrap();
    api.resets(token_of(&dead_soon), NEWER_PASSWORD).await.expect(410);
    let answer = api.post("/sessions", json!({ "email": ADDRESS, "password": temporary })).await.expect(201);
    assert_eq!(answer["required_actions"], json!(["change_password"]));
    let grace = api.with_token(answer["token"].as_str().unwrap());
    api.post("/sessions", json!({ "email": ADDRESS, "password": temporary })).await.expect(401);
    let refused = operator.with_token(grace.token().unwrap()).get("/accounts").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (403, "required-action"));
    assert_eq!(refused.body["required_action"], "change_password");
    let change = |current: &str, new: &str| -> Option<Value> {
        Some(json!({ "current_password": current, "password": new, "password_confirmation": new }))
    };
    let kept = grace.send(Method::PUT, "/me/password", change(temporary, temporary)).await;
    assert_eq!(kept.codes("password"), ["not_reused"]);
    grace.send(Method::PUT, "/me/password", change(temporary, NEWER_PASSWORD)).await.expect(204);
    assert_eq!(grace.get("/sessions/current").await.expect(200)["required_actions"], json!([]));

    // A new password can be required, at once.
    operator.send(Method::POST, &format!("/accounts/{account}/require-password-change"), None).await.expect(204);
    assert_eq!(grace.get("/sessions/current").await.expect(200)["required_actions"], json!(["change_password"]));
    server.mail_about(ADDRESS, "Choose a new password").await;
}

#[tokio::test]
async fn a_program_recovers_an_account_on_sqlite() {
    recovers_by_the_api(Store::Sqlite).await;
}

#[tokio::test]
async fn a_program_recovers_an_account_on_postgres() {
    recovers_by_the_api(Store::Postgres).await;
}

#[tokio::test]
async fn a_program_recovers_an_account_on_mariadb() {
    recovers_by_the_api(Store::MariaDb).await;
}
