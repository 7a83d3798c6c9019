//! What is answered with what people typed, and with what broke.

use identity_core::value::{PersonName, TokenKind};
use serde_json::json;

use crate::{
    html::{decoded, is_harmless, shape, tags},
    routes::{document, good, operations},
    support::{Answer, Browser, INVITED, MEMBER, OPERATOR, OTHER_ADMINISTRATOR, WAITING, World},
};

const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "</title></textarea><svg onload=alert(1)>",
    "</bdi></main><style>*{color:red}</style>",
    "&lt;script&gt;&quot;&amp;",
    "{{ 7 * 7 }} {% x %} ${7*7}",
    "<!-- --!><b",
    "`-alert(1)-`",
    "O'Brien & Söhne <Ltd>",
    "<a href=x>",
];

/// The pages that show the names of people, roles, companies, notes and addresses.
async fn pages(text: &str) -> Vec<(&'static str, Answer)> {
    // Names of people take no angle brackets at all.
    let name = PersonName::parse(text).map_or_else(|_| "Mallory".to_owned(), |name| name.to_string());
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let company = world.company_id(OPERATOR).await;
    ada.send("PATCH", &format!("/companies/{company}"), Some(&json!({ "name": text }))).await.expect(200);
    let role = json!({ "name": text, "description": text, "grantable_by": "administrator" });
    ada.send("PATCH", "/roles/editor", Some(&role)).await.expect(200);
    ada.send("PATCH", "/subscriptions/news", Some(&role)).await.expect(200);
    let texts =
        json!({ "effective_at": "2026-01-06T00:00:00Z", "texts": { "en": format!("Dear {text}"), "ar": format!("Dear {text}") } });
    ada.post("/terms", texts).await.expect(201);
    world.passes("PT24H");
    let ada = world.api().logs_in(OPERATOR).await;
    ada.post("/me/terms-acceptance", json!({ "version": 2 })).await.expect(204);
    let invitation = json!({
        "email": "mallory@acme.example", "first_name": name, "last_name": name, "note": text, "roles": ["editor"], "subscriptions": ["news"],
        "language": "en",
    });
    ada.post("/invitations", invitation.clone()).await.expect(201);
    world.delivers().await;
    let link = world.link_to("mallory@acme.example");
    let mut browser = world.browser();
    let to = browser.opens(&link).await;
    let mut pages = vec![("registration", browser.get(&to).await.expect(200))];
    let wrong = [("first_name", text), ("last_name", text), ("company_name", text), ("email", text), ("password", "x")];
    pages.push(("a refused registration", browser.submit(&to, &wrong).await.expect(422)));
    world.api().accepts(&link, json!({ "first_name": name, "last_name": name, "accept_terms": 2 })).await.expect(201);
    pages.push((
        "a refused login",
        browser.submit("/login", &[("email", text), ("password", "x"), ("return_to", text)]).await.expect(422),
    ));
    browser.logs_in("mallory@acme.example", crate::support::PASSWORD).await.expect(303);
    let profile = [("first_name", text), ("last_name", text), ("phone", text), ("department", text), ("job_title", text)];
    pages.push(("a refused profile", browser.submit("/account", &profile).await.expect(422)));
    let profile = [("first_name", name.as_str()), ("last_name", &name), ("department", text), ("job_title", text)];
    browser.submit("/account", &profile).await.expect(303);
    pages.push(("account", browser.get("/account").await.expect(200)));
    let settings = [("language", text), ("time_zone", text), ("notifications.x", text)];
    pages.push(("refused settings", browser.submit("/account/settings", &settings).await.expect(422)));
    pages.push(("terms", browser.get("/terms").await.expect(200)));
    let mut ada = world.browser_of(OPERATOR).await;
    let api = world.api().logs_in(OPERATOR).await;
    let id = api.get("/invitations?q=mallory").await.expect(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    let query = crate::support::encoded(&[("q", text), ("state", text), ("cursor", text)]);
    for (what, path) in [
        ("list", "/admin/invitations".to_owned()),
        ("list with a query", format!("/admin/invitations?{query}")),
        ("detail", format!("/admin/invitations/{id}")),
        ("invite", "/admin/invitations/new".to_owned()),
    ] {
        pages.push((what, ada.get(&path).await.expect(200)));
    }
    let wrong = [("email", text), ("first_name", text), ("note", text), ("language", text), ("expires_in", text)];
    pages.push(("a refused invitation", ada.submit("/admin/invitations/new", &wrong).await.expect(422)));
    let pending = world.invitation_id(INVITED).await;
    let expiry = format!("/admin/invitations/{pending}/expiry");
    pages.push(("a refused expiry", ada.submit(&expiry, &[("expires_at", text)]).await.expect(422)));
    pages.extend(pages_of_accounts(&world, (text, &name), &mut ada).await);
    pages
}

/// The pages of a sign-up, and what administrators see of it and of accounts.
async fn pages_of_accounts(world: &World, (text, name): (&str, &str), ada: &mut Browser) -> Vec<(&'static str, Answer)> {
    let mut pages = Vec::new();
    let mut browser = world.browser();
    let wrong = [("first_name", text), ("last_name", text), ("company_name", text), ("country", text), ("email", text)];
    pages.push(("a refused sign-up", browser.submit("/signup", &wrong).await.expect(422)));
    pages.push(("a refused address", browser.submit("/forgot-password", &[("email", text)]).await.expect(422)));
    let body = json!({ "first_name": name, "last_name": name, "company_name": text, "country": "DE", "email": WAITING });
    let strict = world.with(|settings| settings.registration.approval = true);
    strict.api().post("/registrations", body).await.expect(202);
    strict.delivers().await;
    let token = strict.mailed(TokenKind::Activation, WAITING);
    let to = browser.opens(&token).await;
    pages.push(("activation", browser.get(&to).await.expect(200)));
    let wrong = [("first_name", text), ("last_name", text), ("company_name", text), ("country", text), ("password", "x")];
    pages.push(("a refused activation", browser.submit(&to, &wrong).await.expect(422)));
    let mut body = crate::support::completion(&token);
    body["accept_terms"] = json!(2);
    strict.api().post("/registrations/complete", body).await.expect(202);
    pages.push(("those who wait", ada.get("/admin/registrations").await.expect(200)));
    let query = crate::support::encoded(&[("q", text), ("state", text), ("cursor", text)]);
    let account = format!("/admin/accounts/{}", world.account_id("mallory@acme.example").await);
    for (what, path) in [
        ("accounts", "/admin/accounts".to_owned()),
        ("accounts with a query", format!("/admin/accounts?{query}")),
        ("an account", account.clone()),
    ] {
        pages.push((what, ada.get(&path).await.expect(200)));
    }
    let reset = format!("{account}/reset");
    let wrong = [("method", "link"), ("identity_check.method", text), ("identity_check.note", text)];
    pages.push(("a refused reset", ada.submit(&reset, &wrong).await.expect(422)));
    let good = [("method", "link"), ("identity_check.method", "other"), ("identity_check.note", text)];
    pages.push(("a reset", ada.submit(&reset, &good).await.expect(202)));
    pages
}

#[tokio::test]
async fn hostile_texts_are_shown_and_change_no_page() {
    let harmless = Box::pin(pages("Harmless Text")).await;
    let mut shown = 0;
    for text in HOSTILE {
        for ((what, page), (_, usual)) in Box::pin(pages(text)).await.iter().zip(&harmless) {
            is_harmless(&format!("{what} with {text}"), &page.body);
            // By this a form that is sent again leaves them out.
            let secrets = tags(&page.body).into_iter().filter(|tag| tag.attribute("type") == Some("password"));
            assert!(secrets.into_iter().all(|tag| tag.attribute("name").is_some_and(|name| name.contains("password"))), "{what}");
            // Refusals differ by what is wrong, and the terms by their Markdown.
            if !["terms", "registration", "activation"].contains(what) && !what.starts_with("a refused") {
                assert_eq!(shape(&page.body), shape(&usual.body), "{what} with {text}");
            }
            if ["account", "detail", "registration", "invite", "activation", "those who wait", "an account"].contains(what) {
                assert!(decoded(&page.body).contains(text), "{what} does not show {text}");
                shown += 1;
            }
        }
    }
    assert_eq!(shown, 7 * HOSTILE.len());
}

#[tokio::test]
async fn texts_that_play_with_the_direction_of_reading_are_not_taken() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    for text in [
        "Ada\u{202e}cod.exe",
        "Ada\u{2066}x",
        "Ada\nBcc: x@example.org",
        "Ada\u{0}",
        "Ada\u{1b}[31m",
        "visit evil.example/x https://evil.example",
    ] {
        let answer = ada.post("/invitations", json!({ "email": "new@acme.example", "first_name": text })).await.expect(422);
        assert_eq!(answer.codes("first_name"), ["invalid"], "{text:?}");
        let answer = world.api().accepts(&world.link_to(INVITED), json!({ "last_name": text })).await.expect(422);
        assert_eq!(answer.codes("last_name"), ["invalid"], "{text:?}");
    }
}

