//! Mailed links: what they show, what they survive, and what ends them.

use identity_core::{
    model::outbox::{EmailContent, InvitationEmail},
    port::Clock as _,
    value::{SignedDuration, TokenKind, TokenSecret},
};
use identity_http::ReturnToOrigins;
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::support::{Browser, INVITED, MEMBER, OPERATOR, REGISTRATION, RequestExt as _, SIGNING_UP, World, ask, link_id, stray};

#[tokio::test]
async fn a_link_leads_to_a_clean_address_with_its_secret_in_a_cookie() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let mut browser = world.browser();
    let answer = browser.get(&format!("/register/{link}")).await.expect(303);
    let to = answer.header("location").to_owned();
    assert_eq!(to, format!("/register/{}", link_id(&link)));
    assert!(!to.contains(&link) && answer.body.is_empty());
    let cookie = answer.cookies().into_iter().find(|cookie| cookie.contains("link-")).unwrap();
    assert!(cookie.contains(&link) && cookie.contains("HttpOnly") && cookie.contains("Max-Age=1800"), "{cookie}");
    assert_eq!((answer.header("referrer-policy"), answer.header("cache-control")), ("no-referrer", "no-store"));
    let page = browser.get(&to).await.expect(200);
    assert!(!page.body.contains(&link), "the page holds the secret");
    assert!(page.body.contains(INVITED));
}

#[tokio::test]
async fn an_unknown_link_behaves_like_any_other_until_its_page() {
    let world = World::new().await;
    let (known, unknown) = (world.link_to(INVITED), stray(TokenKind::Invitation));
    let mut answers = Vec::new();
    for link in [&known, &unknown] {
        world.listens();
        let answer = world.get(&format!("/register/{link}")).await;
        let names = answer.headers.keys().map(|name| name.as_str().to_owned()).collect::<Vec<_>>();
        let shape = |text: &str| text.replace(link.as_str(), "TOKEN").replace(&link_id(link), "ID");
        let cookies =
            answer.cookies().iter().map(|cookie| shape(cookie)).filter(|cookie| !cookie.contains("visit")).collect::<Vec<_>>();
        answers.push((
            answer.status,
            names,
            shape(answer.header("location")),
            cookies,
            answer.body.clone(),
            world.kit.faults.trace(),
        ));
    }
    assert_eq!(answers[0], answers[1]);
    let mut browser = world.browser();
    let to = browser.opens(&unknown).await;
    browser.get(&to).await.expect(410);
}

/// Everything that the store tells of Ida's invitation.
async fn state(world: &World) -> String {
    let id = world.invitation_id(INVITED).await;
    let invitation = world.store().invitation(id).await.unwrap().unwrap();
    let tokens =
        world.store().unspent_tokens(identity_core::model::link::LinkPurpose::Invitation(id), invitation.generation).await.unwrap();
    let summary = world.store().invitation_summary(id).await.unwrap();
    format!(
        "{:?} {tokens:?} {:?}",
        identity_core::model::invitation::Invitation { opened_at: None, ..invitation },
        summary.unwrap().delivery
    )
}

