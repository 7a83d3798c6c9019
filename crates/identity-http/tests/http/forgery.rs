//! Requests that other sites make a browser send.

use axum::{body::Body, http::Request};
use identity_core::value::TokenKind;

use crate::{
    routes::{FORMS, good, operations, page_path, visitor, with_code},
    support::{ADMINISTRATOR, Browser, MEMBER, OPERATOR, PASSWORD, RequestExt as _, World, ask, encoded, stray, token_in},
};

/// How a request that was not sent by our own page differs.
#[derive(Clone, Copy, Debug)]
enum Forgery {
    NoToken,
    EmptyToken,
    ForeignToken,
    CrossSiteOrigin,
    NullOrigin,
    OriginThatStartsLikeOurs,
    CrossSiteFetch,
    SameSiteFetch,
    PlainText,
    Json,
    NoContentType,
}

const FORGERIES: [(Forgery, u16); 11] = [
    (Forgery::NoToken, 403),
    (Forgery::EmptyToken, 403),
    (Forgery::ForeignToken, 403),
    (Forgery::CrossSiteOrigin, 403),
    (Forgery::NullOrigin, 403),
    (Forgery::OriginThatStartsLikeOurs, 403),
    (Forgery::CrossSiteFetch, 403),
    (Forgery::SameSiteFetch, 403),
    (Forgery::PlainText, 415),
    (Forgery::Json, 415),
    (Forgery::NoContentType, 415),
];

/// Where a request says it comes from.
fn from(request: Request<Body>, forgery: Forgery) -> Request<Body> {
    match forgery {
        Forgery::CrossSiteOrigin => request.with("origin", "https://evil.example"),
        Forgery::NullOrigin => request.with("origin", "null"),
        Forgery::OriginThatStartsLikeOurs => request.with("origin", "https://id.example.org.evil.example"),
        Forgery::CrossSiteFetch => request.with("sec-fetch-site", "cross-site"),
        Forgery::SameSiteFetch => request.with("sec-fetch-site", "same-site"),
        _ => request,
    }
}

fn forged(request: Request<Body>, fields: &[(&str, String)], (own, foreign): (&str, &str), forgery: Forgery) -> Request<Body> {
    let token = match forgery {
        Forgery::NoToken => None,
        Forgery::EmptyToken => Some(""),
        Forgery::ForeignToken => Some(foreign),
        _ => Some(own),
    };
    let mut fields = fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
    fields.extend(token.map(|token| ("csrf_token", token)));
    let request = from(request, forgery).text(encoded(&fields));
    match forgery {
        Forgery::PlainText => request.with("content-type", "text/plain"),
        Forgery::Json => request.with("content-type", "application/json"),
        Forgery::NoContentType => request,
        _ => request.with("content-type", "application/x-www-form-urlencoded"),
    }
}

#[tokio::test]
async fn no_form_is_taken_that_our_own_page_did_not_send() {
    for (route, fields) in FORMS {
        let world = World::new().await;
        let mut browser = visitor(&world, route).await;
        let fields = with_code(&world, fields);
        let own = browser.token().await;
        let foreign = world.browser_of(ADMINISTRATOR).await.token().await;
        let path = page_path(&world, route).await;
        if route.ends_with("/renewal") {
            // A new invitation is only asked for where the old one does not work any more.
            world.passes("P8D");
            browser.logs_in(OPERATOR, PASSWORD).await.expect(303);
        }
        let own = if route.ends_with("/renewal") { browser.token().await } else { own };
        for (forgery, status) in FORGERIES {
            world.listens();
            let answer = browser.send(forged(browser.request("POST", &path), &fields, (&own, &foreign), forgery)).await;
            assert_eq!(answer.status, status, "{forgery:?} {route}: {}", answer.body);
            world.heard_no_effect(&format!("{forgery:?} {route}"));
        }
        world.listens();
        let mut fields = fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
        fields.push(("csrf_token", &own));
        let request = browser.request("POST", &path).with("origin", "https://id.example.org").with("sec-fetch-site", "same-origin");
        let answer = browser.send(request.form(&fields)).await;
        assert!(matches!(answer.status, 200..=303), "{route}: {} {}", answer.status, answer.body);
        assert!(world.heard("commit") > 0, "{route} has no effect at all");
    }
}

