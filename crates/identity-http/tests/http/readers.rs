//! People get pages and programs get problem documents, whatever goes wrong.

use axum::{body::Body, http::Request};

use crate::{
    routes::{PAGES, operations, page_path},
    support::{Answer, OPERATOR, RequestExt as _, World, ask},
};

const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// Ways of asking that something refuses before any handler decides.
fn spoiled(method: &str, path: &str) -> Vec<(&'static str, Request<Body>)> {
    let large = "x".repeat(300 * 1024);
    let is_safe = method == "GET";
    let mut all = vec![
        ("plain", ask(method, path)),
        ("another method", ask("PATCH", path).with("origin", "https://id.example.org")),
        ("a query of nonsense", ask(method, &format!("{path}?%ff=%ff&cursor=%00&return_to=x&return_to=y"))),
    ];
    if !is_safe {
        all.push(("from another site", ask(method, path).with("origin", "https://evil.example").form(&[])));
        all.push(("from a frame", ask(method, path).with("sec-fetch-site", "cross-site").form(&[])));
        all.push(("without a token", ask(method, path).form(&[("a", "b")])));
        all.push(("as JSON", ask(method, path).json(&serde_json::json!({}))));
        all.push(("without a kind", ask(method, path).text("a=b")));
        all.push(("too large", ask(method, path).with("content-type", "application/x-www-form-urlencoded").text(large)));
    }
    all
}

fn is_page_in_arabic(answer: &Answer) -> bool {
    answer.header("content-type").starts_with("text/html") && answer.body.contains("<html lang=\"ar\" dir=\"rtl\">")
}

#[tokio::test]
async fn a_person_who_asks_for_a_page_gets_one_in_their_language_whatever_goes_wrong() {
    let world = World::new().await;
    let operator = world.browser_of(OPERATOR).await;
    for (route, methods) in PAGES {
        let path = if *route == "/nowhere" { "/nowhere".to_owned() } else { page_path(&world, route).await };
        for method in methods.iter().copied().chain(["POST"]) {
            for cookies in [false, true] {
                for (what, mut request) in spoiled(method, &path) {
                    if cookies {
                        for (name, value) in &operator.cookies {
                            request = request.with("cookie", &format!("{name}={value}"));
                        }
                    }
                    // The signed-in reader's own language is English; what goes wrong before anybody is known is said in that of
                    // the browser.
                    let answer = world.send(request.with("accept", HTML).with("accept-language", "ar-EG,ar;q=0.9")).await;
                    if answer.status < 400 {
                        continue;
                    }
                    let kind = answer.header("content-type");
                    assert!(kind.starts_with("text/html"), "{method} {route} {what}: {} {kind} {}", answer.status, answer.body);
                    assert!(cookies || is_page_in_arabic(&answer), "{method} {route} {what}: {}", answer.body);
                    assert!(answer.headers.contains_key("content-security-policy"), "{method} {route} {what}");
                }
            }
        }
    }
}

#[tokio::test]
async fn programs_get_problem_documents_whatever_they_say_they_take() {
    let world = World::new().await;
    for operation in operations() {
        let path = operation.path.replace("{id}", "x").replace("{key}", "x").replace("{step}", "x").replace("{number}", "x");
        for accept in [HTML, "application/json"] {
            let request = ask(&operation.method, &path).with("accept", accept).with("origin", "https://evil.example");
            let answer = world.send(request).await;
            if answer.status >= 400 {
                assert_eq!(answer.header("content-type"), "application/problem+json", "{} {}", operation.name(), answer.body);
            }
        }
    }
    for request in [ask("POST", "/login").with("origin", "https://evil.example").form(&[]), ask("PATCH", "/login")] {
        let answer = world.send(request.with("accept", "application/json")).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.body);
    }
}
