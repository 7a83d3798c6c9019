//! An invitation for somebody who has an account.

use serde_json::json;

use crate::support::{ADMINISTRATOR, Api, INVITED, MEMBER, OTHER_ADMINISTRATOR, PASSWORD, World, clean};

#[tokio::test]
async fn a_program_signs_in_with_the_invited_address_and_accepts() {
    let world = World::new().await;
    let token = world.offers(MEMBER).await;
    let preview = world.api().post("/invitations/preview", json!({ "token": token })).await.expect(200).json();
    assert_eq!(
        (&preview["way"], &preview["roles"], &preview["subscriptions"]),
        (&json!("sign_in"), &json!(["editor"]), &json!(["news"]))
    );
    let refused = world.api().accepts(&token, json!({})).await.expect(409);
    assert_eq!(refused.problem(), "account-exists");
    assert!(refused.body.contains("/api/v1/me/invitations/accept"), "{}", refused.body);

    let carl = world.api().logs_in(ADMINISTRATOR).await;
    assert_eq!(carl.post("/me/invitations/accept", json!({ "token": token })).await.expect(403).problem(), "wrong-account");
    let grace = world.api().logs_in(MEMBER).await;
    let answer = grace.post("/me/invitations/accept", json!({ "token": token })).await.expect(200).json();
    assert_eq!((&answer["account"]["roles"], &answer["account"]["subscriptions"]), (&json!(["editor"]), &json!(["news"])));
    assert!(answer.get("csrf_token").is_none());
    grace.get("/sessions/current").await.expect(401);
    let renewed = Api { token: answer["token"].as_str().map(str::to_owned), ..world.api() };
    let current = renewed.get("/sessions/current").await.expect(200).json();
    assert_eq!(current["roles"], json!(["editor"]));
    renewed.post("/me/invitations/accept", json!({ "token": token })).await.expect(410);
    let preview = world.api().post("/invitations/preview", json!({ "token": world.link_to(INVITED) })).await.expect(200).json();
    assert_eq!(preview["way"], "register");
}

#[tokio::test]
async fn a_script_beside_the_session_cookie_gets_a_new_cookie_and_its_token() {
    let world = World::new().await;
    let token = world.offers(MEMBER).await;
    let mut browser = world.browser_of(MEMBER).await;
    let csrf = browser.get("/api/v1/sessions/current").await.expect(200).json()["csrf_token"].as_str().unwrap().to_owned();
    let request = browser.request("POST", "/api/v1/me/invitations/accept");
    let request = crate::support::RequestExt::with(request, "x-csrf-token", &csrf);
    let before = browser.cookies.clone();
    let answer = browser.send(crate::support::RequestExt::json(request, &json!({ "token": token }))).await.expect(200).json();
    assert!(answer.get("token").is_none() && answer["csrf_token"] != json!(csrf), "{answer}");
    assert_ne!(before.get("__Host-session"), browser.cookies.get("__Host-session"));
    browser.get("/api/v1/sessions/current").await.expect(200);
}

#[tokio::test]
async fn an_inviters_answer_is_the_same_no_matter_who_has_an_account() {
    let world = World::new().await;
    let carl = world.api().logs_in(ADMINISTRATOR).await;
    let olga = world.api().logs_in(OTHER_ADMINISTRATOR).await;
    for by in [&carl, &olga] {
        let mut seen = Vec::new();
        for email in [MEMBER, "nobody@acme.example"] {
            let mut answer = by.post("/invitations", json!({ "email": email })).await.expect(201).json();
            for own in ["id", "email", "created_at", "expires_at"] {
                answer[own] = json!(null);
            }
            seen.push(answer);
        }
        assert_eq!(seen[0], seen[1]);
    }
    let own = carl.post("/invitations", json!({ "email": ADMINISTRATOR })).await.expect(422);
    assert_eq!(own.codes("email"), ["own_address"]);
}

#[tokio::test]
async fn a_browser_is_led_to_the_login_and_back_and_accepts() {
    let world = World::new().await;
    let token = world.offers(MEMBER).await;
    let mut browser = world.browser();
    let page = browser.opens(&token).await;
    assert_eq!(page, clean(&token));
    let shown = browser.get(&page).await.expect(200).body;
    assert!(shown.contains("You get more access") && shown.contains("Editor") && shown.contains("News"), "{shown}");
    let login = format!("/login?return_to={}", page.replace('/', "%2F"));
    assert!(shown.contains(&format!("href=\"{login}\"")), "{shown}");
    let asked = browser.get(&login).await.expect(200).body;
    assert!(asked.contains(&format!("name=\"return_to\" value=\"{page}\"")), "{asked}");
    let fields = [("email", MEMBER), ("password", PASSWORD), ("return_to", page.as_str())];
    assert_eq!(browser.submit("/login", &fields).await.expect(303).header("location"), page);
    let agree = browser.get(&page).await.expect(200).body;
    assert!(agree.contains(&format!("action=\"{page}/access\"")) && agree.contains(">Accept</button>"), "{agree}");
    assert!(!agree.contains("accept_terms"), "the terms in force are accepted: {agree}");
    world.api().logs_in(MEMBER).await.post("/invitations/preview", json!({ "token": token })).await.expect(200);
    let session = browser.cookies["__Host-session"].clone();
    let done = browser.submit(&format!("{page}/access"), &[]).await.expect(200).body;
    assert!(done.contains("You have accepted"), "{done}");
    assert_ne!(browser.cookies["__Host-session"], session, "A-61");
    assert!(browser.get("/account").await.expect(200).body.contains("Editor"));
    browser.get(&page).await.expect(400);
    world.browser().get(&format!("/register/{token}")).await.expect(303);
}

