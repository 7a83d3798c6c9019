//! The document on signing up, sentence by sentence: in Chromium and by the API, on SQLite and on PostgreSQL.

use serde_json::json;

use crate::support::{
    Browser, Options, Server,
    api::{PASSWORD, token_of},
    database::{Database, Store},
};

const NEW_PASSWORD: &str = "Walrus-pantry-31";
const ADDRESS: &str = "grace@example.org";

/// A server where everybody can sign up, and its database.
async fn open_to_everybody(store: Store) -> (Server, Database) {
    let database = store.fresh().await;
    let settings = [("database.url", database.url.as_str()), ("registration.mode", "open"), ("setup.enabled", "true")];
    let server = Server::with(&settings).await;
    server.first_operator().await;
    (server, database)
}

async fn signs_up_and_recovers_in_a_browser(store: Store) {
    let (server, _database) = open_to_everybody(store).await;
    let browser = Browser::start(Options::default()).await;

    // Access the registration page: from the login page.
    browser.goto(&format!("{}/login", server.url)).await;
    browser.click("Don't have an account? Sign up").await;
    browser.reads("Sign up for Identity").await;
    browser.is_sound("en").await;

    // Fill in the information, and submit it.
    browser.fill("First name", "Grace").await;
    browser.fill("Last name", "Hopper").await;
    browser.fill("Company name", "Navy").await;
    browser.fill("Country or region", "Germany").await;
    browser.fill("E-mail", ADDRESS).await;
    browser.click("Send Registration Email").await;
    browser.reads("Check your mail").await;
    browser.reads(ADDRESS).await;
    browser.is_sound("en").await;

    // Activate: the button of the mail leads to "Set Password".
    let mail = server.mail_to(ADDRESS).await;
    assert!(mail.html.contains("Activate Registration"), "{}", mail.html);
    browser.goto(&mail.link_to("activate")).await;
    browser.find("#password_confirmation").await;
    assert_eq!(browser.title().await, "Set Password – Identity");
    for known in ["Grace Hopper", "Navy", "Germany"] {
        browser.reads(known).await;
    }
    assert_eq!(browser.count("#first_name").await, 0, "the form of the sign-up is not asked for again");
    browser.is_sound("en").await;

    // The password must meet the requirements.
    browser.fill("Password", "grace").await;
    browser.fill("Confirm password", "grace").await;
    browser.tick("I accept the terms and conditions").await;
    browser.click("Set Password").await;
    browser.find(".summary").await;
    browser.reads("The password does not meet 7 of the rules listed below.").await;
    browser.reads("An uppercase letter (not met yet)").await;
    browser.is_sound("en").await;
    // What was typed at the sign-up can be corrected; what is submitted counts.
    browser.click("Change these details").await;
    browser.find("#company_name").await;
    assert_eq!(
        [browser.value("first_name").await, browser.value("company_name").await, browser.value("country").await],
        ["Grace", "Navy", "DE"]
    );
    browser.is_sound("en").await;
    browser.fill("Company name", "Navy Research").await;
    browser.fill("Password", PASSWORD).await;
    browser.fill("Confirm password", PASSWORD).await;
    browser.tick("I accept the terms and conditions").await;
    browser.click("Set Password").await;
    browser.reads("Your account is ready").await;
    browser.is_sound("en").await;

    // Sign in on the login page.
    browser.click("Log In").await;
    logs_in(&browser, PASSWORD).await;

    // The first login leads through the onboarding: the profile, a picture, the settings.
    for (heading, button) in [
        ("Complete your profile", "Save and continue"),
        ("Add a picture", "Skip this step"),
        ("Choose your settings", "Save and continue"),
    ] {
        browser.reads(heading).await;
        browser.is_sound("en").await;
        browser.click(button).await;
    }
    browser.find("form[action='/logout']").await;
    for words in ["Grace Hopper", ADDRESS, "Navy Research", "Company administrator"] {
        browser.reads(words).await;
    }
    browser.logs_out().await;

    // Forgot password, from the login page.
    browser.find("form[action='/login']").await;
    browser.click("Forgot password?").await;
    browser.reads("Forgot your password?").await;
    browser.is_sound("en").await;
    browser.fill("E-mail", ADDRESS).await;
    browser.click("Send Email").await;
    browser.reads("Check your mail").await;
    browser.is_sound("en").await;

    // The mail's button leads to the page that sets a new password.
    let mail = server.mail_about(ADDRESS, "eset").await;
    assert!(mail.html.contains("Reset Password"), "{}", mail.html);
    browser.goto(&mail.link_to("reset-password")).await;
    browser.find("#password_confirmation").await;
    browser.is_sound("en").await;
    browser.fill("New Password", NEW_PASSWORD).await;
    browser.fill("Confirm New Password", NEW_PASSWORD).await;
    browser.click("Reset Password").await;
    browser.reads("Your new password is set").await;
    browser.is_sound("en").await;
    browser.click("Log In").await;
    logs_in(&browser, NEW_PASSWORD).await;
    browser.find("form[action='/logout']").await;
    browser.reads("Grace Hopper").await;
}