#[tokio::test]
async fn a_form_without_the_cookies_of_its_page_is_not_taken() {
    for (route, fields) in FORMS {
        let world = World::new().await;
        let mut browser = visitor(&world, route).await;
        let token = browser.token().await;
        let path = page_path(&world, route).await;
        let mut fields = fields.to_vec();
        fields.push(("csrf_token", &token));
        world.listens();
        let answer = world.send(ask("POST", &path).form(&fields)).await;
        // Pages for those who are signed in send everybody else to the login.
        let is_for_signed_in = ["/admin", "/change-password", "/terms/accept", "/account", "/reauthenticate", "/welcome"]
            .iter()
            .any(|start| route.starts_with(start));
        let expected = if is_for_signed_in { 303 } else { 403 };
        assert_eq!(answer.status, expected, "{route}: {}", answer.body);
        world.heard_no_effect(route);
    }
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing_through_the_api() {
    for operation in operations().iter().filter(|operation| operation.is_secured() && operation.method != "GET") {
        let world = World::new().await;
        let mut browser = world.browser_of(OPERATOR).await;
        let foreign = world.browser_of(MEMBER).await.token().await;
        let (path, body) = good(&world, operation).await;
        let current = browser.get("/api/v1/sessions/current").await.expect(200).json();
        let own = current["csrf_token"].as_str().unwrap().to_owned();
        let request = |browser: &Browser| {
            let request = browser.request(&operation.method, &format!("/api/v1{path}"));
            match &body {
                Some(body) => request.json(body),
                None => request,
            }
        };
        for token in [None, Some(""), Some(foreign.as_str())] {
            world.listens();
            let request = match token {
                Some(token) => request(&browser).with("x-csrf-token", token),
                None => request(&browser),
            };
            assert_eq!(browser.send(request).await.expect(403).problem(), "forbidden", "{} with {token:?}", operation.name());
            world.heard_no_effect(&operation.name());
        }
        for forgery in [Forgery::CrossSiteOrigin, Forgery::NullOrigin, Forgery::CrossSiteFetch, Forgery::SameSiteFetch] {
            world.listens();
            let request = from(request(&browser).with("x-csrf-token", &own), forgery);
            assert_eq!(browser.send(request).await.expect(403).problem(), "forbidden", "{} by {forgery:?}", operation.name());
            world.heard_no_effect(&operation.name());
        }
        let answer = browser.send(request(&browser).with("x-csrf-token", &own)).await;
        assert!(matches!(answer.status, 200..=204), "{}: {}", operation.name(), answer.body);
    }
}

#[tokio::test]
async fn a_program_with_a_bearer_token_needs_no_other_token() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    ada.send("DELETE", "/sessions/current", None).await.expect(204);
    let current = world.api().logs_in(OPERATOR).await.get("/sessions/current").await.expect(200).json();
    assert!(current.get("csrf_token").is_none(), "{current}");
}

#[tokio::test]
async fn a_bad_bearer_token_is_not_made_good_by_a_cookie() {
    let world = World::new().await;
    let browser = world.browser_of(OPERATOR).await;
    for authorization in ["Bearer nonsense", "Bearer ", "Basic YWRhOnNlY3JldA==", &format!("Bearer {}", stray(TokenKind::Session))]
    {
        let request = browser.request("GET", "/api/v1/sessions/current").with("authorization", authorization);
        let answer = world.send(request).await.expect(401);
        assert_eq!((answer.problem().as_str(), answer.header("www-authenticate")), ("not-signed-in", "Bearer"), "{authorization}");
    }
}

#[tokio::test]
async fn the_api_takes_json_and_nothing_else() {
    for operation in operations().into_iter().filter(crate::routes::Operation::takes_json) {
        let world = World::new().await;
        let ada = world.api().logs_in(OPERATOR).await;
        let (path, Some(body)) = good(&world, &operation).await else { continue };
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/json",
            "",
            "application/jsonp",
        ] {
            world.listens();
            let request = ada.request(&operation.method, &path).with("content-type", kind).text(body.to_string());
            assert_eq!(world.send(request).await.expect(415).problem(), "not-json", "{} as {kind}", operation.name());
            world.heard_no_effect(&operation.name());
        }
        let request = ada.request(&operation.method, &path).text(body.to_string());
        assert_eq!(world.send(request).await.expect(415).problem(), "not-json", "{} as nothing", operation.name());
        let request =
            ada.request(&operation.method, &path).with("content-type", "Application/JSON; charset=utf-8").text(body.to_string());
        let answer = world.send(request).await;
        assert!(matches!(answer.status, 200..=204), "{}: {}", operation.name(), answer.body);
    }
}

#[tokio::test]
async fn nobody_can_be_signed_in_as_somebody_else_without_knowing() {
    let world = World::new().await;
    // The attacker's own page, token and cookie, and the victim's browser that was never on the login page.
    let mut attacker = world.browser();
    let token = attacker.token().await;
    let mut victim = world.browser();
    let form = [("email", MEMBER), ("password", PASSWORD), ("return_to", ""), ("csrf_token", token.as_str())];
    world.listens();
    victim.post("/login", &form).await.expect(403);
    victim.get("/login").await.expect(200);
    victim.post("/login", &form).await.expect(403);
    world.heard_no_effect("a forged login");
    assert!(!victim.cookies.keys().any(|name| name.ends_with("session")));
}

