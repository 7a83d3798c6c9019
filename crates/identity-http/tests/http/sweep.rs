//! What holds for every answer of every route.

use axum::{body::Body, http::Request};
use identity_core::value::TokenKind;

use crate::{
    html::{is_harmless, is_well_formed},
    routes::{PAGES, good, link_of, operations, page_path},
    support::{
        ACTIVATION, ADMINISTRATOR, Answer, HTTPS, INVITED, LOOPBACK, MAIL, MEMBER, OPERATOR, OTHER_PASSWORD, PASSWORD,
        REGISTRATION, RequestExt as _, SIGN_UP, SIGNING_UP, World, ask, clean, link_id,
    },
};

/// An answer, and what it answers.
struct Heard {
    what: String,
    answer: Answer,
}

/// Every route and method, asked by nobody and by an operator, in a browser that has opened a link.
async fn everything(world: &World) -> Vec<Heard> {
    let mut operator = world.browser_of(OPERATOR).await;
    for route in ["/register", "/register/{link}/access", "/activate", "/reset-password", "/not-me"] {
        operator.opens(&link_of(world, route).await).await;
    }
    for route in ["/register", "/activate", "/reset-password", "/not-me", "/confirm-email", "/undo-email"] {
        operator.opens(&link_of(world, route).await).await;
    }
    let flow = if world.kit.settings.public_url.is_secure() { "__Host-flow" } else { "flow" };
    operator.cookies.insert(flow.to_owned(), world.signs_up("nora@newco.example").await);
    let token = operator.token().await;
    let api = world.api().logs_in(OPERATOR).await;
    let mut heard = Vec::new();
    let mut paths = Vec::new();
    for (route, methods) in PAGES {
        paths.push((route, methods, page_path(world, route).await));
    }
    // What reads comes first, so that it finds everything as it was.
    for safe in [true, false] {
        for (route, methods, path) in &paths {
            for method in methods.iter().filter(|method| (**method == "GET") == safe) {
                let nobody = if safe { ask(method, path) } else { ask(method, path).form(&[]) };
                heard.push(Heard { what: format!("{method} {route} by nobody"), answer: world.send(nobody).await });
                let request = operator.request(method, path);
                let request = if safe { request } else { request.form(&[("csrf_token", &token)]) };
                heard.push(Heard { what: format!("{method} {route} by an operator"), answer: world.send(request).await });
            }
        }
        for operation in operations().iter().filter(|operation| (operation.method == "GET") == safe) {
            if operation.name() == "POST /invitations/decline" {
                continue;
            }
            let fresh = World::at(&world.kit.settings.public_url.to_string()).await;
            let (world, api) = if safe { (world, &api) } else { (&fresh, &fresh.api().logs_in(OPERATOR).await) };
            let (path, body) = good(world, operation).await;
            let nobody = world.api().send(&operation.method, &path, body.as_ref()).await;
            heard.push(Heard { what: format!("{} by nobody", operation.name()), answer: nobody });
            let answer = api.send(&operation.method, &path, body.as_ref()).await;
            heard.push(Heard { what: format!("{} by an operator", operation.name()), answer });
        }
    }
    heard.push(Heard { what: "an unknown path".to_owned(), answer: world.get("/nowhere").await });
    heard.push(Heard { what: "an unknown path of the API".to_owned(), answer: world.get("/api/v1/nowhere").await });
    heard
}