#[tokio::test]
async fn a_person_who_only_looks_changes_nothing_but_the_time_of_the_first_opening() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let clean = format!("/register/{}", link_id(&link));
    let id = world.invitation_id(INVITED).await;
    let before = state(&world).await;
    let mut browser = world.browser();
    world.listens();
    // A mail scanner: the link, its page without and with the cookie, other methods, the API's preview.
    for _ in 0..5 {
        world.get(&format!("/register/{link}")).await.expect(303);
        world.get(&clean).await;
        world.send(ask("HEAD", &format!("/register/{link}"))).await.expect(303);
        world.send(ask("OPTIONS", &format!("/register/{link}"))).await.expect(405);
        world.api().post("/invitations/preview", json!({ "token": link })).await.expect(200);
        browser.opens(&link).await;
        let answer = browser.send(browser.request("HEAD", &clean)).await.expect(200);
        assert_eq!(answer.body, "");
        browser.get(&format!("{clean}/decline")).await.expect(200);
        browser.send(browser.request("HEAD", &format!("{clean}/decline"))).await.expect(200);
    }
    world.heard_no_effect("looking");
    assert!(world.store().invitation(id).await.unwrap().unwrap().opened_at.is_none());
    browser.get(&clean).await.expect(200);
    let opened = world.store().invitation(id).await.unwrap().unwrap().opened_at;
    assert_eq!(opened, Some(identity_core::port::Clock::now(world.kit.clock.as_ref())));
    world.passes("PT1H");
    let mut again = world.browser();
    again.opens(&link).await;
    again.get(&clean).await.expect(200);
    assert_eq!(world.store().invitation(id).await.unwrap().unwrap().opened_at, opened, "the first opening counts");
    assert_eq!(state(&world).await, before);
    world.api().accepts(&link, json!({})).await.expect(201);
}

#[tokio::test]
async fn a_page_without_its_cookie_says_so_and_shows_nothing() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    for path in [format!("/register/{}", link_id(&link)), format!("/register/{}/decline", link_id(&link))] {
        let answer = world.get(&path).await.expect(400);
        assert!(!answer.body.contains(INVITED) && !answer.body.contains("Acme"), "{path}");
    }
    let mut stranger = world.browser();
    world.listens();
    stranger.submit(&format!("/register/{}", link_id(&link)), &REGISTRATION).await.expect(400);
    stranger.submit(&format!("/register/{}/decline", link_id(&link)), &[]).await.expect(400);
    world.heard_no_effect("a form without the link's cookie");
}

#[tokio::test]
async fn the_cookie_of_one_link_does_not_open_another() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let other = stray(TokenKind::Invitation);
    let mut browser = world.browser();
    browser.get("/login").await.expect(200);
    for value in [other.as_str(), &stray(TokenKind::Session), "", "nonsense"] {
        browser.cookies.insert(format!("__Host-link-{}", link_id(&link)), value.to_owned());
        browser.clone().get(&format!("/register/{}", link_id(&link))).await.expect(400);
    }
}

#[tokio::test]
async fn a_token_of_another_kind_opens_no_page() {
    let world = World::new().await;
    let session = world.api().logs_in(MEMBER).await.token.unwrap();
    for text in [session.as_str(), &stray(TokenKind::Visit), &session.replace("idses_", "idinv_"), "idinv_", "idinv_short", "x"] {
        let mut browser = world.browser();
        let answer = browser.get(&format!("/register/{text}")).await;
        if answer.status == 303 {
            // Well-formed, so its page tells.
            let to = answer.header("location").to_owned();
            browser.get(&to).await.expect(410);
        } else {
            assert_eq!(answer.status, 410, "{text}");
        }
        assert!(!answer.body.contains(text) || text.len() < 6, "{text} is said again");
    }
}

/// How a link dies.
#[derive(Clone, Copy, Debug)]
enum End {
    Used,
    Declined,
    Revoked,
    Replaced,
    Superseded,
    Expired,
    InviterDisabled,
}

async fn brings(world: &World, end: End) {
    let ada = world.api().logs_in(OPERATOR).await;
    let link = world.link_to(INVITED);
    let id = world.invitation_id(INVITED).await;
    match end {
        End::Used => drop(world.api().accepts(&link, json!({})).await.expect(201)),
        End::Declined => drop(world.api().post("/invitations/decline", json!({ "token": link })).await.expect(204)),
        End::Revoked => drop(ada.send("POST", &format!("/invitations/{id}/revoke"), None).await.expect(200)),
        End::Replaced => drop(ada.send("POST", &format!("/invitations/{id}/resend"), None).await.expect(202)),
        End::Superseded => drop(ada.post("/invitations", json!({ "email": INVITED })).await.expect(201)),
        End::Expired => world.passes("P7D"),
        End::InviterDisabled => {
            // Carl takes the invitation over, and is disabled.
            let carl = world.api().logs_in(crate::support::ADMINISTRATOR).await;
            carl.send("POST", &format!("/invitations/{id}/resend"), None).await.expect(202);
            world.delivers().await;
            let carl = world.account_id(crate::support::ADMINISTRATOR).await;
            ada.send("POST", &format!("/accounts/{carl}/disable"), None).await.expect(204);
        }
    }
}

