//! Pictures: uploaded by programs and by people, and served as nothing else.

use axum::{body::Body, http::Request};
use serde_json::json;

use crate::support::{ADMINISTRATOR, Answer, Browser, MEMBER, OPERATOR, RequestExt as _, World};

const BOUNDARY: &str = "----between";

/// A form with a file, as browsers send it.
fn form(request: Request<Body>, fields: &[(&str, &str)], file: Option<&str>) -> Request<Body> {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    if let Some(file) = file {
        let head = "Content-Disposition: form-data; name=\"picture\"; filename=\"me.svg\"\r\nContent-Type: image/svg+xml";
        body += &format!("--{BOUNDARY}\r\n{head}\r\n\r\n{file}\r\n");
    }
    body += &format!("--{BOUNDARY}--\r\n");
    request.with("content-type", &format!("multipart/form-data; boundary={BOUNDARY}")).text(body)
}

async fn uploads(browser: &mut Browser, square: [&str; 3], file: &str) -> Answer {
    let token = browser.token().await;
    let [x, y, size] = square;
    let fields = [("csrf_token", token.as_str()), ("x", x), ("y", y), ("size", size)];
    browser.send(form(browser.request("POST", "/account/picture"), &fields, Some(file))).await
}

const MIDDLE: [&str; 3] = [""; 3];

fn served_at(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("src=\"/pictures/")?;
    Some(format!("/pictures/{}", rest.split('"').next().unwrap()))
}

#[tokio::test]
async fn a_program_sets_a_picture_and_everybody_who_may_gets_it_as_a_jpeg_and_nothing_else() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    let upload = |query: &str| grace.request("PUT", &format!("/me/picture{query}")).text("picture");
    let path = world.send(upload("?x=1&y=2&size=3")).await.expect(200).json()["picture"].as_str().unwrap().to_owned();
    let id = world.account_id(MEMBER).await;
    let by_name = world.get(&path).await.expect(200);
    let by_account = world.api().logs_in(ADMINISTRATOR).await.get(&format!("/accounts/{id}/picture")).await.expect(200);
    assert_eq!(by_name.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(by_account.header("cache-control"), "no-store");
    for answer in [by_name, by_account] {
        assert_eq!(answer.body, "fitted 1 2 3 of picture");
        assert_eq!(answer.header("content-type"), "image/jpeg");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-disposition"), "inline; filename=\"picture.jpg\"");
        assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    }
    let next = world.send(upload("")).await.expect(200).json()["picture"].as_str().unwrap().to_owned();
    assert_ne!(next, path, "what is cached never means another picture");
    assert_eq!(world.get(&path).await.expect(404).problem(), "not-found");
    grace.send("DELETE", "/me/picture", None).await.expect(204);
    for gone in [next.as_str(), "/pictures/x", "/pictures/AAAAAAAAAAAAAAAAAAAAAA"] {
        world.get(gone).await.expect(404);
    }
    grace.get(&format!("/accounts/{id}/picture")).await.expect(404);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_for_its_reason() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    let send = async |query: &str, body: &str| world.send(grace.request("PUT", &format!("/me/picture{query}")).text(body)).await;
    assert_eq!(send("", "<svg/>").await.expect(415).problem(), "not-a-picture");
    assert_eq!(send("", "").await.expect(415).problem(), "not-a-picture");
    for (query, body, code) in
        [("", "bomb", "too_many_pixels"), ("", "damaged", "damaged"), ("?x=0&y=0&size=0", "picture", "square_outside")]
    {
        assert_eq!(send(query, body).await.expect(422).codes("picture"), [code]);
    }
    assert_eq!(send("?x=1", "picture").await.expect(422).codes("size"), ["incomplete_square"]);
    for query in ["?x=-1&y=0&size=9", "?x=0&y=0&size=9&z=1", "?x=99999999999&y=0&size=9"] {
        assert_eq!(send(query, "picture").await.expect(422).codes("query"), ["invalid_query"], "{query}");
    }
    assert_eq!(world.store().account(world.account_id(MEMBER).await).await.unwrap().unwrap().profile.picture, None);
}

