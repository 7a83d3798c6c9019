//! What a page says of what was done by the form before it.

use axum::http::header;

use crate::{
    routes::{FORMS, page_path, visitor, with_code},
    support::{ADMINISTRATOR, Answer, Browser, MEMBER, OPERATOR, RequestExt as _, World},
};

const COOKIE: &str = "__Host-feedback";

/// Where what follows says it by itself: being logged in, the page of the code, and the page that the code leads to.
const SAYS_BY_ITSELF: [&str; 3] = ["/login", "/signup", "/signup/code"];

/// What the page says was done.
fn done(page: &Answer) -> Option<String> {
    let (_, rest) = page.body.split_once("done\" role=\"status\" tabindex=\"-1\" autofocus><p>")?;
    rest.split_once("</p>").map(|(text, _)| text.to_owned())
}

/// The page that a form leads to.
async fn arrives(browser: &mut Browser, answer: Answer) -> Answer {
    let mut page = answer;
    while page.status == 303 {
        page = browser.get(page.header("location")).await;
    }
    page.expect(200)
}

async fn disables(browser: &mut Browser, world: &World) -> Answer {
    let path = format!("/admin/accounts/{}/disable", world.account_id(MEMBER).await);
    browser.submit(&path, &[]).await.expect(303)
}

#[tokio::test]
async fn the_page_after_every_form_says_once_what_was_done() {
    for (route, fields) in FORMS.iter().filter(|(route, _)| !SAYS_BY_ITSELF.contains(route)) {
        let world = World::new().await;
        let mut browser = visitor(&world, route).await;
        let path = page_path(&world, route).await;
        let fields = with_code(&world, fields);
        let fields = fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
        let answer = browser.submit(&path, &fields).await;
        if answer.status != 303 {
            // A page of its own, or a file.
            assert!(answer.status < 300, "{route}: {} {}", answer.status, answer.body);
            continue;
        }
        let page = arrives(&mut browser, answer).await;
        let text = done(&page).unwrap_or_else(|| panic!("{route} says nothing: {}", page.body));
        assert!(text.ends_with('.') && !text.contains("Unknown"), "{route}: {text}");
        let again = browser.get("/account").await;
        assert_eq!(done(&again), None, "{route}: it is said once");
    }
}

#[tokio::test]
async fn what_can_be_taken_back_is_taken_back_by_a_button_beside_it() {
    let world = World::new().await;
    let mut carl = world.browser_of(ADMINISTRATOR).await;
    let answer = disables(&mut carl, &world).await;
    let page = arrives(&mut carl, answer).await;
    assert_eq!(done(&page).as_deref(), Some("The account is disabled."));
    let (_, undo) = page.body.split_once("The account is disabled.</p><form method=\"post\" action=\"").unwrap();
    let undo = undo.split('"').next().unwrap().to_owned();
    let answer = carl.submit(&undo, &[]).await.expect(303);
    let page = arrives(&mut carl, answer).await;
    assert_eq!(done(&page).as_deref(), Some("The account is enabled. The person can log in again."));
    assert!(world.store().account(world.account_id(MEMBER).await).await.unwrap().unwrap().is_active());
}

#[tokio::test]
async fn nobody_else_makes_a_page_say_that_something_was_done() {
    let world = World::new().await;
    let mut ada = world.browser_of(OPERATOR).await;
    for path in ["/account?saved=true", "/account/settings?saved=true", "/account/security?questions=saved"] {
        assert_eq!(done(&ada.get(path).await.expect(200)), None, "{path}");
    }
    let mut carl = world.browser_of(ADMINISTRATOR).await;
    let sealed = disables(&mut carl, &world).await.cookie("feedback").unwrap();
    let sealed = sealed.split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
    let (said, seal) = sealed.split_once('.').unwrap();
    for forged in
        [sealed.as_str(), &format!("{said}."), &format!(".{seal}"), said, "", "profile_saved", "InByb2ZpbGVfc2F2ZWQi.AAAA"]
    {
        ada.cookies.insert(COOKIE.to_owned(), forged.to_owned());
        assert_eq!(done(&ada.get("/account").await.expect(200)), None, "{forged}");
    }
    // The one it was sealed for reads it.
    carl.cookies.insert(COOKIE.to_owned(), sealed);
    assert!(done(&carl.get("/account").await.expect(200)).is_some());
}

#[tokio::test]
async fn what_a_script_fetches_takes_nothing_of_what_the_next_page_says() {
    let world = World::new().await;
    let mut carl = world.browser_of(ADMINISTRATOR).await;
    let cookie = disables(&mut carl, &world).await.cookie("feedback").unwrap();
    for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=60"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let fetched = carl.request("GET", "/account").with("sec-fetch-dest", "empty");
    let fetched = carl.send(fetched).await.expect(200);
    assert!(done(&fetched).is_none() && fetched.headers.get(header::SET_COOKIE).is_none());
    assert!(done(&carl.get("/account").await.expect(200)).is_some());
}

#[tokio::test]
async fn what_cannot_be_taken_back_says_on_a_page_of_its_own_what_follows() {
    let world = World::new().await;
    let mut ada = world.browser_of(OPERATOR).await;
    for (route, follows) in [
        ("/admin/accounts/{id}/disable", "is logged out on every device"),
        ("/admin/accounts/{id}/end-sessions", "has to log in again on every device"),
        ("/admin/registrations/{id}/reject", "can only register again."),
        ("/admin/invitations/{id}/revoke", "will stop working"),
        ("/account/security/sessions/end-others", "You stay logged in here."),
        ("/account/picture/delete", "Your initials are shown in its place."),
    ] {
        let path = page_path(&world, route).await;
        let before = ada.get(path.rsplit_once('/').unwrap().0).await;
        assert!(!before.body.contains(&format!("action=\"{path}\"")), "{route} is a click away");
        let page = ada.get(&path).await.expect(200).body;
        assert!(page.contains(follows) && page.contains(&format!("<form method=\"post\" action=\"{path}\">")), "{route}: {page}");
        crate::html::is_well_formed(route, &page);
    }
    // What is not there to be ended any more leads back.
    let path = page_path(&world, "/admin/registrations/{id}/reject").await;
    ada.submit(&path, &[]).await.expect(303);
    assert_eq!(ada.get(&path).await.expect(303).header("location"), "/admin/registrations");
}
