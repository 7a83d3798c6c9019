//! Many at once with one link, against the real binary.

use reqwest::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{
    Server,
    api::{PASSWORD, token_of},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_racers_with_one_link_open_one_account() {
    // All of them may wait for their hash, however slow the machine is.
    let server = Server::with(&[("password.hash.max_wait", "PT60S")]).await;
    let operator = server.first_operator().await;
    operator.invites("grace@example.org").await;
    let link = server.mail_to("grace@example.org").await.link();
    let mut racers = JoinSet::new();
    for racer in 0..64 {
        let (api, link) = (server.api(), link.clone());
        racers.spawn(async move { api.accepts(token_of(&link), json!({ "first_name": format!("Racer {racer}") })).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) =
        racers.join_all().await.into_iter().partition(|answer| answer.status == StatusCode::CREATED);
    assert_eq!(won.len(), 1);
    for loser in &lost {
        assert_eq!((loser.status, loser.problem()), (StatusCode::GONE, "dead-link"), "{}", loser.body);
        assert_eq!(loser.headers["content-type"], "application/problem+json");
    }
    let grace = server.api().logs_in("grace@example.org", PASSWORD).await.get("/sessions/current").await.expect(200);
    assert_eq!(grace["account"]["first_name"], won[0].body["account"]["first_name"]);
    let accepted = operator.get("/invitations?state=accepted").await.expect(200);
    assert_eq!(accepted["items"].as_array().unwrap().len(), 1);
}