async fn is_dead(world: &World, browser: &mut Browser, link: &str, what: &str) {
    world.listens();
    let clean = format!("/register/{}", link_id(link));
    browser.opens(link).await;
    let token = browser.token().await;
    let mut form = REGISTRATION.to_vec();
    form.push(("csrf_token", &token));
    for answer in [
        browser.get(&clean).await,
        browser.get(&format!("{clean}/decline")).await,
        browser.post(&clean, &form).await,
        browser.post(&format!("{clean}/decline"), &[("csrf_token", &token)]).await,
    ] {
        assert_eq!(answer.status, 410, "{what}: {}", answer.body);
        assert!(!answer.body.contains(INVITED), "{what}: {}", answer.body);
    }
    for path in ["/invitations/preview", "/invitations/decline"] {
        let answer = world.api().post(path, json!({ "token": link })).await.expect(410);
        assert_eq!(answer.problem(), "dead-link", "{what}");
        assert!(!answer.body.contains(INVITED), "{what}");
    }
    assert_eq!(world.api().accepts(link, json!({})).await.expect(410).problem(), "dead-link", "{what}");
    world.heard_no_effect(what);
}

#[tokio::test]
async fn a_dead_link_is_dead_everywhere_whatever_it_died_of() {
    for end in [End::Used, End::Declined, End::Revoked, End::Replaced, End::Superseded, End::Expired, End::InviterDisabled] {
        let world = World::new().await;
        let link = world.link_to(INVITED);
        let mut browser = world.browser();
        browser.opens(&link).await;
        brings(&world, end).await;
        let link = if matches!(end, End::InviterDisabled) { world.link_to(INVITED) } else { link };
        is_dead(&world, &mut browser, &link, &format!("{end:?}")).await;
    }
}

#[tokio::test]
async fn all_dead_links_look_alike() {
    let mut pages = Vec::new();
    for end in [End::Used, End::Declined, End::Revoked, End::Replaced, End::Expired] {
        let world = World::new().await;
        let link = world.link_to(INVITED);
        let mut browser = world.browser();
        let to = browser.opens(&link).await;
        brings(&world, end).await;
        let page = browser.get(&to).await.expect(410).body;
        let token = crate::support::token_in(&page);
        pages.push(page.replace(&link_id(&link), "ID").replace(&token, "TOKEN"));
    }
    pages.dedup();
    assert_eq!(pages.len(), 1);
}

#[tokio::test]
async fn a_dead_link_says_whom_to_ask_to_its_holder_and_a_stray_one_nothing() {
    let said = "Ada Lovelace invited you to Acme.";
    for end in [End::Used, End::Revoked, End::Expired] {
        let world = World::new().await;
        let link = world.link_to(INVITED);
        brings(&world, end).await;
        let mut browser = world.browser();
        let to = browser.opens(&link).await;
        assert!(browser.get(&to).await.expect(410).body.contains(said), "{end:?}");
        let problem = world.api().post("/invitations/preview", json!({ "token": link })).await.expect(410).json();
        assert_eq!(problem["invited_by"], json!({ "inviter": "Ada Lovelace", "company": "Acme" }), "{end:?}");
    }
    let world = World::new().await;
    let stray = stray(TokenKind::Invitation);
    let mut browser = world.browser();
    let to = browser.opens(&stray).await;
    let page = browser.get(&to).await.expect(410).body;
    assert!(!page.contains("invited you"), "{page}");
    let problem = world.api().post("/invitations/preview", json!({ "token": stray })).await.expect(410).json();
    assert!(problem.get("invited_by").is_none(), "{problem}");
}

