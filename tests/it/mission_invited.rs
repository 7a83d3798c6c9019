//! The document on registering by invitation and the first login, sentence by sentence: in Chromium and by the API, on SQLite and on
//! PostgreSQL.

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    onboarding::{picture, tutorial},
    support::{
        Api, Browser, Options, Server,
        api::{PASSWORD, token_of},
        client,
        database::{Database, Store},
    },
};

const ADDRESS: &str = "grace@example.org";
const NEW_PASSWORD: &str = "Walrus-pantry-31";

/// A server whose operator has invited Grace, as an editor with a subscription.
struct Invited {
    server: Server,
    operator: Api,
    _database: Database,
    _tutorial: TempDir,
}

async fn invited(store: Store) -> Invited {
    let (database, tutorial) = (store.fresh().await, tutorial());
    let settings = [
        ("database.url", database.url.as_str()),
        ("languages", "en,ar"),
        ("setup.enabled", "true"),
        ("setup.tutorial", tutorial.path().to_str().unwrap()),
    ];
    let server = Server::with(&settings).await;
    let operator = server.first_operator().await;
    operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
    operator.post("/subscriptions", json!({ "key": "pro", "name": "Pro", "grantable_by": "operator" })).await.expect(201);
    let invitation = json!({
        "email": ADDRESS, "first_name": "Grace", "last_name": "Hopper", "roles": ["editor"], "subscriptions": ["pro"],
    });
    operator.post("/invitations", invitation).await.expect(201);
    Invited { server, operator, _database: database, _tutorial: tutorial }
}

async fn registers_and_is_led_through_the_set_up_in_a_browser(store: Store) {
    let Invited { server, operator, .. } = &invited(store).await;
    let browser = Browser::start(Options::default()).await;

    // Open the mail, and follow "Register Account" to the registration page.
    let mail = server.mail_to(ADDRESS).await;
    assert!(mail.html.contains("Register Account"), "{}", mail.html);
    browser.goto(&mail.link()).await;
    browser.find("#password_confirmation").await;
    // First name, last name and address are filled in from the invitation.
    assert_eq!(
        [browser.value("first_name").await, browser.value("last_name").await, browser.value("email").await],
        ["Grace", "Hopper", ADDRESS]
    );

    // The requirements of the password stand there, and each that is missing is named.
    for rule in ["8 characters", "uppercase letter", "lowercase letter", "digit", "special character", "common word"] {
        browser.reads(rule).await;
    }
    browser.fill("Password", "grace").await;
    browser.fill("Confirm password", "other").await;
    browser.click("Register").await;
    browser.find(".summary").await;
    for missing in ["An uppercase letter (not met yet)", "Accept the terms"] {
        browser.reads(missing).await;
    }
    browser.is_sound("en").await;

    // Review and accept the terms, and register.
    browser.find("main a[href='/terms'], main details").await;
    browser.fill("Password", PASSWORD).await;
    browser.fill("Confirm password", PASSWORD).await;
    browser.tick("I accept the terms and conditions").await;
    browser.click("Register").await;
    browser.reads("Your account is ready").await;

    // Log in for the first time: the login leads through the onboarding.
    browser.click("Log In").await;
    browser.find("form[action='/login']").await;
    browser.fill("E-mail", ADDRESS).await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Log In").await;

    // Complete the profile: phone number, department, job title, picture.
    browser.find("main form[action='/welcome/profile']").await;
    browser.fill("Phone", "+49 30 123456").await;
    browser.fill("Department", "Compilers").await;
    browser.fill("Job title", "Rear admiral").await;
    browser.click("Save and continue").await;
    browser.find("main form[action='/welcome/picture']").await;
    let (_folder, path) = picture();
    browser.find("#picture").await.send_keys(path.to_str().unwrap()).await.unwrap();
    browser.click_on("main form[action='/welcome/picture'] button[type=submit]").await;

    // Configure the settings: language, time zone, notifications.
    browser.find("main form[action='/welcome/settings']").await;
    browser.fill("Time zone", "Asia/Tokyo").await;
    browser.click_on("#notifications-sign_ins").await;
    browser.click("Save and continue").await;

    // The tutorial.
    browser.reads("Where things are").await;
    browser.click_on("main a[rel=next]").await;
    browser.reads("Who helps").await;
    browser.click_on("main form[action='/welcome/tutorial'] button[type=submit]").await;

    // The account is as it was entered, with the roles and subscriptions of the invitation.
    browser.find("main form[action='/account']").await;
    browser.find("main img.avatar").await;
    for words in ["Grace Hopper", ADDRESS, "Acme", "Editor", "Pro"] {
        browser.reads(words).await;
    }
    assert_eq!([browser.value("phone").await, browser.value("job_title").await], ["+49 30 123456", "Rear admiral"]);
    browser.is_sound("en").await;

    // Managing the account: profile, change of password, reset of password.
    browser.fill("Job title", "Commodore").await;
    browser.click("Save").await;
    browser.reads("Your profile is saved.").await;
    browser.click("Security").await;
    browser.find("main a[href='/change-password']").await;
    browser.click("Change password").await;
    browser.find("#current_password").await;
    browser.fill("Current password", PASSWORD).await;
    browser.fill("New Password", NEW_PASSWORD).await;
    browser.fill("Confirm New Password", NEW_PASSWORD).await;
    browser.click_on("main form[action='/change-password'] button[type=submit]").await;
    browser.reads("Your password is changed").await;

    // Whom to ask stands on every page; an invitation that has expired is asked for again.
    browser.reads("Help").await;
    let late = json!({ "email": "late@example.org", "expires_in": "PT1M" });
    let late = operator.post("/invitations", late).await.expect(201);
    let mail = server.mail_to("late@example.org").await;
    operator.send(Method::POST, &format!("/invitations/{}/revoke", late["id"].as_str().unwrap()), None).await.expect(200);
    browser.forget_cookies().await;
    browser.goto(&mail.link()).await;
    browser.click_on("main form[action$='/renewal'] button").await;
    browser.find(".seal:not(.is-warn)").await;
    server.mail_about("ada@acme.example", "late@example.org").await;
}

