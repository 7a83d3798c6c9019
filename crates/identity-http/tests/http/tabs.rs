//! Forms of another tab: somebody has logged in or out since they were shown.

use crate::support::{
    Answer, Browser, INVITED, MEMBER, OPERATOR, PASSWORD, REGISTRATION, RequestExt as _, SIGN_UP, World, clean, token_in,
};

/// Sends a form as a browser does from a page of ours.
async fn sends(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = browser.request("POST", path).with("origin", "https://id.example.org").with("sec-fetch-site", "same-origin");
    browser.send(request.form(fields)).await
}

#[tokio::test]
async fn the_login_of_a_second_tab_goes_on_where_the_first_has_logged_in() {
    let world = World::new().await;
    for (typed, password) in [(MEMBER, PASSWORD), ("  Grace@ACME.example ", ""), (MEMBER, "wrong")] {
        let mut browser = world.browser();
        let token = token_in(&browser.get("/login?return_to=%2Faccount%2Fsecurity").await.expect(200).body);
        browser.logs_in(MEMBER, PASSWORD).await.expect(303);
        let session = browser.cookies["__Host-session"].clone();
        let form = [("email", typed), ("password", password), ("return_to", "/account/security"), ("csrf_token", token.as_str())];
        world.listens();
        let answer = browser.post("/login", &form).await.expect(303);
        assert_eq!(answer.header("location"), "/account/security");
        world.heard_no_effect("the login of a second tab");
        assert_eq!(browser.cookies["__Host-session"], session, "the first tab stays as it is");
    }
}

#[tokio::test]
async fn another_persons_login_in_a_second_tab_is_sent_again_by_a_person_only() {
    let world = World::new().await;
    let mut browser = world.browser();
    let token = token_in(&browser.get("/login").await.expect(200).body);
    browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    let form = [("email", OPERATOR), ("password", PASSWORD), ("return_to", "/account"), ("csrf_token", token.as_str())];
    world.listens();
    let page = sends(&mut browser, "/login", &form).await.expect(409);
    world.heard_no_effect("a login with the token of before");
    assert!(page.body.contains(OPERATOR) && !page.body.contains(PASSWORD), "{}", page.body);
    let again = browser.sends_again(&page).await.expect(422);
    assert!(again.body.contains(OPERATOR), "the password is asked for again: {}", again.body);
    // Without a word of the browser on where it comes from, it is refused as before.
    browser.post("/login", &form).await.expect(403);
}

#[tokio::test]
async fn what_was_typed_into_a_public_form_is_kept_over_a_login_in_another_tab() {
    let world = World::new().await;
    let mut browser = world.browser();
    let token = token_in(&browser.get("/signup").await.expect(200).body);
    browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    for (path, fields, done) in [("/signup", SIGN_UP.as_slice(), 303), ("/forgot-password", &[("email", MEMBER)], 202)] {
        let mut form = fields.to_vec();
        form.push(("csrf_token", &token));
        let page = sends(&mut browser, path, &form).await.expect(409);
        browser.sends_again(&page).await.expect(done);
    }
}

#[tokio::test]
async fn a_form_from_before_the_browser_had_its_visit_is_sent_again_with_the_visit_of_now() {
    let world = World::new().await;
    // Two tabs that are opened at once have a visit each; the browser keeps the last one's.
    let (mut first, mut browser) = (world.browser(), world.browser());
    let token = token_in(&first.get("/forgot-password").await.expect(200).body);
    browser.get("/login").await.expect(200);
    for is_without_cookies in [false, true] {
        if is_without_cookies {
            browser.cookies.clear();
        }
        let page = sends(&mut browser, "/forgot-password", &[("email", MEMBER), ("csrf_token", &token)]).await.expect(409);
        browser.sends_again(&page).await.expect(202);
    }
}

#[tokio::test]
async fn a_registration_of_before_a_login_asks_for_the_password_alone() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let mut browser = world.browser();
    let page = browser.opens(&link).await;
    assert_eq!(page, clean(&link));
    let token = token_in(&browser.get(&page).await.expect(200).body);
    browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    let mut form = REGISTRATION.to_vec();
    form.push(("csrf_token", &token));
    let stale = sends(&mut browser, &page, &form).await.expect(409);
    let again = browser.sends_again(&stale).await.expect(422);
    assert!(again.body.contains("value=\"Rhodes\"") && again.body.contains(MEMBER), "{}", again.body);
}