#[tokio::test]
async fn a_link_lives_to_the_second() {
    for (seconds, status) in [(7 * 86_400 - 1, 200), (7 * 86_400, 410)] {
        let world = World::new().await;
        let link = world.link_to(INVITED);
        world.passes_seconds(seconds);
        let mut browser = world.browser();
        let to = browser.opens(&link).await;
        browser.get(&to).await.expect(status);
        world.api().post("/invitations/preview", json!({ "token": link })).await.expect(status);
        let submitted = browser.submit(&to, &REGISTRATION).await;
        assert_eq!(submitted.status, if status == 200 { 201 } else { 410 }, "{}", submitted.body);
    }
}

#[tokio::test]
async fn a_link_of_an_ended_invitation_can_ask_for_a_new_one_and_every_answer_is_the_same() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    world.passes("P8D");
    let mut answers = Vec::new();
    for token in [link.as_str(), &stray(TokenKind::Invitation), &stray(TokenKind::Session), "x"] {
        let answer = world.api().post("/invitations/request-renewal", json!({ "token": token })).await.expect(202);
        answers.push(answer.body);
    }
    answers.dedup();
    assert_eq!(answers, [""]);
    world.delivers().await;
    let asked = world.mails().into_iter().filter(|mail| mail.to.as_str() == OPERATOR);
    assert_eq!(
        asked.filter(|mail| matches!(mail.content, EmailContent::Invitation(InvitationEmail::RenewalRequested { .. }))).count(),
        1
    );
}

#[tokio::test]
async fn what_a_request_says_of_its_host_changes_no_link() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let evil = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-port", "666"),
        ("x-forwarded-prefix", "/evil.example"),
        ("forwarded", "for=1.2.3.4;host=evil.example;proto=http"),
        ("x-original-url", "https://evil.example/"),
        ("x-rewrite-url", "/evil.example"),
    ];
    let with_evil = |mut request: axum::http::Request<axum::body::Body>| {
        for (name, value) in evil {
            request = request.with(name, value);
        }
        request
    };
    let link = world.link_to(INVITED);
    let mut browser = world.browser();
    for path in ["/", "/account", "/admin", "/admin/invitations", &format!("/register/{link}"), "https://evil.example/account"] {
        let answer = browser.send(with_evil(browser.request("GET", path))).await.expect(303);
        let to = answer.header("location");
        assert!(to.starts_with('/') && !to.starts_with("//"), "{path}: {to}");
        assert!(!format!("{:?}{}", answer.headers, answer.body).contains("evil"), "{path}");
    }
    for path in ["/login", "/terms", &format!("/register/{}", link_id(&link)), "/nowhere"] {
        let answer = browser.send(with_evil(browser.request("GET", path))).await;
        assert!(!format!("{:?}{}", answer.headers, answer.body).contains("evil"), "{path}");
    }
    let invitation = with_evil(ada.request("POST", "/invitations")).json(&json!({ "email": "new@acme.example" }));
    let answer = world.send(invitation).await.expect(201);
    assert!(!answer.body.contains("evil"));
    world.delivers().await;
    // A mail carries the secret alone: what renders it knows the public address and nothing of the request.
    let mails = world.mails();
    assert!(!format!("{:?}", mails.last().unwrap()).contains("evil"));
    assert_eq!(mails.last().unwrap().to.as_str(), "new@acme.example");
}

#[tokio::test]
async fn registering_signs_nobody_in_and_takes_the_links_cookie_away() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let mut browser = world.browser();
    let to = browser.opens(&link).await;
    browser.get(&to).await.expect(200);
    let answer = browser.submit(&to, &REGISTRATION).await.expect(201);
    assert!(answer.cookie("session").is_none(), "{:?}", answer.cookies());
    assert!(!browser.cookies.keys().any(|name| name.contains("link-")), "{:?}", browser.cookies);
    browser.get("/account").await.expect(303);
    browser.logs_in(INVITED, crate::support::PASSWORD).await.expect(303);
    browser.get("/account").await.expect(200);
}

