//! The way from a page to the login and back, also where a mail comes in between.

use identity_core::value::TokenKind;
use identity_http::{ReturnToOrigins, StartUrl};

use crate::{
    html::tags,
    support::{
        ACTIVATION, Answer, Browser, INVITED, MEMBER, OTHER_PASSWORD, PASSWORD, REGISTRATION, SIGN_UP, SIGNING_UP, World, encoded,
    },
};

const APP: &str = "https://app.example.org";
const START: &str = "https://app.example.org/start";
const WANTED: [&str; 2] = ["/admin/accounts?q=grace&state=active", "https://app.example.org/orders/7?tab=2"];

async fn world() -> World {
    World::new().await.with_http(|http| http.return_to_origins = ReturnToOrigins::parse([APP]).unwrap())
}

fn by(page: &str, wanted: &str) -> String {
    format!("{page}?{}", encoded(&[("return_to", wanted)]))
}

fn links(page: &Answer) -> Vec<String> {
    tags(&page.body).into_iter().filter_map(|tag| tag.attribute("href").map(str::to_owned)).collect()
}

fn value(page: &Answer, field: &str) -> Option<String> {
    let field = tags(&page.body).into_iter().find(|tag| tag.attribute("name") == Some(field))?;
    field.attribute("value").map(str::to_owned)
}

/// The link of a page to another, as it stands there.
#[track_caller]
fn link_to(page: &Answer, other: &str) -> String {
    let found = links(page).into_iter().find(|to| to.split('?').next() == Some(other));
    found.unwrap_or_else(|| panic!("no link to {other}: {}", page.body))
}

/// Logs in where the browser is; where that leads.
async fn logs_in_at(browser: &mut Browser, login: &str, email: &str, password: &str) -> String {
    let page = browser.get(login).await.expect(200);
    let wanted = value(&page, "return_to").unwrap();
    let form = [("email", email), ("password", password), ("return_to", wanted.as_str())];
    let answer = browser.submit("/login", &form).await;
    match answer.status {
        303 => answer.header("location").to_owned(),
        _ => links(&answer.expect(200)).into_iter().find(|to| to.starts_with(APP)).expect("a way on"),
    }
}

#[tokio::test]
async fn the_place_that_was_asked_for_survives_a_forgotten_password() {
    for wanted in WANTED {
        let world = world().await;
        let mut browser = world.browser();
        let login = browser.get(&by("/login", wanted)).await.expect(200);
        let forgot = browser.get(&link_to(&login, "/forgot-password")).await.expect(200);
        assert_eq!(link_to(&forgot, "/login"), by("/login", wanted), "the way back");
        let field = value(&forgot, "return_to").unwrap();
        browser.submit("/forgot-password", &[("email", "x"), ("return_to", &field)]).await.expect(422);
        let sent = browser.submit("/forgot-password", &[("email", MEMBER), ("return_to", &field)]).await.expect(202);
        assert_eq!(value(&sent, "return_to").as_deref(), Some(wanted), "sending it again");
        for page in ["/login", "/forgot-password"] {
            assert_eq!(link_to(&sent, page), by(page, wanted));
        }
        world.delivers().await;
        let page = browser.opens(&world.mailed(TokenKind::Recovery, MEMBER)).await;
        let new = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];
        let done = browser.submit(&page, &new).await.expect(200);
        let to = logs_in_at(&mut browser, &link_to(&done, "/login"), MEMBER, OTHER_PASSWORD).await;
        assert_eq!(to, wanted);
        assert!(!browser.cookies.contains_key("__Host-return-to"), "it is over with the login");
    }
}

#[tokio::test]
async fn the_place_that_was_asked_for_survives_a_sign_up() {
    for (wanted, by_code) in [(WANTED[0], false), (WANTED[1], true)] {
        let world = world().await;
        let mut browser = world.browser();
        let login = browser.get(&by("/login", wanted)).await.expect(200);
        let sign_up = browser.get(&link_to(&login, "/signup")).await.expect(200);
        assert_eq!(link_to(&sign_up, "/login"), by("/login", wanted), "the way back");
        let mut form = SIGN_UP.to_vec();
        let field = value(&sign_up, "return_to").unwrap();
        form.push(("return_to", &field));
        browser.submit("/signup", &form).await.expect(303);
        world.delivers().await;
        let sent = browser.get("/signup/sent").await.expect(200);
        assert_eq!(link_to(&sent, "/signup"), by("/signup", wanted), "another address");
        let page = if by_code {
            let code = world.code_to(SIGNING_UP);
            browser.submit("/signup/code", &[("code", &code)]).await.expect(303).header("location").to_owned()
        } else {
            browser.opens(&world.mailed(TokenKind::Activation, SIGNING_UP)).await
        };
        let done = browser.submit(&page, &ACTIVATION).await.expect(201);
        let to = logs_in_at(&mut browser, &link_to(&done, "/login"), SIGNING_UP, PASSWORD).await;
        // A first login leads by the onboarding, which leads on.
        assert_eq!(to, by("/welcome", wanted));
    }
}

#[tokio::test]
async fn what_a_mail_brings_elsewhere_leads_nowhere_that_somebody_else_chose() {
    let world = world().await;
    let mut stranger = world.browser();
    stranger.submit("/forgot-password", &[("email", MEMBER), ("return_to", WANTED[1])]).await.expect(202);
    world.delivers().await;
    let mails = format!("{:?}", world.mails_to(MEMBER));
    assert!(!mails.contains("app.example.org"), "{mails}");
    let mut grace = world.browser();
    let page = grace.opens(&world.mailed(TokenKind::Recovery, MEMBER)).await;
    let new = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];
    let done = grace.submit(&page, &new).await.expect(200);
    assert_eq!(link_to(&done, "/login"), by("/login", "/account/security?review=true"));
}