/// What browsers do on the way from a link to a session and out again.
async fn a_visit(world: &World) -> Vec<Heard> {
    let mut heard = Vec::new();
    let mut browser = world.browser();
    let link = world.link_to(INVITED);
    let page = format!("/register/{}", link_id(&link));
    for (what, path) in [("the link", format!("/register/{link}")), ("its page", page.clone())] {
        heard.push(Heard { what: what.to_owned(), answer: browser.get(&path).await });
    }
    heard.push(Heard { what: "a wrong registration".to_owned(), answer: browser.submit(&page, &[("first_name", "Ida")]).await });
    heard.push(Heard { what: "a registration".to_owned(), answer: browser.submit(&page, &REGISTRATION).await });
    heard.push(Heard { what: "a wrong login".to_owned(), answer: browser.logs_in(INVITED, "wrong").await });
    let token = browser.token().await;
    let login = [("email", INVITED), ("password", PASSWORD), ("remember", "true"), ("csrf_token", &token)];
    heard.push(Heard { what: "a login".to_owned(), answer: browser.post("/login", &login).await });
    heard.push(Heard { what: "a logout".to_owned(), answer: browser.submit("/logout", &[]).await });
    // Somebody signs up, forgets the password, and changes it.
    let mut nina = world.browser();
    heard.push(Heard { what: "a wrong sign-up".to_owned(), answer: nina.submit("/signup", &[("email", "x")]).await });
    heard.push(Heard { what: "a sign-up".to_owned(), answer: nina.submit("/signup", &SIGN_UP).await });
    world.delivers().await;
    heard.push(Heard { what: "a sign-up's page".to_owned(), answer: nina.get("/signup/sent").await });
    heard.push(Heard { what: "a wrong code".to_owned(), answer: nina.submit("/signup/code", &[("code", "1")]).await });
    let code = world.code_to(SIGNING_UP);
    heard.push(Heard { what: "a code".to_owned(), answer: nina.submit("/signup/code", &[("code", &code)]).await });
    let link = world.mailed(TokenKind::Activation, SIGNING_UP);
    heard.push(Heard { what: "the link".to_owned(), answer: nina.get(&format!("/activate/{link}")).await });
    heard.push(Heard { what: "a wrong activation".to_owned(), answer: nina.submit(&clean(&link), &[("country", "?")]).await });
    heard.push(Heard { what: "an activation".to_owned(), answer: nina.submit(&clean(&link), &ACTIVATION).await.expect(201) });
    let forgot = [("email", SIGNING_UP)];
    heard.push(Heard { what: "a forgotten password".to_owned(), answer: nina.submit("/forgot-password", &forgot).await });
    world.delivers().await;
    for kind in [TokenKind::Recovery, TokenKind::Report] {
        let link = world.mailed(kind, SIGNING_UP);
        let page = kind.page().unwrap();
        heard.push(Heard { what: "the link".to_owned(), answer: nina.get(&format!("/{page}/{link}")).await });
        heard.push(Heard { what: "its page".to_owned(), answer: nina.get(&clean(&link)).await.expect(200) });
    }
    let link = clean(&world.mailed(TokenKind::Recovery, SIGNING_UP));
    let wrong = [("password", "a"), ("password_confirmation", "b")];
    heard.push(Heard { what: "a wrong reset".to_owned(), answer: nina.submit(&link, &wrong).await.expect(422) });
    let good = [("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];
    heard.push(Heard { what: "a reset".to_owned(), answer: nina.submit(&link, &good).await.expect(200) });
    heard.push(Heard { what: "a dead link".to_owned(), answer: nina.submit(&link, &good).await });
    heard.push(Heard { what: "a login".to_owned(), answer: nina.logs_in(SIGNING_UP, OTHER_PASSWORD).await.expect(303) });
    let wrong = [("current_password", PASSWORD), ("password", "a"), ("password_confirmation", "b")];
    heard.push(Heard { what: "a wrong change".to_owned(), answer: nina.submit("/change-password", &wrong).await.expect(422) });
    let good = [("current_password", OTHER_PASSWORD), ("password", PASSWORD), ("password_confirmation", PASSWORD)];
    heard.push(Heard { what: "a change".to_owned(), answer: nina.submit("/change-password", &good).await });
    for _ in 0..6 {
        heard.push(Heard { what: "a login too many".to_owned(), answer: world.browser().logs_in(MEMBER, "wrong").await });
    }
    let mut ada = world.browser_of(OPERATOR).await;
    world.applies("wanda@newco.example").await;
    let account = format!("/admin/accounts/{}", world.account_id(MEMBER).await);
    let reset = format!("{account}/reset");
    let method = |method| [("method", method), ("identity_check.method", "other"), ("identity_check.note", "Seen")];
    for (what, answer) in [
        ("those who wait", ada.get("/admin/registrations").await.expect(200)),
        ("a locked account", ada.get(&account).await.expect(200)),
        ("a wrong assisted reset", ada.submit(&reset, &[("method", "link")]).await.expect(422)),
        ("an assisted reset", ada.submit(&reset, &method("link")).await.expect(202)),
        ("a temporary password", ada.submit(&reset, &method("temporary_password")).await.expect(202)),
        ("an account with something to do", ada.get(&account).await.expect(200)),
        ("a disabled account", ada.submit(&format!("{account}/disable"), &[]).await.expect(303)),
        ("its page", ada.get(&account).await.expect(200)),
    ] {
        heard.push(Heard { what: what.to_owned(), answer });
    }
    assert!(heard.iter().all(|heard| heard.answer.status < 500), "the visit went wrong");
    heard
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for url in [HTTPS, LOOPBACK] {
        let world = World::at(url).await;
        let mut all = Box::pin(everything(&world)).await;
        all.extend(Box::pin(a_visit(&World::at(url).await)).await);
        for Heard { what, answer } in all {
            assert!(answer.status < 500, "{what}: {} {}", answer.status, answer.body);
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{what}");
            // The address that holds a link's secret is named to nobody; every other one to ourselves alone.
            let policy = if what == "the link" || what == "a code" { "no-referrer" } else { "same-origin" };
            assert_eq!(answer.header("referrer-policy"), policy, "{what}");
            assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
            assert!(!answer.headers.contains_key("access-control-allow-origin"), "{what}");
            assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"), "{what}");
            if what.contains("/assets/") {
                assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable", "{what}");
            } else if what.contains("GET /pictures/") {
                assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable", "{what}");
            } else {
                assert_eq!(answer.header("cache-control"), "no-store", "{what}");
            }
            // What is served in a sandbox has tests of its own.
            if what.contains("/dev/mailbox/{id}/html") || answer.header("content-type") == "image/jpeg" {
                continue;
            }
            let policy = answer.header("content-security-policy");
            for part in
                ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]
            {
                assert!(policy.contains(part), "{what}: {policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{what}: {policy}");
        }
    }
}

#[tokio::test]
async fn the_frame_of_a_mail_runs_and_loads_nothing() {
    let answer = World::new().await.get(&format!("/dev/mailbox/{MAIL}/html")).await.expect(200);
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("sandbox ") && policy.contains("default-src 'none'"), "{policy}");
    assert!(
        !policy.contains("allow-scripts") && !policy.contains("allow-same-origin") && !policy.contains("script-src"),
        "{policy}"
    );
}

#[tokio::test]
async fn https_is_demanded_for_good_and_only_where_it_is_spoken() {
    for (url, header) in [(HTTPS, "max-age=63072000; includeSubDomains"), (LOOPBACK, "")] {
        let world = World::at(url).await;
        for Heard { what, answer } in Box::pin(everything(&world)).await {
            assert_eq!(answer.header("strict-transport-security"), header, "{what}");
        }
    }
}

#[tokio::test]
async fn every_cookie_is_kept_from_scripts_other_sites_and_other_hosts() {
    for url in [HTTPS, LOOPBACK] {
        let world = World::at(url).await;
        let mut all = Box::pin(everything(&world)).await;
        all.extend(Box::pin(a_visit(&World::at(url).await)).await);
        let cookies = all.iter().flat_map(|heard| heard.answer.cookies().into_iter().map(|cookie| (heard.what.clone(), cookie)));
        let cookies = cookies.collect::<Vec<_>>();
        for name in ["session", "visit", "link-", "device", "flow"] {
            let prefix = if url == HTTPS { "__Host-" } else { "" };
            assert!(cookies.iter().any(|(_, cookie)| cookie.starts_with(&format!("{prefix}{name}"))), "no cookie {name} at {url}");
        }
        for (what, cookie) in cookies {
            let attributes = cookie.split("; ").skip(1).collect::<Vec<_>>();
            assert!(attributes.contains(&"HttpOnly") && attributes.contains(&"Path=/"), "{what}: {cookie}");
            assert!(attributes.contains(&"SameSite=Lax") || attributes.contains(&"SameSite=Strict"), "{what}: {cookie}");
            assert!(!cookie.contains("Domain"), "{what}: {cookie}");
            assert!(cookie.split(';').next().unwrap().len() <= 4096, "{what}: {cookie}");
            assert_eq!(cookie.starts_with("__Host-"), url == HTTPS, "{what}: {cookie}");
            assert_eq!(attributes.contains(&"Secure"), url == HTTPS, "{what}: {cookie}");
        }
    }
}

#[tokio::test]
async fn every_body_says_what_it_is_and_in_which_characters() {
    let known = [
        "text/html; charset=utf-8",
        "text/plain; charset=utf-8",
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
        "image/svg+xml; charset=utf-8",
        // JSON is UTF-8 and takes no charset (RFC 8259).
        "application/json",
        "application/problem+json",
        "image/jpeg",
        "application/zip",
    ];
    let world = World::new().await;
    let mut all = Box::pin(everything(&world)).await;
    all.extend(Box::pin(a_visit(&World::new().await)).await);
    for Heard { what, answer } in all {
        let kind = answer.header("content-type");
        if !answer.body.is_empty() {
            assert!(known.contains(&kind), "{what}: {kind:?}");
        }
        let is_page = !what.contains(" /healthz") && !what.contains(" /readyz");
        if answer.status >= 400 && is_page {
            assert!(
                kind == "text/html; charset=utf-8" || kind == "application/problem+json",
                "{what}: {} as {kind:?}",
                answer.status
            );
        }
    }
}

#[tokio::test]
async fn pages_run_and_load_nothing_but_what_we_serve() {
    let world = World::new().await;
    let mut all = Box::pin(everything(&world)).await;
    all.extend(Box::pin(a_visit(&World::new().await)).await);
    let pages = all.into_iter().filter(|heard| heard.answer.header("content-type").starts_with("text/html"));
    let mut count = 0;
    for Heard { what, answer } in pages.filter(|heard| !heard.what.contains("/html")) {
        is_harmless(&what, &answer.body);
        is_well_formed(&what, &answer.body);
        count += 1;
    }
    assert!(count > 60, "only {count} pages were looked at");
}

#[tokio::test]
async fn no_page_and_no_address_holds_a_secret() {
    let world = World::new().await;
    let visited = World::new().await;
    let mut all = Box::pin(everything(&world)).await;
    all.extend(Box::pin(a_visit(&visited)).await);
    let codes = [world.code_to(SIGNING_UP), visited.code_to(SIGNING_UP)];
    let kinds = ["idcnf_", "idund_", "idinv_", "idact_", "idrec_", "idrep_", "idflw_", "idses_", "iddev_", "idvis_"];
    for Heard { what, answer } in all {
        let is_page = answer.header("content-type").starts_with("text/html");
        let text = format!("{}\n{}", answer.header("location"), if is_page { &answer.body } else { "" });
        for secret in kinds.into_iter().chain([PASSWORD, OTHER_PASSWORD, "plain$"]).chain(codes.iter().map(String::as_str)) {
            assert!(!text.contains(secret), "{what} holds {secret}: {text}");
        }
    }
}

#[tokio::test]
async fn no_answer_mentions_security_questions_where_none_are_declared() {
    let world = World::new().await;
    let mut all = everything(&world).await;
    all.extend(a_visit(&World::new().await).await);
    for Heard { what, answer } in all {
        let text = answer.body.to_lowercase();
        for word in crate::security_questions::WORDS {
            assert!(!text.contains(word), "{what} says {word}");
        }
    }
}

#[tokio::test]
async fn what_the_pages_name_is_there_and_cached_for_good() {
    let world = World::new().await;
    let page = world.get("/login").await.expect(200).body;
    for tag in crate::html::tags(&page) {
        for name in ["src", "href"] {
            if let Some(path) = tag.attribute(name).filter(|path| path.starts_with("/assets/")) {
                let answer = world.get(path).await.expect(200);
                assert!(answer.header("cache-control").contains("immutable"), "{path}");
            }
        }
    }
    assert_eq!(world.get("/assets/app.0000000000000000.css").await.status, 404);
}

#[tokio::test]
async fn methods_that_a_route_does_not_know_are_refused_with_those_that_it_knows() {
    let world = World::new().await;
    let api = operations();
    let mut routes = PAGES.iter().filter(|(path, _)| *path != "/nowhere").map(|(path, _)| (*path).to_owned()).collect::<Vec<_>>();
    routes.extend(api.iter().map(|operation| operation.path.clone()));
    for route in routes {
        let mut known =
            PAGES.iter().filter(|(path, _)| *path == route).flat_map(|(_, methods)| methods.to_vec()).collect::<Vec<_>>();
        known.extend(api.iter().filter(|operation| operation.path == route).map(|operation| operation.method.as_str()));
        let path = page_path(&world, &route).await.replace("{key}", "editor");
        for method in ["TRACE", "CONNECT", "PURGE", "PUT", "OPTIONS", "DELETE", "PATCH", "POST", "GET"] {
            if known.contains(&method) || (method == "CONNECT" && route.contains('{')) {
                continue;
            }
            world.listens();
            let answer = world.send(ask(method, &path)).await;
            assert_eq!(answer.status, 405, "{method} {route}");
            assert_eq!(answer.problem(), "method-not-allowed", "{method} {route}");
            let allowed = answer.header("allow").split(',').map(str::trim).collect::<Vec<_>>();
            assert!(known.iter().all(|known| allowed.contains(known)), "{method} {route}: {allowed:?}");
            assert!(!allowed.contains(&method), "{method} {route}: {allowed:?}");
            assert_eq!(answer.json()["instance"], answer.header("x-request-id"), "{method} {route}");
            world.heard_no_effect(&format!("{method} {route}"));
        }
    }
}

#[tokio::test]
async fn unknown_paths_are_a_problem_for_programs_and_a_page_for_people() {
    let world = World::new().await;
    for path in ["/api/v1/nowhere", "/api/v2/sessions", "/api/", "/api/v1/invitations/"] {
        assert_eq!(world.get(path).await.expect(404).problem(), "not-found", "{path}");
    }
    for path in ["/nowhere", "/login/", "/admin/nowhere", "/.well-known/nothing", "/register", "/.git/config", "/apiary"] {
        let answer = world.get(path).await.expect(404);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(answer.body.contains("<h1>"), "{path}");
    }
}

#[tokio::test]
async fn ids_that_cannot_be_lead_nowhere() {
    let world = World::new().await;
    let api = world.api().logs_in(OPERATOR).await;
    let mut browser = world.browser_of(ADMINISTRATOR).await;
    for id in ["1", "%00", "%ff", "..%2f..%2fetc", "00000000-0000-0000-0000-000000000000", "' OR 1=1", "a".repeat(5000).as_str()] {
        let id = id.replace(' ', "%20");
        for path in ["/invitations/{id}", "/companies/{id}", "/accounts/{id}"] {
            assert_eq!(api.get(&path.replace("{id}", &id)).await.expect(404).problem(), "not-found", "{path} {id}");
        }
        for path in ["/admin/invitations", "/admin/accounts"] {
            let answer = browser.get(&format!("{path}/{id}")).await;
            assert!(answer.status == 404 || answer.status == 400, "{path}/{id}: {}", answer.status);
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}/{id}: {}", answer.body);
        }
        assert_eq!(
            api.send("POST", &format!("/registrations/{id}/approve"), None).await.expect(404).problem(),
            "not-found",
            "{id}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_read_in_an_address_is_answered_with_a_page_of_ours() {
    let world = World::new().await;
    let mut browser = world.browser_of(OPERATOR).await;
    let fresh = world.browser();
    for (signed_in, path) in [
        (false, "/login?return_to=/account&return_to=/admin"),
        (false, "/login?return_to=%ff"),
        (false, "/register/%ff"),
        (false, "/register/%ff/decline"),
        (true, "/admin/invitations?state=pending&state=expired"),
        (true, "/admin/invitations?q=%ff&state[]=x"),
        (true, "/admin/invitations/%ff/revoke"),
        (false, "/activate/%ff"),
        (false, "/reset-password/%ff"),
        (false, "/not-me/%ff"),
        (true, "/admin/accounts?state=active&state=disabled"),
        (true, "/admin/accounts?q=%ff&cursor=x"),
        (true, "/admin/accounts/%ff"),
        (true, "/admin/registrations?cursor=x&cursor=y"),
        (true, "/dev/mailbox/%ff"),
        (true, "/dev/mailbox/%ff/html"),
    ] {
        let answer = if signed_in { browser.get(path).await } else { fresh.clone().get(path).await };
        assert!(answer.status < 500, "{path}: {}", answer.status);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}: {} {:?}", answer.status, answer.body);
    }
    let answer = world.get("/assets/%ff").await.expect(404);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.body);
}