#[tokio::test]
async fn the_page_fills_in_what_is_known_and_fixes_the_address() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let lin = json!({ "email": "lin@acme.example", "first_name": "Lin", "last_name": "Lanying" });
    ada.post("/invitations", lin).await.expect(201);
    world.delivers().await;
    let mut browser = world.browser();
    let to = browser.opens(&world.link_to("lin@acme.example")).await;
    let page = browser.get(&to).await.expect(200).body;
    let fields = crate::html::tags(&page).into_iter().filter(|tag| tag.name == "input").collect::<Vec<_>>();
    let field = |name: &str| fields.iter().find(|tag| tag.attribute("name") == Some(name)).unwrap();
    assert_eq!((field("first_name").attribute("value"), field("last_name").attribute("value")), (Some("Lin"), Some("Lanying")));
    assert_eq!(field("email").attribute("value"), Some("lin@acme.example"));
    assert!(field("email").attribute("readonly").is_some());
    for name in ["password", "password_confirmation"] {
        assert_eq!(
            (field(name).attribute("type"), field(name).attribute("autocomplete")),
            (Some("password"), Some("new-password"))
        );
        assert!(
            field(name).attribute("value").is_none()
                && field(name).attribute("onpaste").is_none()
                && field(name).attribute("maxlength").is_none()
        );
    }
    let mut form = REGISTRATION.to_vec();
    form.push(("email", "eve@evil.example"));
    browser.submit(&to, &form).await.expect(201);
    world.account_id("lin@acme.example").await;
}

#[tokio::test]
async fn however_many_links_a_browser_opens_its_head_stays_small() {
    let world =
        World::new().await.with_http(|http| http.return_to_origins = ReturnToOrigins::parse(["https://app.example.org"]).unwrap());
    let mut browser = world.browser_of(MEMBER).await;
    browser.cookies.insert("__Host-flow".to_owned(), world.signs_up(SIGNING_UP).await);
    let far = format!("https://app.example.org/{}", "a".repeat(1900));
    browser.submit("/forgot-password", &[("email", MEMBER), ("return_to", &far)]).await.expect(202);
    assert!(browser.cookies.contains_key("__Host-return-to"));
    let mut last = String::new();
    for number in 0..100 {
        let secret = TokenSecret::from_entropy(TokenKind::Recovery, [number; 32].into());
        last = browser.opens(secret.to_text().expose_secret()).await;
    }
    let cookies = browser.request("GET", &last).headers()["cookie"].len();
    // nginx takes 8 KiB of a line, and those of other applications on the host have to fit in as well.
    assert!(cookies < 5 * 1024, "{cookies}");
    browser.get(&last).await.expect(410);
}

#[tokio::test]
async fn the_successor_of_an_address_is_told_that_it_may_go_back_and_registers() {
    let world = World::new().await;
    let confirmation = world.confirmation().await;
    let mut person = world.browser();
    let page = person.opens(&confirmation).await;
    person.submit(&page, &[]).await.expect(200);
    let operator = world.api().logs_in(OPERATOR).await;
    operator.post("/invitations", json!({ "email": MEMBER })).await.expect(201);
    world.delivers().await;
    let link = world.mailed(TokenKind::Invitation, MEMBER);
    let offer = world.api().post("/invitations/preview", json!({ "token": link })).await.expect(200).json();
    let until = (world.kit.clock.now() + SignedDuration::from_hours(7 * 24)).to_string();
    assert_eq!((offer["way"].as_str(), offer["address_undo_until"].as_str()), (Some("register"), Some(until.as_str())));
    let mut successor = world.browser();
    let page = successor.opens(&link).await;
    let shown = successor.get(&page).await.expect(200).body;
    assert!(shown.contains("this address can be given back to the account that had it before"), "{shown}");
    successor.submit(&page, &REGISTRATION).await.expect(201);
    world.account_id(MEMBER).await;
}