#[tokio::test]
async fn a_browser_registers_by_invitation_and_is_led_through_the_set_up_on_sqlite() {
    registers_and_is_led_through_the_set_up_in_a_browser(Store::Sqlite).await;
}

#[tokio::test]
async fn a_browser_registers_by_invitation_and_is_led_through_the_set_up_on_postgres() {
    registers_and_is_led_through_the_set_up_in_a_browser(Store::Postgres).await;
}

async fn registers_and_sets_up_by_the_api(store: Store) {
    let Invited { server, .. } = &invited(store).await;
    let stranger = server.api();
    let link = server.mail_to(ADDRESS).await.link();

    // The form, filled in from the invitation.
    let form = stranger.post("/invitations/preview", json!({ "token": token_of(&link) })).await.expect(200);
    assert_eq!((&form["email"], &form["first_name"], &form["last_name"]), (&json!(ADDRESS), &json!("Grace"), &json!("Hopper")));

    // The requirements of the password, and what is missing of them.
    let policy = stranger.get("/password-policy").await.expect(200);
    let rules = policy["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect::<Vec<_>>();
    for rule in ["min_length", "uppercase", "lowercase", "digit", "special", "not_personal", "not_common"] {
        assert!(rules.contains(&rule), "{rule}: {rules:?}");
    }
    let weak = json!({ "password": "grace", "password_confirmation": "other", "accept_terms": null });
    let refused = stranger.accepts(token_of(&link), weak).await;
    assert!(["uppercase", "digit", "special"].iter().all(|rule| refused.codes("password").contains(rule)), "{}", refused.body);
    assert_eq!((refused.codes("password_confirmation"), refused.codes("accept_terms")), (vec!["confirmation"], vec!["terms"]));

    // Register, with the terms as they were shown.
    let account = stranger.accepts(token_of(&link), json!({ "accept_terms": form["terms"]["version"] })).await.expect(201);
    assert_eq!((&account["account"]["roles"], &account["account"]["subscriptions"]), (&json!(["editor"]), &json!(["pro"])));

    // Log in; nothing has to be done first, and the onboarding waits.
    let grace = stranger.logs_in(ADDRESS, PASSWORD).await;
    assert_eq!(grace.get("/sessions/current").await.expect(200)["required_actions"], json!([]));
    let onboarding = grace.get("/me/setup").await.expect(200);
    let steps = onboarding["steps"].as_array().unwrap().iter().map(|step| step["key"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(
        (steps.as_slice(), &onboarding["is_finished"]),
        (["profile", "picture", "settings", "tutorial"].as_slice(), &json!(false))
    );

    // Profile and picture.
    let profile = json!({ "phone": "+49 30 123456", "department": "Compilers", "job_title": "Rear admiral" });
    grace.send(Method::PATCH, "/me", Some(profile)).await.expect(200);
    let (_folder, path) = picture();
    let upload = client().build().unwrap().put(format!("{}/api/v1/me/picture", server.url));
    let upload = upload.bearer_auth(grace.token().unwrap()).body(std::fs::read(path).unwrap()).send().await.unwrap();
    assert!(upload.status().is_success(), "{}", upload.status());

    // Settings, and the onboarding step by step.
    let settings = json!({ "language": "ar", "time_zone": "Asia/Tokyo", "notifications": { "sign_ins": false } });
    grace.send(Method::PATCH, "/me", Some(settings)).await.expect(200);
    for (step, state) in [("profile", "done"), ("picture", "done"), ("settings", "done"), ("tutorial", "skipped")] {
        grace.post(&format!("/me/setup/{step}"), json!({ "state": state })).await.expect(200);
    }
    assert_eq!(grace.get("/me/setup").await.expect(200)["is_finished"], true);
    let me = grace.get("/me").await.expect(200);
    assert_eq!(
        (&me["phone"], &me["job_title"], &me["language"], &me["time_zone"]),
        (&json!("+4930123456"), &json!("Rear admiral"), &json!("ar"), &json!("Asia/Tokyo"))
    );
    assert!(me["picture"].as_str().unwrap().starts_with("/pictures/"), "{me}");

    // Managing the account.
    let change = json!({ "current_password": PASSWORD, "password": NEW_PASSWORD, "password_confirmation": NEW_PASSWORD });
    grace.send(Method::PUT, "/me/password", Some(change)).await.expect(204);
    stranger.forgets(ADDRESS).await;
    let mail = server.mail_about(ADDRESS, "كلمة").await;
    assert!(mail.text.contains("JST") || !mail.text.contains("UTC"), "{}", mail.text);
    stranger.logs_in(ADDRESS, NEW_PASSWORD).await;
}

#[tokio::test]
async fn a_program_registers_by_invitation_and_sets_up_on_sqlite() {
    registers_and_sets_up_by_the_api(Store::Sqlite).await;
}

#[tokio::test]
async fn a_program_registers_by_invitation_and_sets_up_on_postgres() {
    registers_and_sets_up_by_the_api(Store::Postgres).await;
}

#[tokio::test]
async fn a_program_registers_by_invitation_and_sets_up_on_mariadb() {
    registers_and_sets_up_by_the_api(Store::MariaDb).await;
}
