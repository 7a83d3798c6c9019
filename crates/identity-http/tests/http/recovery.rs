//! Forgotten passwords, and "this wasn't me".

use identity_core::{
    model::outbox::{EmailContent, InvitationEmail, PasswordEmail},
    value::TokenKind,
};
use serde_json::{Value, json};

use crate::{
    html::{broken_rules, is_wrong, links, main_button},
    support::{
        ACTIVATION, ADMINISTRATOR, Answer, Browser, INVITED, MEMBER, OPERATOR, OTHER_PASSWORD, PASSWORD, REGISTRATION, World, ask,
        change, clean, completion, link_id, reset, seen, sign_up, stray,
    },
};

const NEW: [(&str, &str); 2] = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];

async fn refused(world: &World, email: &str, password: &str) {
    world.api().post("/sessions", json!({ "email": email, "password": password })).await.expect(401);
}

/// How often somebody was told that a person said "this wasn't me".
fn told(world: &World, email: &str) -> usize {
    let mails = world.mails_to(email);
    mails.iter().filter(|mail| matches!(mail.content, EmailContent::Password(PasswordEmail::AccessReported { .. }))).count()
}

#[tokio::test]
async fn a_program_resets_a_forgotten_password_by_the_mailed_link() {
    let world = World::new().await;
    let token = world.recovery().await;
    assert_eq!(world.api().post("/password-resets/complete", reset(&token)).await.expect(204).body, "");
    refused(&world, MEMBER, PASSWORD).await;
    world.api().logs_in_with(MEMBER, OTHER_PASSWORD).await.get("/sessions/current").await.expect(200);
    let again = world.api().post("/password-resets/complete", reset(&token)).await.expect(410);
    assert_eq!(again.problem(), "dead-link");
    world.delivers().await;
    let last = world.mails_to(MEMBER).pop().unwrap();
    assert!(matches!(last.content, EmailContent::Password(PasswordEmail::Changed { .. })), "{last:?}");
}

#[tokio::test]
async fn a_person_resets_a_forgotten_password_on_the_pages() {
    let world = World::new().await;
    let mut browser = world.browser();
    let sent = browser.submit("/forgot-password", &[("email", MEMBER)]).await.expect(202).body;
    assert!(sent.contains(MEMBER) && sent.contains("action=\"/forgot-password\""), "{sent}");
    world.delivers().await;
    let token = world.mailed(TokenKind::Recovery, MEMBER);
    let to = browser.opens(&token).await;
    let page = browser.get(&to).await.expect(200).body;
    assert!(page.contains(MEMBER) && !page.contains(&token), "{page}");
    let page = browser.submit(&to, &[("password", "weak"), ("password_confirmation", "other")]).await.expect(422).body;
    assert!(is_wrong(&page, "password") && is_wrong(&page, "password_confirmation"), "{page}");
    assert!(broken_rules(&page).contains(&"min_length".to_owned()), "{page}");
    let done = browser.submit(&to, &NEW).await.expect(200);
    assert_eq!(main_button(&done.body).as_deref(), Some("/login?return_to=%2Faccount%2Fsecurity%3Freview%3Dtrue"));
    assert!(done.cookie("session").is_none(), "{:?}", done.cookies());
    assert!(!browser.cookies.keys().any(|name| name.contains("link-")), "{:?}", browser.cookies);
    browser.get("/account").await.expect(303);
    browser.logs_in(MEMBER, PASSWORD).await.expect(401);
    browser.logs_in(MEMBER, OTHER_PASSWORD).await.expect(303);
    let mut late = world.browser();
    let to = late.opens(&token).await;
    late.get(&to).await.expect(410);
    late.submit(&to, &NEW).await.expect(410);
}

#[tokio::test]
async fn a_link_to_a_new_password_lives_to_the_second() {
    for (seconds, is_live) in [(3599, true), (3600, false)] {
        let world = World::new().await;
        let token = world.recovery().await;
        world.passes_seconds(seconds);
        let mut browser = world.browser();
        let to = browser.opens(&token).await;
        browser.get(&to).await.expect(if is_live { 200 } else { 410 });
        let weak = json!({ "token": token, "password": "weak", "password_confirmation": "weak" });
        world.api().post("/password-resets/complete", weak).await.expect(if is_live { 422 } else { 410 });
        browser.submit(&to, &NEW).await.expect(if is_live { 200 } else { 410 });
        world.api().post("/password-resets/complete", reset(&token)).await.expect(410);
    }
}

