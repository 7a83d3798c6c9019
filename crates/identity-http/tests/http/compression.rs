//! Compressed answers, and what keeps secrets from being told by how long they are.

use std::{collections::BTreeSet, io::Read as _};

use crate::support::{Answer, MEMBER, OPERATOR, RequestExt as _, World, ask, token_in};

/// The body as it was before it was compressed.
fn plain(answer: &Answer) -> Vec<u8> {
    let mut bytes = Vec::new();
    match answer.header("content-encoding") {
        "br" => drop(brotli::Decompressor::new(&answer.bytes[..], 4096).read_to_end(&mut bytes).unwrap()),
        "gzip" => drop(flate2::read::GzDecoder::new(&answer.bytes[..]).read_to_end(&mut bytes).unwrap()),
        other => {
            assert_eq!(other, "");
            bytes.clone_from(&answer.bytes);
        }
    }
    bytes
}

async fn fetch(world: &World, path: &str, accepts: &str) -> Answer {
    world.send(ask("GET", path).with("accept-encoding", accepts)).await.expect(200)
}

#[tokio::test]
async fn pages_assets_and_documents_come_compressed_as_the_browser_takes_them() {
    let world = World::new().await;
    let page = world.get("/login").await.body;
    let asset = |ending: &str| {
        let paths = page.split('"').filter(|text| text.starts_with("/assets/"));
        paths.filter(|path| path.ends_with(ending)).map(str::to_owned).next().unwrap()
    };
    for path in ["/login", "/signup", "/openapi.json", &asset(".css"), &asset(".js")] {
        let whole = fetch(&world, path, "identity").await;
        assert_eq!((whole.header("content-encoding"), whole.header("vary")), ("", "accept-encoding"), "{path}");
        for coding in ["br", "gzip"] {
            let answer = fetch(&world, path, &format!("{coding}, deflate")).await;
            assert_eq!((answer.header("content-encoding"), answer.header("vary")), (coding, "accept-encoding"), "{path}");
            assert_eq!(answer.header("content-type"), whole.header("content-type"));
            assert!(answer.bytes.len() * 2 < whole.bytes.len(), "{path}: {} of {}", answer.bytes.len(), whole.bytes.len());
            let body = plain(&answer);
            if whole.header("cache-control") != "no-store" || path == "/openapi.json" {
                assert!(body == whole.bytes, "{path}");
            } else {
                assert!(String::from_utf8(body).unwrap().contains("</html>"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn what_gains_nothing_is_left_as_it_is() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let picture = world.sets_picture(MEMBER).await;
    for path in [picture.as_str(), "/healthz"] {
        let answer = fetch(&world, path, "br, gzip").await;
        assert_eq!(answer.header("content-encoding"), "", "{path}");
    }
    let token = browser.token().await;
    let export =
        browser.request("POST", "/account/data/export").with("accept-encoding", "br, gzip").form(&[("csrf_token", &token)]);
    let archive = browser.send(export).await.expect(200);
    assert_eq!((archive.header("content-type"), archive.header("content-encoding")), ("application/zip", ""));
    let head = world.send(ask("HEAD", "/login").with("accept-encoding", "br")).await;
    assert_eq!((head.status, head.bytes.len(), head.header("content-encoding")), (200, 0, ""));
}

#[tokio::test]
async fn what_another_site_has_a_browser_ask_for_is_not_compressed() {
    let world = World::new().await;
    let ada = world.browser_of(OPERATOR).await;
    for (site, coding) in [("cross-site", ""), ("same-site", ""), ("same-origin", "br"), ("none", "br")] {
        for path in ["/admin/invitations?q=a", "/account", "/api/v1/invitations"] {
            let asked = ada.request("GET", path).with("accept-encoding", "br").with("sec-fetch-site", site);
            let answer = world.send(asked).await.expect(200);
            let is_short = answer.header("content-encoding").is_empty() && answer.bytes.len() < 1024;
            assert!(answer.header("content-encoding") == coding || is_short, "{path} by {site}");
        }
    }
}

#[tokio::test]
async fn no_two_answers_write_the_token_of_a_form_the_same_and_each_is_taken() {
    let world = World::new().await;
    let mut ada = world.browser_of(OPERATOR).await;
    let mut tokens = BTreeSet::new();
    for _ in 0..8 {
        tokens.insert(token_in(&ada.get("/account/settings").await.expect(200).body));
        let session = ada.get("/api/v1/sessions/current").await.expect(200).json();
        tokens.insert(session["csrf_token"].as_str().unwrap().to_owned());
    }
    assert_eq!(tokens.len(), 16);
    // Nothing of one stands in another: not even where they begin or end.
    let parts = tokens.iter().flat_map(|token| [&token[..8], &token[token.len() - 8..]]).collect::<BTreeSet<_>>();
    assert_eq!(parts.len(), 32);
    let fields = |token| [("language", "en"), ("time_zone", "UTC"), ("csrf_token", token)];
    for token in &tokens {
        ada.post("/account/settings", &fields(token)).await.expect(303);
    }
    let one = tokens.first().unwrap();
    let turned = one.chars().rev().collect::<String>();
    for forged in ["", "AAAA", &one[..43], &one[1..], &format!("{one}AAAA"), &turned, &"A".repeat(86)] {
        ada.post("/account/settings", &fields(forged)).await.expect(403);
    }
}