#[tokio::test]
async fn a_place_that_is_not_listed_is_kept_nowhere() {
    let world = world().await;
    for bad in ["https://evil.example/", "//evil.example", "/logout", "javascript:alert(1)"] {
        let mut browser = world.browser();
        for page in ["/login", "/forgot-password", "/signup"] {
            let shown = browser.get(&by(page, bad)).await.expect(200);
            assert!(!shown.body.contains("evil") && !shown.body.contains("javascript:"), "{page}: {}", shown.body);
        }
        browser.submit("/forgot-password", &[("email", MEMBER), ("return_to", bad)]).await.expect(202);
        assert!(!browser.cookies.contains_key("__Host-return-to"), "{bad}");
    }
    // Nor is one believed that a sibling host has planted.
    let mut browser = world.browser();
    browser.cookies.insert("__Host-return-to".to_owned(), "aHR0cHM6Ly9ldmlsLmV4YW1wbGUv".to_owned());
    let token = world.recovery().await;
    let page = browser.opens(&token).await;
    let new = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];
    let done = browser.submit(&page, &new).await.expect(200);
    assert!(!done.body.contains("evil"), "{}", done.body);
}

#[tokio::test]
async fn asking_again_without_a_place_forgets_the_one_before() {
    let world = world().await;
    let mut browser = world.browser();
    browser.submit("/forgot-password", &[("email", MEMBER), ("return_to", WANTED[1])]).await.expect(202);
    assert!(browser.cookies.contains_key("__Host-return-to"));
    browser.submit("/forgot-password", &[("email", MEMBER), ("return_to", "")]).await.expect(202);
    assert!(!browser.cookies.contains_key("__Host-return-to"));
}

#[tokio::test]
async fn the_login_after_a_links_form_knows_the_address() {
    let world = World::new().await;
    let new = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];
    for (token, form, email) in [
        (world.link_to(INVITED), REGISTRATION.as_slice(), INVITED),
        (world.activation().await, ACTIVATION.as_slice(), SIGNING_UP),
        (world.recovery().await, new.as_slice(), MEMBER),
    ] {
        let mut browser = world.browser();
        let page = browser.opens(&token).await;
        let done = browser.submit(&page, form).await;
        let login = link_to(&done, "/login");
        assert!(!login.contains("%40") && !login.contains('@'), "no address stands in an address: {login}");
        assert_eq!(value(&browser.get(&login).await.expect(200), "email").as_deref(), Some(email));
        let password = if email == MEMBER { OTHER_PASSWORD } else { PASSWORD };
        browser.logs_in(email, password).await.expect(303);
        browser.submit("/logout", &[]).await.expect(303);
        assert_eq!(value(&browser.get("/login").await.expect(200), "email").as_deref(), Some(""), "once");
    }
    // So does the login that an invitation for an account leads to.
    let offered = world.offers(MEMBER).await;
    let mut browser = world.browser();
    let page = browser.opens(&offered).await;
    let shown = browser.get(&page).await.expect(200);
    assert_eq!(value(&browser.get(&link_to(&shown, "/login")).await.expect(200), "email").as_deref(), Some(MEMBER));
}

#[tokio::test]
async fn a_login_that_asked_for_nothing_ends_in_the_hosts_application() {
    let world = World::new().await.with_http(|http| http.start_url = Some(StartUrl::parse(START).unwrap()));
    let mut browser = world.browser();
    assert_eq!(logs_in_at(&mut browser, "/login", MEMBER, PASSWORD).await, START);
    // A page of ours that was asked for is come back to.
    for own in ["/account", "/account/settings"] {
        let mut browser = world.browser();
        let login = browser.get(own).await.expect(303).header("location").to_owned();
        assert_eq!(logs_in_at(&mut browser, &login, MEMBER, PASSWORD).await, own);
    }
    // A first login goes by the onboarding, and ends there.
    let mut browser = world.browser();
    let page = browser.opens(&world.link_to(INVITED)).await;
    let done = browser.submit(&page, &REGISTRATION).await.expect(201);
    let to = logs_in_at(&mut browser, &link_to(&done, "/login"), INVITED, PASSWORD).await;
    assert_eq!(to, by("/welcome", START));
    let mut step = browser.get(&to).await.expect(303).header("location").to_owned();
    for _ in 0..8 {
        if !step.starts_with("/welcome/") {
            break;
        }
        let skip = step.replacen('?', "/skip?", 1);
        let next = browser.submit(&skip, &[]).await.expect(303).header("location").to_owned();
        let next = browser.get(&next).await;
        if next.status == 200 {
            assert!(links(&next).contains(&START.to_owned()), "{}", next.body);
            return;
        }
        step = next.expect(303).header("location").to_owned();
    }
    panic!("the onboarding leads to {step}");
}

#[test]
fn the_start_is_an_address_that_cannot_be_mistaken() {
    for good in
        ["https://app.example.org", "https://app.example.org:8443/start?a=b", "http://127.0.0.1:3000/", "http://localhost:3000"]
    {
        assert!(StartUrl::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "app.example.org",
        "http://app.example.org/",
        "https:app.example.org",
        "https://u:p@app.example.org/",
        "javascript://x/%0a",
        "/account",
    ] {
        assert!(StartUrl::parse(bad).is_err(), "{bad}");
    }
}