#[tokio::test]
async fn nothing_is_read_beyond_the_limit() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    let most = 5 * 1024 * 1024;
    let whole = "picture".repeat(most / 7 + 1);
    let fits = grace.request("PUT", "/me/picture").text(whole.get(..most).unwrap());
    world.send(fits).await.expect(200);
    let too_large = grace.request("PUT", "/me/picture").text(whole.get(..=most).unwrap());
    assert_eq!(world.send(too_large).await.expect(413).problem(), "too-large");
    // What says how long it is is not read at all: this body would never come.
    let says_so = grace.request("PUT", "/me/picture").with("content-length", "5242881");
    assert_eq!(world.send(says_so).await.expect(413).problem(), "too-large");
    let mut browser = world.browser_of(MEMBER).await;
    let page = uploads(&mut browser, MIDDLE, &whole).await.expect(422);
    assert!(page.body.contains("at most 5 MB"), "{}", page.body);
}

#[tokio::test]
async fn uploads_are_throttled_for_each_person() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    for _ in 0..20 {
        world.send(grace.request("PUT", "/me/picture").text("picture")).await.expect(200);
    }
    let throttled = world.send(grace.request("PUT", "/me/picture").text("picture")).await.expect(429);
    assert_eq!((throttled.problem().as_str(), throttled.header("retry-after")), ("throttled", "180"));
    let mut browser = world.browser_of(MEMBER).await;
    let page = uploads(&mut browser, MIDDLE, "picture").await.expect(429);
    assert_eq!(page.header("retry-after"), "180");
    world.sets_picture(OPERATOR).await;
    world.passes("PT3M");
    world.send(grace.request("PUT", "/me/picture").text("picture")).await.expect(200);
}

#[tokio::test]
async fn a_person_uploads_a_picture_sees_it_and_deletes_it() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let before = browser.get("/account/picture").await.expect(200);
    assert_eq!(served_at(&before.body), None);
    assert!(before.body.contains(">GH</span>") && !before.body.contains("Delete picture"), "{}", before.body);
    for (square, expected) in [(MIDDLE, "fitted middle of picture"), (["7", "8", "9"], "fitted 7 8 9 of picture")] {
        let answer = uploads(&mut browser, square, "picture").await.expect(303);
        assert_eq!(answer.header("location"), "/account/picture");
        let page = browser.get("/account/picture").await.expect(200);
        assert!(page.body.contains("Delete picture"));
        assert_eq!(browser.get(&served_at(&page.body).unwrap()).await.expect(200).body, expected);
    }
    for (file, says) in
        [("", "Choose a picture first"), ("bomb", "4096 × 4096"), ("<svg/>", "PNG, JPEG or WebP"), ("damaged", "damaged")]
    {
        let page = uploads(&mut browser, MIDDLE, file).await.expect(422);
        assert!(
            page.body.contains(says) && page.body.contains("data-summary") && page.body.contains("href=\"#picture\""),
            "{file}: {}",
            page.body
        );
    }
    browser.submit("/account/picture/delete", &[]).await.expect(303);
    assert_eq!(served_at(&browser.get("/account/picture").await.body), None);
}

#[tokio::test]
async fn nothing_of_a_form_is_decoded_that_our_own_page_did_not_send() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let own = browser.token().await;
    let foreign = world.browser_of(OPERATOR).await.token().await;
    let square = [("x", ""), ("y", ""), ("size", "")];
    let with = |token: &[(&'static str, &str)]| {
        let fields = token.iter().copied().chain(square).map(|(name, value)| (name.to_owned(), value.to_owned()));
        fields.collect::<Vec<_>>()
    };
    for (fields, file, status) in [
        (with(&[]), true, 403),
        (with(&[("csrf_token", "")]), true, 403),
        (with(&[("csrf_token", &foreign)]), true, 403),
        (vec![], true, 403),
        (vec![("csrf_token".to_owned(), own.clone())], true, 422),
        (with(&[("csrf_token", &own)]), false, 400),
    ] {
        world.listens();
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>();
        let request = form(browser.request("POST", "/account/picture"), &fields, file.then_some("picture"));
        browser.send(request).await.expect(status);
        assert_eq!(world.heard("fit"), 0);
        assert!(status != 403 || world.heard("commit") == 0);
    }
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let fields = [("csrf_token", own.as_str()), ("x", ""), ("y", ""), ("size", "")];
        let request = form(browser.request("POST", "/account/picture").with(name, value), &fields, Some("picture"));
        browser.send(request).await.expect(403);
    }
    browser.post("/account/picture", &[("csrf_token", &own)]).await.expect(415);
    let json = browser.request("POST", "/account/picture").json(&json!({ "csrf_token": own }));
    browser.send(json).await.expect(415);
    assert_eq!(world.store().account(world.account_id(MEMBER).await).await.unwrap().unwrap().profile.picture, None);
}