/// What a problem document says, and nothing of what is inside.
#[track_caller]
fn is_a_problem(answer: &Answer, what: &str) {
    let problem = answer.json();
    let object = problem.as_object().unwrap();
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    let schema = document()["components"]["schemas"]["Problem"].clone();
    crate::openapi::fits(&document(), &schema, &problem).unwrap_or_else(|why| panic!("{what}: {why}: {problem}"));
    assert!(object["type"].as_str().unwrap().starts_with("urn:identity:problem:"), "{what}: {problem}");
    assert_eq!(object["status"], answer.status, "{what}");
    assert_eq!(object["instance"], answer.header("x-request-id"), "{what}");
    holds_nothing_of_the_inside(answer, what);
}

#[track_caller]
fn holds_nothing_of_the_inside(answer: &Answer, what: &str) {
    for word in
        ["because the test", "Injected", "panicked", ".rs", "src/", "SELECT", "sqlite", "commit", "RUST_", "entropy", "store"]
    {
        assert!(!answer.body.contains(word), "{what} says {word}: {}", answer.body);
    }
}

#[tokio::test]
async fn every_failure_of_every_port_is_a_503_with_nothing_of_the_inside() {
    let prepared = async |operation: &crate::routes::Operation| {
        let world = World::new().await;
        let (path, body) = good(&world, operation).await;
        let ada = world.api().logs_in(OPERATOR).await;
        (world, path, body, ada)
    };
    for operation in operations() {
        // Where a try is counted before it is made, each has an installation of its own.
        let is_counted = [
            "POST /sessions",
            "POST /sessions/current/reauthenticate",
            "POST /registrations/verify-code",
            "PUT /me/password",
            "PUT /me/picture",
            "POST /me/email-change",
            "GET /me/export",
            "DELETE /me",
        ]
        .contains(&operation.name().as_str());
        let (mut world, mut path, mut body, mut ada) = prepared(&operation).await;
        for index in 0.. {
            world.kit.faults.fail_at(index);
            let answer = ada.send(&operation.method, &path, body.as_ref()).await;
            let (calls, trace) = (world.kit.faults.calls(), world.kit.faults.trace());
            world.kit.faults.none();
            let what = format!("{} with call {index} of {trace:?} failing", operation.name());
            if calls <= index {
                // It works after all those failures: none of them changed anything.
                assert!(answer.status < 300, "{what}: {}", answer.body);
                break;
            }
            if answer.status < 300 {
                // The request's own id is drawn first, and an answer without it is better than none.
                assert!(index == 0, "{what}: {}", answer.body);
            } else {
                assert_eq!(answer.status, 503, "{what}: {}", answer.body);
                assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0, "{what}");
                is_a_problem(&answer, &what);
            }
            if is_counted && answer.status >= 300 {
                let again = ada.send(&operation.method, &path, body.as_ref()).await;
                assert!(again.status < 300, "{what}, and nothing was changed: {} {}", again.status, again.body);
            }
            if is_counted || index == 0 {
                (world, path, body, ada) = prepared(&operation).await;
            }
        }
    }
}