#[tokio::test]
async fn a_link_that_says_it_was_not_me_lives_to_the_second() {
    for (seconds, is_live) in [(30 * 86_400 - 1, true), (30 * 86_400, false)] {
        let world = World::new().await;
        let token = world.report().await;
        world.passes_seconds(seconds);
        let mut browser = world.browser();
        let to = browser.opens(&token).await;
        browser.get(&to).await.expect(if is_live { 200 } else { 410 });
        browser.submit(&to, &[]).await.expect(if is_live { 200 } else { 410 });
        world.api().post("/password-resets/report", json!({ "token": token })).await.expect(410);
    }
}

#[tokio::test]
async fn a_person_who_only_looks_changes_nothing() {
    let world = World::new().await;
    for token in [world.recovery().await, world.report().await] {
        let clean = clean(&token);
        let page = clean.rsplit_once('/').unwrap().0.to_owned();
        let mut browser = world.browser();
        browser.opens(&token).await;
        world.listens();
        for path in [format!("{page}/{token}"), clean] {
            for method in ["GET", "HEAD", "OPTIONS", "HEAD", "GET"] {
                let answer = browser.send(browser.request(method, &path)).await;
                let expected: &[u16] = if method == "OPTIONS" { &[405] } else { &[200, 303] };
                assert!(expected.contains(&answer.status), "{method} {path}: {}", answer.status);
                world.send(ask(method, &path)).await;
            }
        }
        world.heard_no_effect("looking");
    }
    world.api().post("/password-resets/report", json!({ "token": stray(TokenKind::Report) })).await.expect(410);
    world.api().post("/password-resets/complete", reset(&world.recovery().await)).await.expect(204);
    world.api().post("/password-resets/report", json!({ "token": world.report().await })).await.expect(204);
}

/// A live secret of every kind.
async fn secrets(world: &World) -> Vec<(TokenKind, String)> {
    let (activation, recovery, report) = (world.activation().await, world.recovery().await, world.report().await);
    let flow = world.signs_up("nora@newco.example").await;
    let login = world.api().post("/sessions", json!({ "email": ADMINISTRATOR, "password": PASSWORD })).await.expect(201).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut browser = world.browser();
    browser.get("/login").await;
    vec![
        (TokenKind::Invitation, world.link_to(INVITED)),
        (TokenKind::Activation, activation),
        (TokenKind::Recovery, recovery),
        (TokenKind::Report, report),
        (TokenKind::Flow, flow),
        (TokenKind::Device, text(&login["device"])),
        (TokenKind::Session, text(&login["token"])),
        (TokenKind::Visit, browser.cookies["__Host-visit"].clone()),
    ]
}

/// The same secret, called one of another kind.
fn disguised(token: &str, kind: TokenKind) -> String {
    format!("{}{}", kind.prefix(), token.split_once('_').unwrap().1)
}