async fn logs_in(browser: &Browser, password: &str) {
    browser.find("form[action='/login']").await;
    browser.fill("E-mail", ADDRESS).await;
    browser.fill("Password", password).await;
    browser.click("Log In").await;
}

#[tokio::test]
async fn a_browser_signs_up_and_recovers_on_sqlite() {
    signs_up_and_recovers_in_a_browser(Store::Sqlite).await;
}

#[tokio::test]
async fn a_browser_signs_up_and_recovers_on_postgres() {
    signs_up_and_recovers_in_a_browser(Store::Postgres).await;
}

async fn signs_up_and_recovers_by_the_api(store: Store) {
    let (server, _database) = open_to_everybody(store).await;
    let api = server.api();
    let flow = api.signs_up(ADDRESS).await;
    let mail = server.mail_to(ADDRESS).await;

    // The code of the mail does what its link does.
    let code = mail.code().expect("a code");
    let wrong = api.post("/registrations/verify-code", json!({ "flow": flow, "code": "00000000" })).await;
    assert_eq!(wrong.codes("code"), ["wrong_code"]);
    let by_code = api.post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await.expect(200);
    let again = api.post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await;
    assert_eq!(again.codes("code"), ["wrong_code"], "a code is used once");

    let weak = api.completes(token_of(&mail.link_to("activate")), json!({ "password": "grace" })).await;
    assert_eq!(weak.status, 422);
    assert!(weak.codes("password").contains(&"uppercase"), "{}", weak.body);
    let but = json!({ "company_name": "Navy Research", "country": "DE" });
    let completed = api.completes(by_code["token"].as_str().unwrap(), but).await.expect(201);
    assert_eq!(completed["account"]["roles"], json!(["company_administrator"]));
    let dead = api.completes(token_of(&mail.link_to("activate")), json!({})).await;
    assert_eq!((dead.status.as_u16(), dead.problem()), (410, "dead-link"), "the first use spends all");

    let grace = api.logs_in(ADDRESS, PASSWORD).await;
    let company = completed["account"]["company_id"].as_str().unwrap();
    let companies = grace.get("/companies").await.expect(200);
    assert_eq!((&companies["items"][0]["id"], &companies["items"][0]["name"]), (&json!(company), &json!("Navy Research")));

    api.forgets(ADDRESS).await;
    let mail = server.mail_about(ADDRESS, "eset").await;
    api.resets(token_of(&mail.link_to("reset-password")), NEW_PASSWORD).await.expect(204);
    grace.get("/sessions/current").await.expect(401);
    api.post("/sessions", json!({ "email": ADDRESS, "password": PASSWORD })).await.expect(401);
    api.logs_in(ADDRESS, NEW_PASSWORD).await;
}

#[tokio::test]
async fn a_program_signs_up_and_recovers_on_sqlite() {
    signs_up_and_recovers_by_the_api(Store::Sqlite).await;
}

