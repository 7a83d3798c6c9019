//! Many wrong guesses at once, on two processes over one database.

use reqwest::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{Server, api::token_of, database::Store};

async fn two_hundred_guesses_are_verified_no_more_often_than_the_limit_allows(store: Store) {
    let database = store.fresh().await;
    let settings = [("database.url", database.url.as_str()), ("password.hash.max_wait", "PT20S")];
    let (one, other) = (Server::with(&settings).await, Server::with(&settings).await);
    let operator = other.first_operator().await;
    operator.invites("grace@example.org").await;
    let mails = || [one.mails(), other.mails()].concat();
    let link = crate::support::eventually("a mail", async || mails().first().map(crate::support::Mail::link)).await;
    one.api().accepts(token_of(&link), json!({})).await.expect(201);

    for address in ["grace@example.org", "nobody@example.org"] {
        let started = std::time::Instant::now();
        let mut guesses = JoinSet::new();
        for n in 0..200 {
            let api = if n % 2 == 0 { one.api() } else { other.api() };
            let body = json!({ "email": address, "password": format!("Wrong-guess-{n}") });
            guesses.spawn(async move { api.post("/sessions", body).await });
        }
        let answers = guesses.join_all().await;
        let with = |status| answers.iter().filter(|answer| answer.status == status).count();
        let (verified, throttled) = (with(StatusCode::UNAUTHORIZED), with(StatusCode::TOO_MANY_REQUESTS));
        assert_eq!(verified + throttled, 200, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        // Five follow each other at once; the next come after 1, 2, 4 … seconds.
        let pauses = u32::try_from(started.elapsed().as_secs() + 1).unwrap().ilog2() as usize;
        assert!((1..=5 + pauses + 1).contains(&verified), "{verified} of 200 were verified for {address}");
        let refused = answers.iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).unwrap();
        assert_eq!(refused.problem(), "throttled");
        assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    }

    // A person who resets the password gets in at once.
    one.api().forgets("grace@example.org").await;
    let is_reset = |mail: &crate::support::Mail| mail.text.contains("/reset-password/");
    let mail = crate::support::eventually("a mail", async || mails().into_iter().find(is_reset)).await;
    other.api().resets(token_of(&mail.link_to("reset-password")), "Walrus-pantry-31").await.expect(204);
    other.api().logs_in("grace@example.org", "Walrus-pantry-31").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_guesses_over_two_processes_on_sqlite() {
    two_hundred_guesses_are_verified_no_more_often_than_the_limit_allows(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_guesses_over_two_processes_on_postgres() {
    two_hundred_guesses_are_verified_no_more_often_than_the_limit_allows(Store::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_guesses_over_two_processes_on_mariadb() {
    two_hundred_guesses_are_verified_no_more_often_than_the_limit_allows(Store::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_dies_after_its_tries_and_nobody_who_knows_the_address_alone_burns_it() {
    let mut server = Server::with(&[("registration.mode", "open"), ("throttle.mail.per_flow", "100/PT1M")]).await;
    server.first_operator().await;
    let api = server.api();
    let address = "grace@example.org";
    let flow = api.signs_up(address).await;
    let code = server.mail_to(address).await.code().unwrap();

    // Others who know the address sign up with it and ask for the mail again; they have flows of their own.
    let strange = api.signs_up(address).await;
    for _ in 0..6 {
        api.post("/registrations/verify-code", json!({ "flow": strange, "code": "00000000" })).await.expect(422);
    }
    api.post("/registrations/resend", json!({ "email": address })).await.expect(202);
    server.nth_mail_to(address, 3).await;

    // Four wrong tries, and what was counted outlives a restart: then one more, and the right one comes too late.
    let tries = async |api: &crate::support::Api, code: &str| {
        api.post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await
    };
    for _ in 0..4 {
        tries(&api, "00000000").await.expect(422);
    }
    server.terminate().await;
    server.restart().await;
    let api = server.api();
    tries(&api, "00000000").await.expect(422);
    assert_eq!(tries(&api, &code).await.codes("code"), ["wrong_code"]);
}