#[tokio::test]
async fn a_browser_with_another_account_is_asked_to_change_it() {
    let world = World::new().await;
    let token = world.offers(MEMBER).await;
    let mut browser = world.browser_of(ADMINISTRATOR).await;
    let page = browser.opens(&token).await;
    let shown = browser.get(&page).await.expect(200).body;
    assert!(shown.contains(MEMBER) && shown.contains(ADMINISTRATOR) && !shown.contains(">Accept</button>"), "{shown}");
    world.listens();
    let refused = browser.submit(&format!("{page}/access"), &[]).await.expect(303);
    assert_eq!(refused.header("location"), page);
    let out = browser.submit("/logout", &[("return_to", &page)]).await.expect(303).header("location").to_owned();
    assert_eq!(out, page, "the link's page offers the login, and the way back to it");
    let login = format!("/login?return_to={}", page.replace('/', "%2F"));
    assert!(browser.get(&page).await.expect(200).body.contains(&login));
    let mut browser = world.browser_of(ADMINISTRATOR).await;
    for elsewhere in ["https://evil.example/", "//evil.example", "/admin", "/register/x"] {
        let mut other = browser.clone();
        assert_eq!(other.submit("/logout", &[("return_to", elsewhere)]).await.header("location"), "/login", "{elsewhere}");
        browser = world.browser_of(ADMINISTRATOR).await;
    }
}

#[tokio::test]
async fn a_browser_declines_without_signing_in_and_the_account_stays_as_it_is() {
    let world = World::new().await;
    let token = world.offers(MEMBER).await;
    let mut browser = world.browser();
    let page = browser.opens(&token).await;
    let ask = browser.get(&format!("{page}/decline")).await.expect(200).body;
    assert!(ask.contains("Your account stays as it is"), "{ask}");
    browser.submit(&format!("{page}/decline"), &[]).await.expect(200);
    let grace = world.api().logs_in(MEMBER).await;
    assert_eq!(grace.get("/sessions/current").await.expect(200).json()["roles"], json!([]));
    grace.post("/me/invitations/accept", json!({ "token": token })).await.expect(410);
}

#[tokio::test]
async fn an_account_of_another_company_is_told_so_on_the_page_and_by_the_api() {
    let world = World::new().await;
    let token = world.offers(OTHER_ADMINISTRATOR).await;
    let preview = world.api().post("/invitations/preview", json!({ "token": token })).await.expect(200).json();
    assert_eq!(preview["way"], "elsewhere");
    let mut browser = world.browser();
    let page = browser.opens(&token).await;
    let shown = browser.get(&page).await.expect(200).body;
    assert!(shown.contains("does not fit your account"), "{shown}");
    let olga = world.api().logs_in(OTHER_ADMINISTRATOR).await;
    assert_eq!(olga.post("/me/invitations/accept", json!({ "token": token })).await.expect(409).problem(), "other-company");
}

#[tokio::test]
async fn the_terms_that_wait_are_agreed_to_on_the_same_page() {
    let world = World::new().await;
    let token = world.offers(MEMBER).await;
    world.publishes_terms(Some("P30D")).await;
    let mut browser = world.browser();
    let page = browser.opens(&token).await;
    let fields = [("email", MEMBER), ("password", PASSWORD), ("return_to", page.as_str())];
    let later = browser.submit("/login", &fields).await.expect(303).header("location").to_owned();
    assert_eq!(later, format!("/terms/accept?return_to={}", page.replace('/', "%2F")));
    assert!(browser.get(&later).await.expect(200).body.contains(&format!("href=\"{page}\">Later")));
    let shown = browser.get(&page).await.expect(200).body;
    assert!(shown.contains("<em>kinder</em>"), "{shown}");
    let wrong = browser.submit(&format!("{page}/access"), &[]).await.expect(422).body;
    assert!(wrong.contains("Accept the terms and conditions to go on"), "{wrong}");
    let agreed = [("accept_terms", "2")];
    browser.submit(&format!("{page}/access"), &agreed).await.expect(200);
    let grace = world.api().logs_in(MEMBER).await;
    assert_eq!(grace.get("/me/terms").await.expect(200).json()["accepted"]["version"], 2);
}
