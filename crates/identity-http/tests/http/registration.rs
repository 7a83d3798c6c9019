//! Signing up: from the form to the first login, and what strangers learn on the way.

use identity_core::{
    model::{
        outbox::{AccountEmail, EmailContent, InvitationEmail, RegistrationEmail},
        registration::{AddressVerification, RegistrationMode, RegistrationState},
    },
    value::TokenKind,
};
use serde_json::json;

use crate::{
    html::{is_wrong, links, main_button, tags},
    support::{
        ACTIVATION, Answer, Browser, INVITED, MEMBER, OPERATOR, PASSWORD, REGISTRATION, RequestExt as _, SIGN_UP, SIGNING_UP,
        WAITING, World, ask, clean, completion, seen, sign_up, stray,
    },
};

/// A browser that has signed up, with the mail delivered.
async fn signed_up(world: &World) -> Browser {
    let mut browser = world.browser();
    let answer = browser.submit("/signup", &SIGN_UP).await.expect(303);
    assert_eq!(answer.header("location"), "/signup/sent");
    world.delivers().await;
    browser
}

fn kinds(world: &World, email: &str) -> Vec<&'static str> {
    let kind = |content: &EmailContent| match content {
        EmailContent::Registration(RegistrationEmail::Activation { .. }) => "activation",
        EmailContent::Registration(RegistrationEmail::AlreadyRegistered { .. }) => "already registered",
        EmailContent::Invitation(InvitationEmail::Invited { .. }) => "invitation",
        EmailContent::Registration(RegistrationEmail::Waits { .. }) => "waits",
        EmailContent::Registration(RegistrationEmail::Approved { .. }) => "approved",
        EmailContent::Registration(RegistrationEmail::Rejected { .. }) => "rejected",
        _ => "another",
    };
    world.mails_to(email).iter().map(|mail| kind(&mail.content)).collect()
}

/// The field of the page with what stands in it.
fn value(page: &str, name: &str) -> String {
    let field = tags(page).into_iter().find(|tag| tag.attribute("name") == Some(name)).unwrap();
    field.attribute("value").unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_program_signs_somebody_up_who_gets_in_by_the_mailed_link() {
    let world = World::new().await;
    let answer = world.api().post("/registrations", sign_up(SIGNING_UP)).await.expect(202).json();
    assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["flow"]);
    world.api().post("/sessions", json!({ "email": SIGNING_UP, "password": PASSWORD })).await.expect(401);
    world.delivers().await;
    assert_eq!(kinds(&world, SIGNING_UP), ["activation"]);
    let token = world.mailed(TokenKind::Activation, SIGNING_UP);
    let done = world.api().post("/registrations/complete", completion(&token)).await.expect(201).json();
    assert_eq!(done["state"], "completed");
    assert_eq!(done["account"]["email"], SIGNING_UP);
    assert_eq!(done["account"]["roles"], json!(["company_administrator"]));
    assert_eq!((&done["account"]["first_name"], &done["account"]["last_name"]), (&json!("Nina"), &json!("Simons")));
    let again = world.api().post("/registrations/complete", completion(&token)).await.expect(410);
    assert_eq!(again.problem(), "dead-link");
    let nina = world.api().logs_in(SIGNING_UP).await;
    let companies = nina.get("/companies").await.expect(200).json();
    assert_eq!(companies["items"].as_array().unwrap().len(), 1);
    assert_eq!(companies["items"][0]["name"], "Newco");
}

#[tokio::test]
async fn a_person_signs_up_on_the_pages_and_gets_in_by_the_mailed_link() {
    let world = World::new().await;
    let mut browser = signed_up(&world).await;
    let sent = browser.get("/signup/sent").await.expect(200).body;
    assert!(sent.contains(SIGNING_UP), "{sent}");
    // The link works in another browser too.
    let mut other = world.browser();
    let to = other.opens(&world.mailed(TokenKind::Activation, SIGNING_UP)).await;
    let page = other.get(&to).await.expect(200).body;
    assert!(page.contains("Nina Simons") && page.contains("Newco") && page.contains("Germany"), "{page}");
    let asked = tags(&page)
        .into_iter()
        .filter(|tag| tag.attribute("type") != Some("hidden"))
        .filter_map(|tag| tag.attribute("name").map(str::to_owned));
    let asked = asked.filter(|name| !["viewport", "color-scheme", "robots"].contains(&name.as_str())).collect::<Vec<_>>();
    assert_eq!(asked, ["email", "password", "password_confirmation", "accept_terms"], "the password, and not the form again");
    let page = other.get(&format!("{to}?details=true")).await.expect(200).body;
    assert_eq!(
        ["first_name", "last_name", "company_name", "email"].map(|name| value(&page, name)),
        ["Nina", "Simons", "Newco", SIGNING_UP]
    );
    assert!(page.contains("<option value=\"DE\" selected>"), "{page}");
    let done = other.submit(&to, &ACTIVATION).await.expect(201);
    assert!(done.cookie("session").is_none(), "nobody is signed in by it: {:?}", done.cookies());
    assert_eq!(main_button(&done.body).as_deref(), Some("/login"));
    other.get(&to).await.expect(400);
    browser.logs_in(SIGNING_UP, PASSWORD).await.expect(303);
    assert!(browser.get("/account").await.expect(200).body.contains("Newco"));
}

