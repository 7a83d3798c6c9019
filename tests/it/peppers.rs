//! Keys outside of the database that hashes take in: brought in, rotated, and missed.

use std::fs;

use serde_json::json;

use crate::support::{
    Server,
    api::{PASSWORD, token_of},
};

const FIRST: &str = "2025:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const SECOND: &str = "2026:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
const NEW_PASSWORD: &str = "Walrus-pantry-31";
const ADA: &str = "ada@acme.example";
const GRACE: &str = "grace@example.org";

async fn status_of_a_login(server: &Server, email: &str) -> u16 {
    server.api().post("/sessions", json!({ "email": email, "password": PASSWORD })).await.status.as_u16()
}

#[tokio::test]
async fn peppers_come_in_rotate_and_are_missed_where_they_are_taken_away() {
    let mut server = Server::start().await;
    let operator = server.first_operator().await;
    operator.post("/invitations", json!({ "email": GRACE, "first_name": "Grace", "last_name": "Hopper" })).await.expect(201);
    let link = server.mail_to(GRACE).await.link();

    // Ada's hash is of before there was one; it is renewed by the login.
    let file = server.folder().join("peppers");
    fs::write(&file, format!("{FIRST}\n")).unwrap();
    server.terminate().await;
    server.set("password.peppers_file", file.to_str().unwrap());
    server.restart().await;
    assert_eq!(status_of_a_login(&server, ADA).await, 201);
    server.api().accepts(token_of(&link), json!({ "first_name": "Grace", "last_name": "Hopper" })).await.expect(201);

    server.terminate().await;
    fs::write(&file, format!("{SECOND}\n{FIRST}\n")).unwrap();
    server.restart().await;
    assert_eq!(status_of_a_login(&server, ADA).await, 201);

    // Without the first, a person who has logged in since is in, and nobody else is told that the password is wrong.
    server.terminate().await;
    fs::write(&file, SECOND).unwrap();
    server.restart().await;
    assert_eq!(status_of_a_login(&server, ADA).await, 201);
    assert_eq!(status_of_a_login(&server, GRACE).await, 503);
    let log = server.log_with("names the pepper `2025`, which is not configured").await;
    assert!(!log.contains("AQEBAQ") && !log.contains("AgICAg"), "{log}");

    // The way back in is a reset, which does not fail on the hash that cannot be compared any more.
    let api = server.api();
    api.forgets(GRACE).await;
    let link = server.mail_about(GRACE, "Reset your password").await.link_to("reset-password");
    api.resets(token_of(&link), NEW_PASSWORD).await.expect(204);
    api.logs_in(GRACE, NEW_PASSWORD).await;
}