#[tokio::test]
async fn a_program_signs_up_and_recovers_on_postgres() {
    signs_up_and_recovers_by_the_api(Store::Postgres).await;
}

#[tokio::test]
async fn a_program_signs_up_and_recovers_on_mariadb() {
    signs_up_and_recovers_by_the_api(Store::MariaDb).await;
}

#[tokio::test]
async fn a_browser_types_the_code_and_waits_for_approval() {
    let settings = [("registration.mode", "open"), ("registration.verification", "code"), ("registration.approval", "true")];
    let server = Server::with(&settings).await;
    let operator = server.first_operator().await;
    let browser = Browser::start(Options { phone: true, ..Options::default() }).await;
    browser.goto(&format!("{}/signup", server.url)).await;
    browser.fill("First name", "Grace").await;
    browser.fill("Last name", "Hopper").await;
    browser.fill("Company name", "Navy").await;
    browser.fill("Country or region", "Germany").await;
    browser.fill("E-mail", ADDRESS).await;
    browser.click("Send Registration Email").await;
    browser.find("#code").await;
    browser.is_sound("en").await;
    browser.fill("Code", "1234 5678").await;
    browser.click("Continue").await;
    browser.reads("This code does not work").await;
    browser.is_sound("en").await;
    let code = server.mail_to(ADDRESS).await.code().expect("a code");
    browser.fill("Code", &code).await;
    browser.click("Continue").await;
    browser.find("#password_confirmation").await;
    browser.is_sound("en").await;
    browser.fill("Password", PASSWORD).await;
    browser.fill("Confirm password", PASSWORD).await;
    browser.tick("I accept the terms and conditions").await;
    browser.click("Set Password").await;
    browser.reads("Almost there").await;
    browser.is_sound("en").await;

    // The password is set, and opens nothing yet; an operator is told, and lets the person in on the page.
    server.api().post("/sessions", json!({ "email": ADDRESS, "password": PASSWORD })).await.expect(403);
    assert!(server.mail_to("ada@acme.example").await.text.contains("/admin/registrations"));
    operator.get("/registrations").await.expect(200);
    browser.goto(&format!("{}/login?return_to=/admin/registrations", server.url)).await;
    browser.fill("E-mail", "ada@acme.example").await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Log In").await;
    browser.reads("Grace Hopper").await;
    browser.is_sound("en").await;
    browser.click("Approve").await;
    browser.reads("Grace Hopper is approved").await;
    browser.reads("Nobody waits").await;
    browser.is_sound("en").await;
    server.nth_mail_to(ADDRESS, 2).await;
    server.api().logs_in(ADDRESS, PASSWORD).await;
}

#[tokio::test]
async fn nobody_signs_up_where_that_is_closed_not_even_with_an_old_link() {
    let mut server = Server::with(&[("registration.mode", "open")]).await;
    server.first_operator().await;
    server.api().signs_up(ADDRESS).await;
    let link = server.mail_to(ADDRESS).await.link_to("activate");
    server.terminate().await;
    server.set("registration.mode", "closed");
    server.restart().await;
    let form = json!({ "first_name": "A", "last_name": "B", "company_name": "C", "country": "DE", "email": "b@example.org" });
    let closed = server.api().post("/registrations", form).await;
    assert_eq!((closed.status.as_u16(), closed.problem()), (403, "registration-closed"));
    server.api().completes(token_of(&link), json!({})).await.expect(410);
    let browser = Browser::start(Options::default()).await;
    browser.goto(&format!("{}/login", server.url)).await;
    browser.find("form[action='/login']").await;
    assert_eq!(browser.count("a[href='/signup']").await, 0);
    browser.goto(&format!("{}/signup", server.url)).await;
    browser.reads("You need an invitation").await;
    browser.is_sound("en").await;
    browser.goto(&format!("{}/activate/{}", server.url, token_of(&link))).await;
    browser.reads("This link does not work any more").await;
}