#[tokio::test]
async fn the_code_of_the_mail_does_the_same_as_its_link() {
    let world = World::new().await;
    let flow = world.signs_up(SIGNING_UP).await;
    let code = world.code_to(SIGNING_UP);
    let grouped = format!(" {}-{} ", &code[..4], &code[4..]);
    let body = json!({ "flow": flow, "code": grouped });
    let answer = world.api().post("/registrations/verify-code", body.clone()).await.expect(200).json();
    // A code works once.
    assert_eq!(world.api().post("/registrations/verify-code", body).await.expect(422).codes("code"), ["wrong_code"]);
    let token = answer["token"].as_str().unwrap();
    world.api().post("/registrations/complete", completion(token)).await.expect(201);
    // The link of the same mail is dead with it.
    let link = world.mailed(TokenKind::Activation, SIGNING_UP);
    world.api().post("/registrations/complete", completion(&link)).await.expect(410);
    world.api().logs_in(SIGNING_UP).await;
}

#[tokio::test]
async fn the_code_that_is_typed_on_the_page_leads_to_the_page_of_the_link() {
    let world = World::new().await;
    let mut browser = signed_up(&world).await;
    let code = world.code_to(SIGNING_UP);
    let answer = browser.submit("/signup/code", &[("code", &code)]).await.expect(303);
    let to = answer.header("location").to_owned();
    assert!(to.starts_with("/activate/") && !to.contains("idact_"), "{to}");
    browser.get(&to).await.expect(200);
    let mut by_link = world.browser();
    let link = by_link.opens(&world.mailed(TokenKind::Activation, SIGNING_UP)).await;
    by_link.get(&link).await.expect(200);
    browser.submit(&to, &ACTIVATION).await.expect(201);
    by_link.submit(&link, &ACTIVATION).await.expect(410);
    assert_eq!(browser.get("/signup/sent").await.expect(303).header("location"), "/signup");
    browser.logs_in(SIGNING_UP, PASSWORD).await.expect(303);
}

#[tokio::test]
async fn mails_carry_what_the_installation_wants_and_the_page_asks_for_nothing_else() {
    for (verification, has_link, has_code) in [
        (AddressVerification::Link, true, false),
        (AddressVerification::Code, false, true),
        (AddressVerification::LinkAndCode, true, true),
    ] {
        let world = World::new().await.with(|settings| settings.registration.verification = verification);
        let mut browser = signed_up(&world).await;
        let page = browser.get("/signup/sent").await.expect(200).body;
        assert_eq!(page.contains("action=\"/signup/code\""), has_code, "{verification:?}");
        assert_eq!(world.find_mailed(TokenKind::Activation, SIGNING_UP).is_some(), has_link, "{verification:?}");
        let mails = world.mails_to(SIGNING_UP);
        let EmailContent::Registration(RegistrationEmail::Activation { code, .. }) = &mails[0].content else { panic!("{mails:?}") };
        assert_eq!(code.is_some(), has_code, "{verification:?}");
    }
}

#[tokio::test]
async fn names_that_are_corrected_on_the_page_count() {
    let corrected = [
        ("first_name", "Nina-Marie"),
        ("last_name", "Simone"),
        ("company_name", "Newer Co"),
        ("country", "FR"),
        ("email", "eve@evil.example"),
        ("password", PASSWORD),
        ("password_confirmation", PASSWORD),
        ("accept_terms", "1"),
    ];
    let world = World::new().await;
    let mut browser = signed_up(&world).await;
    let to = browser.opens(&world.mailed(TokenKind::Activation, SIGNING_UP)).await;
    browser.submit(&to, &corrected).await.expect(201);
    let session = world.api().logs_in(SIGNING_UP).await.get("/sessions/current").await.expect(200).json();
    assert_eq!((&session["account"]["first_name"], &session["account"]["last_name"]), (&json!("Nina-Marie"), &json!("Simone")));
    assert_eq!(session["account"]["email"], SIGNING_UP);

    let world = World::new().await;
    let token = world.activation().await;
    let mut body = completion(&token);
    body["first_name"] = json!("Nina-Marie");
    body["company_name"] = json!("Newer Co");
    let account = world.api().post("/registrations/complete", body).await.expect(201).json();
    assert_eq!(
        (&account["account"]["first_name"], &account["account"]["last_name"]),
        (&json!("Nina-Marie"), &json!("Simons")),
        "what is left out stays"
    );
    let companies = world.api().logs_in(SIGNING_UP).await.get("/companies").await.expect(200).json();
    assert_eq!(companies["items"][0]["name"], "Newer Co");
}