#[tokio::test]
async fn the_token_of_the_forms_changes_with_login_and_logout() {
    let world = World::new().await;
    let mut browser = world.browser();
    let before = browser.token().await;
    browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    let inside = browser.token().await;
    assert_ne!(before, inside);
    world.listens();
    browser.post("/logout", &[("csrf_token", &before)]).await.expect(403);
    world.heard_no_effect("a logout with the token of the visit");
    browser.post("/logout", &[("csrf_token", &inside)]).await.expect(303);
    let after = browser.token().await;
    assert!(after != before && after != inside);
    browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    assert_ne!(browser.token().await, inside, "two sessions of one account have one token");
}

#[tokio::test]
async fn the_secret_of_a_visit_never_becomes_a_session() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.get("/login").await.expect(200);
    let visit = browser.cookies["__Host-visit"].clone();
    browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    assert!(!browser.cookies.contains_key("__Host-visit"), "the visit is over with the login");
    let session = browser.cookies["__Host-session"].clone();
    assert_ne!(visit.split('_').nth(1), session.split('_').nth(1));
    for value in [visit.clone(), visit.replace("idvis_", "idses_")] {
        let request = ask("GET", "/api/v1/sessions/current").with("cookie", &format!("__Host-session={value}"));
        world.send(request).await.expect(401);
    }
}

#[tokio::test]
async fn a_session_that_an_attacker_chose_is_never_adopted() {
    let world = World::new().await;
    let chosen = stray(TokenKind::Session);
    let mut browser = world.browser();
    browser.cookies.insert("__Host-session".to_owned(), chosen.clone());
    browser.logs_in(MEMBER, PASSWORD).await.expect(303);
    assert_ne!(browser.cookies["__Host-session"], chosen);
    world.send(ask("GET", "/api/v1/sessions/current").with("cookie", &format!("__Host-session={chosen}"))).await.expect(401);
}

#[tokio::test]
async fn a_login_over_an_older_session_ends_that_session() {
    let world = World::new().await;
    let mut browser = world.browser_of(OPERATOR).await;
    let older = browser.cookies["__Host-session"].clone();
    // The login page sends those who are signed in on; a form that is sent all the same starts again.
    let token = token_in(&browser.get("/account").await.expect(200).body);
    let form = [("email", MEMBER), ("password", PASSWORD), ("return_to", ""), ("csrf_token", token.as_str())];
    browser.post("/login", &form).await.expect(303);
    assert_ne!(browser.cookies["__Host-session"], older);
    world.send(ask("GET", "/api/v1/sessions/current").with("cookie", &format!("__Host-session={older}"))).await.expect(401);
    assert!(browser.get("/account").await.expect(200).body.contains(MEMBER));
}

#[tokio::test]
async fn cookies_of_an_unprefixed_name_are_not_believed_where_https_is_spoken() {
    let world = World::new().await;
    let session = world.browser_of(OPERATOR).await.cookies["__Host-session"].clone();
    for cookie in [format!("session={session}"), format!("__Host-session={session}; __Host-session={session}")] {
        world.send(ask("GET", "/api/v1/sessions/current").with("cookie", &cookie)).await.expect(401);
    }
}

/// A host asks who sends a request to a route of its own: what other sites can have a browser send counts for nothing that changes
/// anything.
#[tokio::test]
async fn a_host_learns_who_sends_a_request_and_takes_no_cookie_for_a_will() {
    let world = World::new().await;
    let api = world.api().logs_in(MEMBER).await;
    let mut browser = world.browser_of(MEMBER).await;
    let token = browser.token().await;
    let sender = async |request: Request<Body>| {
        let signed_in = world.app.signed_in(request.method(), request.headers()).await.unwrap();
        signed_in.map(|signed_in| signed_in.account.email.as_str().to_owned())
    };
    for method in ["GET", "POST"] {
        assert_eq!(sender(ask(method, "/reports")).await, None);
        assert_eq!(sender(api.request(method, "/reports")).await.as_deref(), Some(MEMBER), "{method}");
    }
    assert_eq!(sender(browser.request("GET", "/reports")).await.as_deref(), Some(MEMBER));
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(sender(browser.request(method, "/reports")).await, None, "{method} with a cookie alone");
        let wrong = browser.request(method, "/reports").with("x-csrf-token", "wrong");
        assert_eq!(sender(wrong).await, None, "{method} with a token of nobody's");
        let willed = browser.request(method, "/reports").with("x-csrf-token", &token);
        assert_eq!(sender(willed).await.as_deref(), Some(MEMBER), "{method} with the token beside it");
    }
    browser.submit("/logout", &[]).await;
    assert_eq!(sender(browser.request("GET", "/reports")).await, None);
}