#[tokio::test]
async fn every_failure_of_every_port_is_a_page_of_ours() {
    let world = World::new().await;
    let mut browser = world.browser_of(OPERATOR).await;
    let to = browser.opens(&world.link_to(INVITED)).await;
    browser.get(&to).await.expect(200);
    let detail = format!("/admin/invitations/{}", world.invitation_id(INVITED).await);
    let decline = format!("{to}/decline");
    let revoke = format!("{detail}/revoke");
    for token in [world.activation().await, world.recovery().await, world.report().await] {
        browser.opens(&token).await;
    }
    browser.cookies.insert("__Host-flow".to_owned(), world.signs_up("nora@newco.example").await);
    let activate = crate::support::clean(&world.activation().await);
    let reset = crate::support::clean(&world.recovery().await);
    let report = crate::support::clean(&world.report().await);
    let account = format!("/admin/accounts/{}", world.account_id(MEMBER).await);
    let paths = [
        "/",
        "/login",
        "/signup",
        "/signup/sent",
        "/forgot-password",
        "/change-password",
        "/help",
        "/admin/accounts",
        "/admin/registrations",
        &activate,
        &reset,
        &report,
        &account,
        "/account",
        "/account/settings",
        "/terms",
        "/logout",
        &to,
        &decline,
        "/admin/invitations",
        "/admin/invitations/new",
        &detail,
        &revoke,
    ];
    for path in paths {
        let mut failed = 0;
        for index in 0.. {
            world.kit.faults.fail_at(index);
            let answer = browser.get(path).await;
            let calls = world.kit.faults.calls();
            world.kit.faults.none();
            if calls <= index {
                break;
            }
            if answer.status == 503 {
                failed += 1;
                assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path} {index}");
                assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0, "{path} {index}");
                assert!(answer.cookies().is_empty(), "{path} {index}");
                is_harmless(path, &answer.body);
                holds_nothing_of_the_inside(&answer, path);
            } else {
                assert!(answer.status < 400 && index == 0, "{path} {index}: {} {}", answer.status, answer.body);
            }
        }
        assert!(failed > 0, "{path} needs nothing at all");
    }
}