#[tokio::test]
async fn a_company_of_the_same_name_is_another_company() {
    let world = World::new().await;
    let token = world.activation().await;
    let mut body = completion(&token);
    body["company_name"] = json!("Acme");
    world.api().post("/registrations/complete", body).await.expect(201);
    let nina = world.api().logs_in(SIGNING_UP).await;
    assert!(!nina.get("/accounts?limit=200").await.expect(200).body.contains("acme.example"));
    assert_ne!(world.company_id(SIGNING_UP).await, world.company_id(OPERATOR).await);
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_the_sixth_try_is_dead_whatever_it_is() {
    let world = World::new().await;
    let flow = world.signs_up(SIGNING_UP).await;
    let right = world.code_to(SIGNING_UP);
    let wrong = if right == "12345678" { "12345679" } else { "12345678" };
    let tries = async |world: &World, code: &str| {
        world.api().post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await
    };
    let mut answers = Vec::new();
    for code in [wrong, "", "1234", "abcdefgh", wrong] {
        let answer = tries(&world, code).await.expect(422);
        assert_eq!(answer.codes("code"), ["wrong_code"], "{code}");
        answers.push(seen(&answer, &[]));
    }
    answers.push(seen(&tries(&world, &right).await.expect(422), &[]));
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    // The next mail brings a code with tries of its own; the older one is over.
    world.passes("PT1M");
    world.api().post("/registrations/resend", json!({ "flow": flow })).await.expect(202);
    world.delivers().await;
    let newer = world.code_to(SIGNING_UP);
    assert_ne!(newer, right);
    tries(&world, &right).await.expect(422);
    tries(&world, &newer).await.expect(200);
}

#[tokio::test]
async fn a_code_that_was_left_empty_is_asked_for_and_no_try() {
    let world = World::new().await;
    let mut browser = signed_up(&world).await;
    for empty in [&[][..], &[("code", " ")]].into_iter().cycle().take(8) {
        let page = browser.submit("/signup/code", empty).await.expect(422).body;
        assert!(is_wrong(&page, "code") && page.contains("Type the code"), "{page}");
    }
    browser.submit("/signup/code", &[("code", &world.code_to(SIGNING_UP))]).await.expect(303);
}

#[tokio::test]
async fn the_page_says_that_a_code_is_wrong_and_the_sixth_try_is_dead() {
    let world = World::new().await;
    let mut browser = signed_up(&world).await;
    let right = world.code_to(SIGNING_UP);
    let wrong = if right == "12345678" { "12345679" } else { "12345678" };
    for _ in 0..5 {
        let page = browser.submit("/signup/code", &[("code", wrong)]).await.expect(422).body;
        assert!(is_wrong(&page, "code") && page.contains(SIGNING_UP), "{page}");
        assert!(!page.contains(wrong), "what was typed is not said again");
    }
    browser.submit("/signup/code", &[("code", &right)]).await.expect(422);
}

#[tokio::test]
async fn a_code_lives_to_the_second() {
    for (seconds, status) in [(599, 200), (600, 422)] {
        let world = World::new().await;
        let flow = world.signs_up(SIGNING_UP).await;
        world.passes_seconds(seconds);
        let body = json!({ "flow": flow, "code": world.code_to(SIGNING_UP) });
        world.api().post("/registrations/verify-code", body).await.expect(status);
    }
}

#[tokio::test]
async fn a_code_works_for_the_flow_of_its_own_sign_up_alone() {
    let world = World::new().await;
    world.signs_up(SIGNING_UP).await;
    let code = world.code_to(SIGNING_UP);
    let strangers = world.signs_up(SIGNING_UP).await;
    let other = world.signs_up("mallory@newco.example").await;
    for flow in [strangers, other, stray(TokenKind::Flow)] {
        let body = json!({ "flow": flow, "code": code });
        let answer = world.api().post("/registrations/verify-code", body).await.expect(422);
        assert_eq!(answer.codes("code"), ["wrong_code"]);
    }
}

#[tokio::test]
async fn the_page_of_a_sign_up_needs_the_cookie_of_its_browser() {
    let world = World::new().await;
    signed_up(&world).await;
    for flow in [None, Some(stray(TokenKind::Flow)), Some(stray(TokenKind::Session)), Some("nonsense".to_owned())] {
        let mut browser = world.browser();
        if let Some(flow) = flow {
            browser.cookies.insert("__Host-flow".to_owned(), flow);
        }
        assert_eq!(browser.get("/signup/sent").await.expect(303).header("location"), "/signup");
        let token = browser.token().await;
        world.listens();
        for (path, fields) in [("/signup/code", vec![("code", "12345678")]), ("/signup/resend", vec![])] {
            let mut fields = fields;
            fields.push(("csrf_token", token.as_str()));
            assert_eq!(browser.post(path, &fields).await.expect(303).header("location"), "/signup", "{path}");
        }
        world.heard_no_effect("a page without a sign-up");
    }
}

#[tokio::test]
async fn the_mail_can_be_asked_for_again_after_a_pause() {
    let world = World::new().await;
    let mut browser = signed_up(&world).await;
    let flow = browser.cookies["__Host-flow"].clone();
    let page = browser.get("/signup/sent").await.expect(200).body;
    let button = tags(&page).into_iter().find(|tag| tag.attribute("data-wait").is_some()).expect("a button that waits");
    assert_eq!(button.attribute("data-wait"), Some("60"));
    for (seconds, retry_after) in [(0, "60"), (59, "1")] {
        world.passes_seconds(seconds);
        let page = browser.submit("/signup/resend", &[]).await.expect(429);
        let api = world.api().post("/registrations/resend", json!({ "flow": flow })).await.expect(429);
        assert_eq!((page.header("retry-after"), api.header("retry-after")), (retry_after, retry_after));
        assert_eq!(api.problem(), "throttled");
    }
    world.passes("PT1S");
    assert!(!browser.get("/signup/sent").await.expect(200).body.contains("data-wait"));
    assert_eq!(browser.submit("/signup/resend", &[]).await.expect(303).header("location"), "/signup/sent");
    world.delivers().await;
    world.passes("PT1M");
    world.api().post("/registrations/resend", json!({ "flow": flow })).await.expect(202);
    world.delivers().await;
    assert_eq!(kinds(&world, SIGNING_UP), ["activation"; 3]);
    // A fourth one in the hour is more than an address is sent.
    world.passes("PT1M");
    world.api().post("/registrations/resend", json!({ "flow": flow })).await.expect(202);
    world.delivers().await;
    assert_eq!(kinds(&world, SIGNING_UP), ["activation"; 3]);
    world.api().post("/registrations/complete", completion(&world.mailed(TokenKind::Activation, SIGNING_UP))).await.expect(201);
}

#[tokio::test]
async fn a_person_who_only_knows_the_address_has_a_link_sent_and_no_code() {
    let world = World::new().await;
    let flow = world.signs_up(SIGNING_UP).await;
    let code = world.code_to(SIGNING_UP);
    let answer = world.api().post("/registrations/resend", json!({ "email": SIGNING_UP })).await.expect(202);
    assert_eq!(answer.body, "");
    world.delivers().await;
    let mails = world.mails_to(SIGNING_UP);
    let EmailContent::Registration(RegistrationEmail::Activation { code: none, link: Some(_), .. }) = &mails[1].content else {
        panic!("{mails:?}")
    };
    assert!(none.is_none());
    world.api().post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await.expect(200);
    for body in [json!({}), json!({ "email": SIGNING_UP, "flow": flow }), json!({ "language": "en" })] {
        assert_eq!(world.api().post("/registrations/resend", body).await.expect(422).codes("email"), ["missing_field"]);
    }
    for flow in [stray(TokenKind::Flow), stray(TokenKind::Session), "x".to_owned()] {
        assert_eq!(world.api().post("/registrations/resend", json!({ "flow": flow })).await.expect(202).body, "");
    }
}

#[tokio::test]
async fn nobody_signs_up_where_that_is_closed() {
    let open = World::new().await;
    let token = open.activation().await;
    let mut browser = signed_up(&open).await;
    let flow = browser.cookies["__Host-flow"].clone();
    let world = open.with(|settings| settings.registration.mode = RegistrationMode::Closed);
    world.listens();
    for (path, body) in [
        ("/registrations", sign_up("late@newco.example")),
        ("/registrations", sign_up(MEMBER)),
        ("/registrations/resend", json!({ "email": SIGNING_UP })),
        ("/registrations/resend", json!({ "email": MEMBER })),
        ("/registrations/resend", json!({ "flow": flow })),
    ] {
        assert_eq!(world.api().post(path, body).await.expect(403).problem(), "registration-closed", "{path}");
    }
    assert_eq!(world.api().post("/registrations/complete", completion(&token)).await.expect(410).problem(), "dead-link");
    let mut stranger = world.browser();
    let pages = [stranger.get("/signup").await, stranger.submit("/signup", &SIGN_UP).await];
    for page in pages {
        let page = page.expect(403);
        assert!(page.body.contains("You need an invitation"), "{}", page.body);
        assert_eq!(main_button(&page.body).as_deref(), Some("/login"));
    }
    world.heard_no_effect("a closed door");
    let to = stranger.opens(&token).await;
    stranger.get(&to).await.expect(410);
    stranger.submit(&to, &ACTIVATION).await.expect(410);
    // The browser that had signed up is with the open world's cookies.
    browser = Browser { world, ..browser };
    browser.submit("/signup/resend", &[]).await.expect(403);
}

#[tokio::test]
async fn pages_speak_of_signing_up_only_where_it_is_open() {
    let open = World::new().await;
    let closed = open.with(|settings| settings.registration.mode = RegistrationMode::Closed);
    for (world, is_open) in [(&open, true), (&closed, false)] {
        let login = links(&world.get("/login").await.expect(200).body);
        assert_eq!(login.contains(&"/signup".to_owned()), is_open, "{login:?}");
        for to in ["/forgot-password", "/help", "/terms"] {
            assert!(login.contains(&to.to_owned()), "{login:?}");
        }
        let help = links(&world.get("/help").await.expect(200).body);
        assert_eq!(help.contains(&"/signup".to_owned()), is_open, "{help:?}");
        assert!(help.contains(&"/forgot-password".to_owned()) && help.contains(&"mailto:help@id.example.org".to_owned()));
    }
}

#[tokio::test]
async fn addresses_that_may_not_sign_up_are_refused_as_a_wrong_field() {
    let domains = RegistrationMode::Domains(["newco.example".to_owned(), "disposable.example".to_owned()].into());
    let world = World::new().await;
    let only = world.with(|settings| settings.registration.mode = domains.clone());
    for (world, email, code) in [
        (&only, "nina@acme.example", "domain_not_allowed"),
        (&only, "nina@sub.newco.example", "domain_not_allowed"),
        // Whether the address is known makes no difference.
        (&only, MEMBER, "domain_not_allowed"),
        (&only, "nina@disposable.example", "disposable"),
        (&world, "nina@disposable.example", "disposable"),
    ] {
        world.listens();
        let answer = world.api().post("/registrations", sign_up(email)).await.expect(422);
        assert_eq!((answer.problem().as_str(), answer.codes("email")), ("invalid-request", vec![code.to_owned()]), "{email}");
        let answer = world.api().post("/registrations/resend", json!({ "email": email })).await.expect(422);
        assert_eq!(answer.codes("email"), [code], "{email}");
        let mut fields = SIGN_UP.to_vec();
        fields[4] = ("email", email);
        let page = world.browser().submit("/signup", &fields).await.expect(422).body;
        assert!(is_wrong(&page, "email"), "{email}: {page}");
        assert_eq!(value(&page, "company_name"), "Newco", "what was typed stays");
        world.heard_no_effect(email);
    }
    only.api().post("/registrations", sign_up(SIGNING_UP)).await.expect(202);
}

#[tokio::test]
async fn a_person_who_waits_for_approval_is_in_when_an_operator_says_so() {
    let world = World::new().await.with(|settings| settings.registration.approval = true);
    world.signs_up(WAITING).await;
    let token = world.mailed(TokenKind::Activation, WAITING);
    let done = world.api().post("/registrations/complete", completion(&token)).await.expect(202).json();
    assert_eq!((&done["state"], done.get("account")), (&json!("awaiting_approval"), None));
    world.delivers().await;
    assert_eq!(kinds(&world, OPERATOR).last(), Some(&"waits"));
    let refused = world.api().post("/sessions", json!({ "email": WAITING, "password": PASSWORD })).await.expect(403).json();
    assert_eq!(refused["type"], "urn:identity:problem:awaiting-approval");
    let ada = world.api().logs_in(OPERATOR).await;
    let list = ada.get("/registrations").await.expect(200).json();
    let row = &list["items"][0];
    assert_eq!((list["items"].as_array().unwrap().len(), &row["email"], &row["country"]), (1, &json!(WAITING), &json!("DE")));
    assert_eq!(row["state"], "awaiting_approval");
    let path = format!("/registrations/{}/approve", row["id"].as_str().unwrap());
    let approved = ada.send("POST", &path, None).await.expect(201).json();
    assert_eq!((&approved["state"], &approved["account"]["email"]), (&json!("completed"), &json!(WAITING)));
    for act in ["approve", "reject"] {
        let again = ada.send("POST", &path.replace("approve", act), None).await.expect(409);
        assert_eq!(again.problem(), "not-waiting", "{act}");
    }
    world.delivers().await;
    assert_eq!(kinds(&world, WAITING), ["activation", "approved"]);
    world.api().logs_in(WAITING).await.get("/sessions/current").await.expect(200);
    assert_eq!(ada.get("/registrations").await.expect(200).json()["items"], json!([]));
    assert_eq!(ada.get("/registrations?state=completed").await.expect(200).json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_person_who_is_rejected_stays_out_and_is_told() {
    let world = World::new().await;
    let waiting = world.waiting().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let rejected = ada.send("POST", &format!("/registrations/{}/reject", waiting.id), None).await.expect(200).json();
    assert_eq!(rejected["state"], "rejected");
    world.delivers().await;
    assert_eq!(kinds(&world, WAITING).last(), Some(&"rejected"));
    world.api().post("/sessions", json!({ "email": WAITING, "password": PASSWORD })).await.expect(401);
    let approve = format!("/registrations/{}/approve", waiting.id);
    assert_eq!(ada.send("POST", &approve, None).await.expect(409).problem(), "not-waiting");
}

#[tokio::test]
async fn operators_decide_on_a_page() {
    let world = World::new().await.with(|settings| settings.registration.approval = true);
    for email in [WAITING, "willy@newco.example"] {
        let mut browser = world.browser();
        let mut fields = SIGN_UP.to_vec();
        fields[4] = ("email", email);
        browser.submit("/signup", &fields).await.expect(303);
        world.delivers().await;
        let to = browser.opens(&world.mailed(TokenKind::Activation, email)).await;
        let page = browser.submit(&to, &ACTIVATION).await.expect(202).body;
        assert!(page.contains("Almost there"), "{page}");
        let page = browser.logs_in(email, PASSWORD).await.expect(403).body;
        assert!(page.contains("waiting for approval"), "{page}");
        let page = browser.logs_in(email, "wr0ng Horse-battery").await.expect(401).body;
        assert!(!page.contains("waiting for approval"), "{page}");
    }
    let mut ada = world.browser_of(OPERATOR).await;
    let page = ada.get("/admin/registrations").await.expect(200).body;
    assert!(page.contains(WAITING) && page.contains("willy@newco.example") && page.contains("Newco"), "{page}");
    let wanda = world.registration(WAITING, RegistrationState::AwaitingApproval).await.unwrap();
    let willy = world.registration("willy@newco.example", RegistrationState::AwaitingApproval).await.unwrap();
    assert!(page.contains(&format!("/admin/registrations/{}/approve", wanda.id)), "{page}");
    let answer = ada.submit(&format!("/admin/registrations/{}/approve", wanda.id), &[]).await.expect(303);
    assert_eq!(answer.header("location"), "/admin/registrations");
    ada.submit(&format!("/admin/registrations/{}/reject", willy.id), &[]).await.expect(303);
    let page = ada.get("/admin/registrations").await.expect(200).body;
    assert!(!page.contains("newco.example"), "{page}");
    ada.submit(&format!("/admin/registrations/{}/approve", willy.id), &[]).await.expect(409);
    world.browser().logs_in(WAITING, PASSWORD).await.expect(303);
    world.browser().logs_in("willy@newco.example", PASSWORD).await.expect(401);
}

#[tokio::test]
async fn an_address_that_got_an_account_in_the_meantime_is_sent_to_the_login() {
    let world = World::new().await;
    let first = world.activation().await;
    world.passes("PT1M");
    let flow = world.signs_up(SIGNING_UP).await;
    let second = world.mailed(TokenKind::Activation, SIGNING_UP);
    let code = world.code_to(SIGNING_UP);
    world.api().post("/registrations/complete", completion(&first)).await.expect(201);
    let answer = world.api().post("/registrations/complete", completion(&second)).await.expect(409);
    assert_eq!(answer.problem(), "account-exists");
    let mut browser = world.browser();
    let to = browser.opens(&second).await;
    for page in [browser.get(&to).await, browser.submit(&to, &ACTIVATION).await] {
        let page = page.expect(409).body;
        assert_eq!(main_button(&page).as_deref(), Some("/login"));
        assert!(links(&page).contains(&"/forgot-password".to_owned()), "{page}");
    }
    let token = world.api().post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await.expect(200).json();
    let token = token["token"].as_str().unwrap();
    world.api().post("/registrations/complete", completion(token)).await.expect(409);
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_activation_is_said_at_once() {
    let world = World::new().await;
    let token = world.activation().await;
    let mut browser = world.browser();
    let to = browser.opens(&token).await;
    let wrong = [
        ("first_name", ""),
        ("last_name", "Simons"),
        ("company_name", ""),
        ("country", "??"),
        ("password", "weak"),
        ("password_confirmation", "other"),
    ];
    let page = browser.submit(&to, &wrong).await.expect(422).body;
    for field in ["first_name", "company_name", "country", "password", "password_confirmation", "accept_terms"] {
        assert!(is_wrong(&page, field), "{field}: {page}");
    }
    assert!(!is_wrong(&page, "last_name") && value(&page, "last_name") == "Simons", "{page}");
    let mut body = completion(&token);
    for (field, value) in [("first_name", ""), ("company_name", ""), ("country", "??"), ("language", "??")] {
        body[field] = json!(value);
    }
    let answer = world.api().post("/registrations/complete", body).await.expect(422);
    for field in ["first_name", "company_name", "country", "language"] {
        assert_eq!(answer.codes(field), ["invalid"], "{field}: {}", answer.body);
    }
    let mut body = completion(&token);
    body["password"] = json!("weak");
    body["accept_terms"] = json!(2);
    let answer = world.api().post("/registrations/complete", body).await.expect(422);
    assert_eq!(
        (answer.codes("accept_terms"), answer.codes("password_confirmation")),
        (vec!["terms".into()], vec!["confirmation".into()])
    );
    assert!(answer.codes("password").contains(&"min_length".to_owned()), "{}", answer.body);
}

#[tokio::test]
async fn the_terms_that_count_are_those_that_were_shown() {
    let world = World::new().await;
    let token = world.activation().await;
    let mut browser = world.browser();
    let to = browser.opens(&token).await;
    browser.get(&to).await.expect(200);
    let ada = world.api().logs_in(OPERATOR).await;
    let texts = json!({ "effective_at": "2026-01-05T10:00:00Z", "texts": { "en": "Be kinder.", "ar": "Be kinder." } });
    ada.post("/terms", texts).await.expect(201);
    world.passes("PT2H");
    let page = browser.submit(&to, &ACTIVATION).await.expect(422).body;
    assert!(is_wrong(&page, "accept_terms") && page.contains("Be kinder."), "{page}");
    let answer = world.api().post("/registrations/complete", completion(&token)).await.expect(422);
    assert_eq!(answer.codes("accept_terms"), ["terms"]);
    let mut fields = ACTIVATION.to_vec();
    fields.retain(|(name, _)| *name != "accept_terms");
    fields.push(("accept_terms", "2"));
    browser.submit(&to, &fields).await.expect(201);
}

#[tokio::test]
async fn a_sign_up_is_answered_and_mailed_in_the_language_of_its_browser() {
    let world = World::new().await;
    let mut browser = world.browser();
    let token = browser.token().await;
    let mut fields = SIGN_UP.to_vec();
    fields.push(("csrf_token", &token));
    let request = browser.request("POST", "/signup").with("accept-language", "ar,en;q=0.5").form(&fields);
    browser.send(request).await.expect(303);
    world.delivers().await;
    assert_eq!(world.mails_to(SIGNING_UP)[0].language.as_str(), "ar");
    let to = browser.opens(&world.mailed(TokenKind::Activation, SIGNING_UP)).await;
    assert!(browser.get(&to).await.expect(200).body.contains("<html lang=\"ar\" dir=\"rtl\">"));
}

/// The same request for an address of each kind, in a world of its own: unknown, with an account, invited, disabled, signed up.
async fn for_every_address(request: impl AsyncFn(&World, &str) -> Answer) -> Vec<(u16, Vec<(String, String)>, String)> {
    let mut answers = Vec::new();
    for kind in ["unknown", "known", "invited", "disabled", "signed up"] {
        let world = World::new().await;
        let email = match kind {
            "unknown" => "nobody@newco.example",
            "invited" => INVITED,
            "signed up" => SIGNING_UP,
            _ => MEMBER,
        };
        match kind {
            "disabled" => {
                let ada = world.api().logs_in(OPERATOR).await;
                let path = format!("/accounts/{}/disable", world.account_id(MEMBER).await);
                ada.send("POST", &path, None).await.expect(204);
            }
            "signed up" => drop(world.signs_up(SIGNING_UP).await),
            _ => {}
        }
        world.listens();
        let answer = request(&world, email).await;
        let trace = world.kit.faults.trace().into_iter().filter(|call| *call != "entropy").collect::<Vec<_>>();
        let (status, headers, body) = seen(&answer, &[email]);
        answers.push((status, headers, format!("{body}\n{trace:?}")));
    }
    answers
}

#[tokio::test]
async fn a_sign_up_is_answered_the_same_no_matter_who_has_the_address() {
    let mut answers =
        for_every_address(async |world, email| world.api().post("/registrations", sign_up(email)).await.expect(202)).await;
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    let resend =
        async |world: &World, email: &str| world.api().post("/registrations/resend", json!({ "email": email })).await.expect(202);
    let mut answers = for_every_address(resend).await;
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[tokio::test]
async fn the_pages_of_a_sign_up_are_the_same_no_matter_who_has_the_address() {
    for step in ["submitted", "sent", "a wrong code", "sent again"] {
        let mut answers = for_every_address(async |world, email| {
            let mut browser = world.browser();
            let mut fields = SIGN_UP.to_vec();
            fields[4] = ("email", email);
            let submitted = browser.submit("/signup", &fields).await.expect(303);
            if step == "submitted" {
                return submitted;
            }
            world.delivers().await;
            world.passes("PT2M");
            let token = browser.token().await;
            world.listens();
            let token = ("csrf_token", token.as_str());
            match step {
                "sent" => browser.get("/signup/sent").await.expect(200),
                "a wrong code" => browser.post("/signup/code", &[("code", "12345678"), token]).await.expect(422),
                _ => browser.post("/signup/resend", &[token]).await.expect(303),
            }
        })
        .await;
        answers.dedup();
        assert_eq!(answers.len(), 1, "{step}: {answers:#?}");
    }
}

#[tokio::test]
async fn a_code_of_a_known_address_is_refused_like_any_other() {
    let mut answers = for_every_address(async |world, email| {
        let flow = world.signs_up(email).await;
        world.listens();
        world.api().post("/registrations/verify-code", json!({ "flow": flow, "code": "12345678" })).await.expect(422)
    })
    .await;
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[tokio::test]
async fn an_address_that_is_known_gets_another_mail() {
    let world = World::new().await;
    let before = kinds(&world, INVITED).len();
    for email in [MEMBER, INVITED] {
        world.signs_up(email).await;
    }
    assert_eq!(kinds(&world, MEMBER).last(), Some(&"already registered"));
    assert_eq!(kinds(&world, INVITED)[before..], ["invitation"]);
    assert!(world.find_mailed(TokenKind::Activation, MEMBER).is_none());
    assert!(world.find_mailed(TokenKind::Activation, INVITED).is_none());
}

#[tokio::test]
async fn a_person_who_only_looks_at_an_activation_changes_nothing() {
    let world = World::new().await;
    let token = world.activation().await;
    let clean = clean(&token);
    let mut browser = world.browser();
    world.listens();
    for method in ["GET", "HEAD", "OPTIONS", "GET"] {
        for path in [format!("/activate/{token}"), clean.clone()] {
            let answer = browser.send(browser.request(method, &path)).await;
            assert!(answer.status < 400 || answer.status == 405, "{method} {path}: {}", answer.status);
            world.send(ask(method, &path)).await;
        }
    }
    world.heard_no_effect("looking");
    world.api().post("/registrations/complete", completion(&token)).await.expect(201);
}

#[tokio::test]
async fn the_clocks_of_a_new_account_are_those_of_the_browser_where_it_says_which() {
    for (said, kept) in [
        ("Europe/Berlin", "Europe/Berlin"),
        ("asia/kathmandu", "Asia/Kathmandu"),
        ("", "UTC"),
        ("Mars/Olympus", "UTC"),
        ("../etc/passwd", "UTC"),
    ] {
        let world = World::new().await;
        for (link, form, email) in [
            (world.link_to(crate::support::INVITED), &crate::support::REGISTRATION[..], crate::support::INVITED),
            (world.activation().await, &crate::support::ACTIVATION[..], crate::support::SIGNING_UP),
        ] {
            let mut browser = world.browser();
            let page = browser.opens(&link).await;
            assert!(browser.get(&page).await.body.contains("<input type=\"hidden\" name=\"time_zone\" data-own-zone>"));
            let mut form = form.to_vec();
            form.push(("time_zone", said));
            browser.submit(&page, &form).await.expect(201);
            let account = world.store().account(world.account_id(email).await).await.unwrap().unwrap();
            assert_eq!(account.preferences.time_zone.as_str(), kept, "{said}");
        }
    }
}

#[tokio::test]
async fn a_program_says_the_time_zone_of_a_new_account() {
    let world = World::new().await;
    let accept = |zone: &str| {
        json!({
            "token": world.link_to(INVITED), "first_name": "Ida", "last_name": "Rhodes", "password": PASSWORD,
            "password_confirmation": PASSWORD, "accept_terms": 1, "time_zone": zone,
        })
    };
    let refused = world.api().post("/invitations/accept", accept("Mars/Olympus")).await.expect(422);
    assert!(!refused.codes("time_zone").is_empty(), "{}", refused.body);
    world.api().post("/invitations/accept", accept("Asia/Kathmandu")).await.expect(201);
    let account = world.store().account(world.account_id(INVITED).await).await.unwrap().unwrap();
    assert_eq!(account.preferences.time_zone.as_str(), "Asia/Kathmandu");
}

/// How many mails say that somebody logged in by a browser that was not known.
async fn told_of_logins(world: &World, email: &str) -> usize {
    world.delivers().await;
    let mails = world.kit.mailer.mails().into_iter().filter(|mail| mail.to.as_str() == email);
    mails.filter(|mail| matches!(mail.content, EmailContent::Account(AccountEmail::SignedIn { .. }))).count()
}

#[tokio::test]
async fn the_browser_that_registered_is_known_when_it_logs_in() {
    let world = World::new().await;
    let mut invited = world.browser();
    let to = invited.opens(&world.link_to(INVITED)).await;
    invited.submit(&to, &REGISTRATION).await.expect(201);
    world.api().post("/registrations", sign_up(SIGNING_UP)).await.expect(202);
    world.delivers().await;
    let mut newcomer = world.browser();
    let to = newcomer.opens(&world.mailed(TokenKind::Activation, SIGNING_UP)).await;
    newcomer.submit(&to, &ACTIVATION).await.expect(201);
    for (browser, email) in [(&mut invited, INVITED), (&mut newcomer, SIGNING_UP)] {
        browser.logs_in(email, PASSWORD).await.expect(303);
        assert_eq!(told_of_logins(&world, email).await, 0, "{email}");
        world.browser().logs_in(email, PASSWORD).await.expect(303);
        assert_eq!(told_of_logins(&world, email).await, 1, "{email}");
    }
}

#[tokio::test]
async fn a_program_that_registered_is_known_by_the_device_that_it_was_answered() {
    let world = World::new().await;
    let answer = world.api().accepts(&world.link_to(INVITED), json!({})).await.expect(201).json();
    let login = json!({ "email": INVITED, "password": PASSWORD, "device": answer["device"] });
    let session = world.api().post("/sessions", login).await.expect(201).json();
    assert!(session.get("device").is_none(), "{session}");
    assert_eq!(told_of_logins(&world, INVITED).await, 0);
}
