//! A mailed link that is opened in a browser where somebody else is logged in.

use identity_core::value::TokenKind;

use crate::{
    html::tags,
    support::{ACTIVATION, ADMINISTRATOR, Answer, INVITED, LINKS, MEMBER, NEW_ADDRESS, OTHER_PASSWORD, REGISTRATION, World},
};

/// A link of that kind, for somebody else than the administrator.
async fn link_of(world: &World, kind: TokenKind) -> String {
    match kind {
        TokenKind::Invitation => world.link_to(INVITED),
        TokenKind::Activation => world.activation().await,
        TokenKind::Recovery => world.recovery().await,
        TokenKind::Report => world.report().await,
        TokenKind::EmailConfirmation => world.confirmation().await,
        _ => world.undo().await,
    }
}

/// Where the log-out form of a page leads on to.
fn leads_back_to(page: &Answer) -> Option<String> {
    let tags = tags(&page.body);
    let form = tags.iter().position(|tag| tag.attribute("action") == Some("/logout"))?;
    let field = tags.iter().skip(form).find(|tag| tag.attribute("name") == Some("return_to"))?;
    field.attribute("value").map(str::to_owned)
}

#[tokio::test]
async fn every_links_page_says_who_is_logged_in_and_comes_back_after_logging_out() {
    for kind in LINKS {
        let world = World::new().await;
        let token = link_of(&world, kind).await;
        let mut browser = world.browser_of(ADMINISTRATOR).await;
        let page = browser.opens(&token).await;
        let shown = browser.get(&page).await.expect(200);
        assert!(shown.body.contains(ADMINISTRATOR), "{kind:?} does not say who is logged in: {}", shown.body);
        assert_eq!(leads_back_to(&shown).as_deref(), Some(page.as_str()), "{kind:?}");
        let out = browser.submit("/logout", &[("return_to", &page)]).await.expect(303);
        assert_eq!(out.header("location"), page, "{kind:?}");
        let alone = browser.get(&page).await.expect(200);
        assert!(!alone.body.contains(ADMINISTRATOR) && leads_back_to(&alone).is_none(), "{kind:?}: {}", alone.body);
    }
}

#[tokio::test]
async fn the_owner_of_a_link_is_asked_for_nothing() {
    for kind in [TokenKind::Recovery, TokenKind::Report, TokenKind::EmailConfirmation, TokenKind::EmailUndo] {
        let world = World::new().await;
        let token = link_of(&world, kind).await;
        let mut browser = world.browser_of(MEMBER).await;
        let page = browser.opens(&token).await;
        let shown = browser.get(&page).await.expect(200);
        assert!(leads_back_to(&shown).is_none(), "{kind:?}: {}", shown.body);
    }
}

#[tokio::test]
async fn setting_a_password_by_somebody_elses_link_leads_to_the_login_and_into_no_other_account() {
    let new = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];
    for (kind, form, status) in [
        (TokenKind::Invitation, REGISTRATION.as_slice(), 201),
        (TokenKind::Activation, ACTIVATION.as_slice(), 201),
        (TokenKind::Recovery, new.as_slice(), 200),
    ] {
        let world = World::new().await;
        let token = link_of(&world, kind).await;
        let mut browser = world.browser_of(ADMINISTRATOR).await;
        let session = browser.cookies["__Host-session"].clone();
        let page = browser.opens(&token).await;
        let done = browser.submit(&page, form).await.expect(status).body;
        assert!(!done.contains(ADMINISTRATOR), "nobody is logged in any more: {done}");
        assert!(!browser.cookies.contains_key("__Host-session"), "{kind:?}");
        browser.get("/login").await.expect(200);
        browser.cookies.insert("__Host-session".to_owned(), session);
        browser.get("/account").await.expect(303);
    }
}

#[tokio::test]
async fn a_form_that_is_refused_ends_nobodys_session() {
    let world = World::new().await;
    let token = world.link_to(INVITED);
    let mut browser = world.browser_of(ADMINISTRATOR).await;
    let page = browser.opens(&token).await;
    let again = browser.submit(&page, &[("first_name", "Ida")]).await.expect(422);
    assert!(again.body.contains(ADMINISTRATOR), "the page still says who is logged in");
    browser.get("/account").await.expect(200);
}

#[tokio::test]
async fn a_links_button_does_nothing_in_somebody_elses_session() {
    for kind in [TokenKind::Report, TokenKind::EmailConfirmation, TokenKind::EmailUndo] {
        let world = World::new().await;
        let token = link_of(&world, kind).await;
        let mut browser = world.browser_of(ADMINISTRATOR).await;
        let page = browser.opens(&token).await;
        let form = browser.token().await;
        world.listens();
        let refused = browser.post(&page, &[("csrf_token", &form)]).await.expect(200);
        assert_eq!(leads_back_to(&refused).as_deref(), Some(page.as_str()), "{kind:?}");
        world.heard_no_effect(&format!("{kind:?} in another session"));
        browser.submit("/logout", &[("return_to", &page)]).await.expect(303);
        browser.submit(&page, &[]).await.expect(200);
        let moved = world.store().account_by_address(NEW_ADDRESS).await.unwrap().is_some();
        assert_eq!(moved, kind == TokenKind::EmailConfirmation, "{kind:?}");
    }
}

#[tokio::test]
async fn a_dead_link_says_who_is_logged_in_and_never_offers_a_login_that_leads_there() {
    let world = World::new().await;
    let token = world.link_to(INVITED);
    let mut browser = world.browser();
    let page = browser.opens(&token).await;
    browser.submit(&page, &REGISTRATION).await.expect(201);
    let mut other = world.browser_of(ADMINISTRATOR).await;
    let page = other.opens(&token).await;
    let dead = other.get(&page).await.expect(410).body;
    assert!(dead.contains(ADMINISTRATOR) && dead.contains("href=\"/logout\"") && !dead.contains("href=\"/login\""), "{dead}");
}

#[tokio::test]
async fn the_first_button_of_a_used_invitation_is_the_login() {
    let world = World::new().await;
    let token = world.link_to(INVITED);
    let mut browser = world.browser();
    let page = browser.opens(&token).await;
    browser.submit(&page, &REGISTRATION).await.expect(201);
    let page = browser.opens(&token).await;
    let dead = browser.get(&page).await.expect(410).body;
    let first = dead.find("href=\"/login\"").expect("a way to log in");
    let button = dead.find("class=\"button\"").expect("a button");
    let ask = dead.find(&format!("action=\"{page}/renewal\"")).expect("a way to ask for a new one");
    assert!(button < first && first < ask, "{dead}");
    assert_eq!(dead.matches("class=\"button\"").count(), 1, "one first button");
}