#[tokio::test]
async fn every_refusal_is_a_problem_that_names_the_request() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let olga = world.api().logs_in(OTHER_ADMINISTRATOR).await;
    let id = world.invitation_id(INVITED).await;
    for (status, answer) in [
        (
            400,
            world
                .send(crate::support::RequestExt::text(
                    crate::support::RequestExt::with(ada.request("POST", "/invitations"), "content-type", "application/json"),
                    "{",
                ))
                .await,
        ),
        (401, world.api().get("/invitations").await),
        (401, world.api().post("/sessions", json!({ "email": MEMBER, "password": "x" })).await),
        (403, world.api().logs_in(MEMBER).await.get("/invitations").await),
        (404, olga.get(&format!("/invitations/{id}")).await),
        (404, ada.get("/nowhere").await),
        (405, ada.send("PUT", "/invitations", None).await),
        (409, ada.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "operator" })).await),
        (410, world.api().accepts("x", json!({})).await),
        (413, ada.post("/invitations", json!({ "email": "x".repeat(300_000) })).await),
        (415, world.send(ada.request("POST", "/invitations")).await),
        (422, ada.post("/invitations", json!({ "email": "x" })).await),
        (422, ada.post("/roles", json!({ "key": "X", "name": "", "grantable_by": "me" })).await),
    ] {
        assert_eq!(answer.status, status, "{}", answer.body);
        is_a_problem(&answer, &status.to_string());
        assert_eq!(answer.json().get("errors").is_some_and(|errors| errors != &json!([])), status == 422, "{}", answer.body);
    }
}

#[tokio::test]
async fn no_answer_of_the_api_holds_a_secret() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    for operation in operations() {
        let world = World::new().await;
        let ada = world.api().logs_in(OPERATOR).await;
        let (path, body) = good(&world, &operation).await;
        let answer = ada.send(&operation.method, &path, body.as_ref()).await;
        let text = answer.body.clone();
        let (token, other) = (ada.token.as_deref().unwrap(), crate::support::OTHER_PASSWORD);
        for secret in [link.as_str(), crate::support::PASSWORD, other, "plain$", "digest", "password_hash", token] {
            assert!(!text.contains(secret), "{} holds {secret}", operation.name());
        }
        let minted: [(&str, &[&str]); 4] = [
            // The session of the request has ended.
            ("idses_", &["POST /sessions", "POST /me/invitations/accept"]),
            ("iddev_", &["POST /sessions", "POST /invitations/accept", "POST /registrations/complete"]),
            ("idflw_", &["POST /registrations"]),
            ("idact_", &["POST /registrations/verify-code"]),
        ];
        for (prefix, names) in minted {
            assert_eq!(text.contains(prefix), names.contains(&operation.name().as_str()), "{} and {prefix}", operation.name());
        }
        for prefix in ["idinv_", "idvis_", "idrec_", "idrep_"] {
            assert!(!text.contains(prefix), "{} and {prefix}", operation.name());
        }
    }
}