#[tokio::test]
async fn a_token_of_another_kind_is_a_dead_link_at_every_route_of_the_api() {
    let world = World::new().await;
    let secrets = secrets(&world).await;
    let routes = [
        ("/invitations/preview", TokenKind::Invitation),
        ("/invitations/accept", TokenKind::Invitation),
        ("/invitations/decline", TokenKind::Invitation),
        ("/registrations/complete", TokenKind::Activation),
        ("/password-resets/complete", TokenKind::Recovery),
        ("/password-resets/report", TokenKind::Report),
    ];
    let mut answers = Vec::new();
    world.listens();
    for (path, own) in routes {
        let body = |token: &str| match path {
            "/invitations/accept" => crate::support::registration(token),
            "/registrations/complete" => completion(token),
            "/password-resets/complete" => reset(token),
            _ => json!({ "token": token }),
        };
        for (kind, token) in secrets.iter().filter(|(kind, _)| *kind != own) {
            for text in [token.clone(), disguised(token, own), String::new(), own.prefix().to_owned()] {
                let answer = world.api().post(path, body(&text)).await.expect(410);
                assert_eq!(answer.problem(), "dead-link", "{path} with {kind:?}");
                answers.push(seen(&answer, &[]));
            }
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    for (kind, token) in secrets.iter().filter(|(kind, _)| *kind != TokenKind::Flow) {
        for text in [token.clone(), disguised(token, TokenKind::Flow)] {
            let body = json!({ "flow": text, "code": "12345678" });
            world.api().post("/registrations/verify-code", body).await.expect(422);
            let body = json!({ "flow": text });
            assert_eq!(world.api().post("/registrations/resend", body).await.expect(202).body, "", "{kind:?}");
        }
    }
    for (kind, token) in secrets.iter().filter(|(kind, _)| *kind != TokenKind::Session) {
        for text in [token.clone(), disguised(token, TokenKind::Session)] {
            let request = crate::support::RequestExt::with(
                ask("GET", "/api/v1/sessions/current"),
                "authorization",
                &format!("Bearer {text}"),
            );
            assert_eq!(world.send(request).await.expect(401).problem(), "not-signed-in", "{kind:?}");
        }
    }
    // Whatever was tried: all of them still do what they are for.
    assert_eq!(world.heard("hash") + world.heard("mail"), 0);
    for (path, token) in [("/password-resets/report", &secrets[3].1), ("/invitations/preview", &secrets[0].1)] {
        let status = world.api().post(path, json!({ "token": token })).await.status;
        assert!(status < 300, "{path}: {status}");
    }
    world.api().post("/registrations/complete", completion(&secrets[1].1)).await.expect(201);
}

#[tokio::test]
async fn a_token_of_another_kind_opens_no_page() {
    let world = World::new().await;
    let secrets = secrets(&world).await;
    for own in [TokenKind::Invitation, TokenKind::Activation, TokenKind::Recovery, TokenKind::Report] {
        let page = own.page().unwrap();
        let mut pages = Vec::new();
        for (kind, token) in secrets.iter().filter(|(kind, _)| *kind != own) {
            let mut browser = world.browser();
            world.listens();
            let answer = browser.get(&format!("/{page}/{token}")).await.expect(410);
            assert!(!answer.body.contains(token), "{kind:?} at /{page}");
            pages.push(seen(&answer, &[]));
            // Well-formed, and of nothing.
            let text = disguised(token, own);
            let to = browser.opens(&text).await;
            let dead = browser.get(&to).await.expect(410);
            let fields: &[(&str, &str)] = match own {
                TokenKind::Invitation => &REGISTRATION,
                TokenKind::Activation => &ACTIVATION,
                TokenKind::Recovery => &NEW,
                _ => &[],
            };
            let posted = browser.submit(&to, fields).await.expect(410);
            assert_eq!(seen(&posted, &[&link_id(&text)]).2, seen(&dead, &[&link_id(&text)]).2, "{kind:?} at /{page}");
            // The clean address with a cookie of that kind under its name.
            let mut forged = world.browser();
            forged.cookies.insert(format!("__Host-link-{}", link_id(&text)), token.clone());
            forged.get(&to).await.expect(400);
            world.heard_no_effect("a token of another kind");
        }
        pages.dedup();
        assert_eq!(pages.len(), 1, "{pages:#?}");
    }
}

#[tokio::test]
async fn a_reset_ends_every_session_and_every_other_link() {
    let world = World::new().await;
    let api = world.api().logs_in(MEMBER).await;
    let mut browser = world.browser_of(MEMBER).await;
    let first = world.recovery().await;
    world.forgets(MEMBER).await;
    let second = world.mailed(TokenKind::Recovery, MEMBER);
    assert_ne!(first, second);
    // Asking ends nothing, and older links work until one is used.
    api.get("/sessions/current").await.expect(200);
    let mut opened = world.browser();
    let to = opened.opens(&first).await;
    opened.get(&to).await.expect(200);
    let answer = world.api().post("/password-resets/complete", reset(&second)).await.expect(204);
    assert!(answer.cookies().is_empty(), "{:?}", answer.cookies());
    assert_eq!(api.get("/sessions/current").await.expect(401).problem(), "not-signed-in");
    assert!(browser.get("/account").await.expect(303).header("location").starts_with("/login"));
    opened.get(&to).await.expect(410);
    opened.submit(&to, &NEW).await.expect(410);
}

#[tokio::test]
async fn a_mail_that_was_asked_for_before_the_reset_brings_no_link_that_works_after_it() {
    let world = World::new().await;
    let token = world.recovery().await;
    world.api().post("/password-resets", json!({ "email": MEMBER })).await.expect(202);
    world.passes("PT1S");
    world.api().post("/password-resets/complete", reset(&token)).await.expect(204);
    world.delivers().await;
    assert_eq!(world.mailed(TokenKind::Recovery, MEMBER), token, "no newer link was mailed");
}

#[tokio::test]
async fn every_answer_to_a_forgotten_password_is_the_same_no_matter_who_has_the_address() {
    let (mut api, mut pages) = (Vec::new(), Vec::new());
    for (kind, email) in [("unknown", "nobody@acme.example"), ("known", MEMBER), ("invited", INVITED), ("disabled", MEMBER)] {
        let world = World::new().await;
        if kind == "disabled" {
            let ada = world.api().logs_in(OPERATOR).await;
            let path = format!("/accounts/{}/disable", world.account_id(MEMBER).await);
            ada.send("POST", &path, None).await.expect(204);
        }
        let before = world.mails().len();
        let mut browser = world.browser();
        let token = browser.token().await;
        for number in 1..=11 {
            world.listens();
            let answer = world.api().post("/password-resets", json!({ "email": email })).await;
            assert_eq!(answer.status, if number <= 10 { 202 } else { 429 }, "{kind} {number}");
            api.push((number, seen(&answer, &[email]), world.kit.faults.trace()));
        }
        world.passes("PT1H");
        world.listens();
        let answer = browser.post("/forgot-password", &[("email", email), ("csrf_token", &token)]).await.expect(202);
        pages.push((seen(&answer, &[email]), world.kit.faults.trace()));
        world.delivers().await;
        let mails = world.mails().len() - before;
        assert_eq!(mails > 0, kind == "known" || kind == "invited", "{kind}: {mails} mails");
    }
    api.sort_by_key(|(number, ..)| *number);
    api.dedup();
    // The first ten alike, and the eleventh.
    let mut shapes = api.into_iter().map(|(_, seen, trace)| (seen, trace)).collect::<Vec<_>>();
    shapes.dedup();
    assert_eq!(shapes.len(), 2, "{shapes:#?}");
    pages.dedup();
    assert_eq!(pages.len(), 1, "{pages:#?}");
}

#[tokio::test]
async fn an_address_is_sent_few_links_however_often_they_are_asked_for() {
    let world = World::new().await;
    for _ in 0..8 {
        world.forgets(MEMBER).await;
    }
    let resets = world
        .mails_to(MEMBER)
        .into_iter()
        .filter(|mail| matches!(mail.content, EmailContent::Password(PasswordEmail::Reset { .. })));
    assert_eq!(resets.count(), 3);
}

#[tokio::test]
async fn a_person_who_is_invited_and_asks_for_a_new_password_gets_the_invitation_again() {
    let world = World::new().await;
    world.forgets(INVITED).await;
    assert!(world.find_mailed(TokenKind::Recovery, INVITED).is_none());
    assert!(matches!(world.mails_to(INVITED).pop().unwrap().content, EmailContent::Invitation(InvitationEmail::Invited { .. })));
    world.api().accepts(&world.link_to(INVITED), json!({})).await.expect(201);
}

#[tokio::test]
async fn it_was_not_me_who_asked_ends_the_links_and_leaves_the_password() {
    for on_page in [false, true] {
        let world = World::new().await;
        let (recovery, report) = (world.recovery().await, world.report().await);
        let api = world.api().logs_in(MEMBER).await;
        if on_page {
            let mut browser = world.browser();
            let to = browser.opens(&report).await;
            let page = browser.get(&to).await.expect(200).body;
            assert_eq!(main_button(&page).as_deref(), Some(to.as_str()), "{page}");
            assert!(page.contains("You did not ask for a new password?"), "{page}");
            let done = browser.submit(&to, &[]).await.expect(200).body;
            assert!(done.contains("the links are dead") && links(&done).contains(&"/help".to_owned()), "{done}");
            browser.get(&to).await.expect(400);
        } else {
            world.api().post("/password-resets/report", json!({ "token": report })).await.expect(204);
        }
        world.api().post("/password-resets/complete", reset(&recovery)).await.expect(410);
        world.api().post("/password-resets/report", json!({ "token": report })).await.expect(410);
        api.get("/sessions/current").await.expect(200);
        world.api().logs_in(MEMBER).await;
        world.delivers().await;
        assert_eq!((told(&world, ADMINISTRATOR), told(&world, MEMBER)), (1, 0));
    }
}

#[tokio::test]
async fn it_was_not_me_who_changed_it_closes_the_account_and_mails_a_link_back_in() {
    for on_page in [false, true] {
        let world = World::new().await;
        let intruder = world.api().logs_in(MEMBER).await;
        intruder.put("/me/password", change()).await.expect(204);
        world.delivers().await;
        let report = world.mailed(TokenKind::Report, MEMBER);
        // What the intruder does in the meantime does not switch the link off.
        let more = json!({ "current_password": OTHER_PASSWORD, "password": "Vv9#poiuyt", "password_confirmation": "Vv9#poiuyt" });
        intruder.put("/me/password", more).await.expect(204);
        if on_page {
            let mut browser = world.browser();
            let to = browser.opens(&report).await;
            let page = browser.get(&to).await.expect(200).body;
            assert!(page.contains("You did not change your password?"), "{page}");
            let done = browser.submit(&to, &[]).await.expect(200).body;
            assert!(done.contains("A link to choose a new password is on its way"), "{done}");
        } else {
            world.api().post("/password-resets/report", json!({ "token": report })).await.expect(204);
        }
        intruder.get("/sessions/current").await.expect(401);
        for password in [PASSWORD, OTHER_PASSWORD, "Vv9#poiuyt"] {
            refused(&world, MEMBER, password).await;
        }
        world.delivers().await;
        assert_eq!((told(&world, ADMINISTRATOR), told(&world, MEMBER)), (1, 0));
        let token = world.mailed(TokenKind::Recovery, MEMBER);
        let new = json!({ "token": token, "password": "Hh3_yxcvbn", "password_confirmation": "Hh3_yxcvbn" });
        world.api().post("/password-resets/complete", new).await.expect(204);
        let session = world.api().logs_in_with(MEMBER, "Hh3_yxcvbn").await.get("/sessions/current").await.expect(200).json();
        assert_eq!(session["required_actions"], json!([]));
    }
}

/// What the page of a dead link offers.
async fn dead_page(browser: &mut Browser, token: &str) -> Answer {
    let to = browser.opens(token).await;
    browser.get(&to).await.expect(410)
}

#[tokio::test]
async fn the_page_of_a_dead_link_offers_the_next_step() {
    let world = World::new().await;
    let mut browser = world.browser();
    for (kind, button, others) in [
        (TokenKind::Activation, "/signup", &["/login"][..]),
        (TokenKind::Recovery, "/forgot-password", &["/login", "/help"]),
        (TokenKind::Report, "/forgot-password", &["/help"]),
    ] {
        let token = stray(kind);
        let page = dead_page(&mut browser, &token).await.body;
        assert_eq!(main_button(&page).as_deref(), Some(button), "{kind:?}");
        for to in others {
            assert!(links(&page).contains(&(*to).to_owned()), "{kind:?}: {page}");
        }
        // So does an address that is none.
        let page = browser.get(&format!("/{}/x", kind.page().unwrap())).await.expect(410).body;
        assert_eq!(main_button(&page).as_deref(), Some(button), "{kind:?}");
        world.get(button).await.expect(200);
    }
    let token = stray(TokenKind::Invitation);
    let page = dead_page(&mut browser, &token).await.body;
    assert_eq!(main_button(&page).as_deref(), Some("/login"), "most people who open one again have an account");
    assert!(page.contains(&format!("action=\"/register/{}/renewal\"", link_id(&token))), "{page}");
}

#[tokio::test]
async fn a_disabled_account_is_not_reset() {
    let world = World::new().await;
    let token = world.recovery().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let path = format!("/accounts/{}", world.account_id(MEMBER).await);
    ada.send("POST", &format!("{path}/disable"), None).await.expect(204);
    world.api().post("/password-resets/complete", reset(&token)).await.expect(410);
    ada.send("POST", &format!("{path}/enable"), None).await.expect(204);
    world.api().post("/password-resets/complete", reset(&token)).await.expect(410);
}

#[tokio::test]
async fn browsers_find_the_page_that_changes_a_password() {
    let world = World::new().await;
    for mut browser in [world.browser(), world.browser_of(MEMBER).await] {
        let answer = browser.get("/.well-known/change-password").await.expect(303);
        assert_eq!(answer.header("location"), "/change-password");
    }
    let to = world.browser().get("/change-password").await.expect(303).header("location").to_owned();
    assert_eq!(to, "/login?return_to=%2Fchange-password");
    let mut browser = world.browser();
    let form = [("email", MEMBER), ("password", PASSWORD), ("return_to", "/change-password")];
    assert_eq!(browser.submit("/login", &form).await.expect(303).header("location"), "/change-password");
    // What Chrome asks for to see whether missing pages are told apart from existing ones.
    world.get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200").await.expect(404);
}

#[tokio::test]
async fn signing_up_with_the_address_of_an_account_changes_nothing_of_it() {
    let world = World::new().await;
    world.api().post("/registrations", sign_up(MEMBER)).await.expect(202);
    world.delivers().await;
    world.api().logs_in(MEMBER).await;
}