#[tokio::test]
async fn other_origins_may_not_read_the_api() {
    let world = World::new().await;
    let preflight = |origin: &str| -> Request<Body> {
        ask("OPTIONS", "/api/v1/sessions/current").with("origin", origin).with("access-control-request-method", "DELETE")
    };
    for origin in ["https://evil.example", "null", HTTPS] {
        let answer = world.send(preflight(origin)).await.expect(405);
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{origin}");
        let answer = world.send(ask("GET", "/api/v1/password-policy").with("origin", origin)).await.expect(200);
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{origin}");
    }
}

#[tokio::test]
async fn a_process_that_stops_is_not_ready_and_goes_on_answering() {
    let world = World::new().await;
    assert_eq!(world.get("/readyz").await.expect(200).body, "ready");
    world.app.stop();
    assert_eq!(world.get("/readyz").await.expect(503).body, "stopping");
    world.get("/healthz").await.expect(200);
    world.api().logs_in(OPERATOR).await;
}

#[tokio::test]
async fn a_process_whose_store_does_not_answer_is_not_ready() {
    let world = World::new().await;
    // The first call is for the request's id.
    world.kit.faults.fail_at(1);
    assert_eq!(world.get("/readyz").await.expect(503).problem(), "unavailable");
    world.get("/readyz").await.expect(200);
}
