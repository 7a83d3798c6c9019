//! Somebody uses an address before its owner does, and holds nothing of it afterwards.

use serde_json::json;

use crate::support::{
    Server,
    api::{PASSWORD, token_of},
};

#[tokio::test]
async fn who_signs_up_with_anothers_address_holds_nothing_when_its_owner_comes() {
    let server = Server::with(&[("registration.mode", "open")]).await;
    let operator = server.first_operator().await;
    let (attacker, owner) = (server.api(), server.api());
    let address = "owner@example.org";
    let body = json!({
        "first_name": "Mallory", "last_name": "Attacker", "company_name": "Mallory Inc", "country": "US", "email": address,
    });
    let flow = attacker.post("/registrations", body).await.expect(202)["flow"].as_str().unwrap().to_owned();
    let first = server.mail_to(address).await;

    // The attacker has the flow, and not the mail: guesses end after a few.
    for _ in 0..8 {
        attacker.post("/registrations/verify-code", json!({ "flow": flow, "code": "12345678" })).await.expect(422);
    }
    let code = first.code().unwrap();
    attacker.post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await.expect(422);

    // The owner signs up too, and completes that registration.
    owner.signs_up(address).await;
    let second = server.nth_mail_to(address, 2).await;
    let opened = owner.completes(token_of(&second.link_to("activate")), json!({})).await.expect(201);
    assert_eq!((&opened["account"]["first_name"], &opened["account"]["last_name"]), (&json!("Grace"), &json!("Hopper")));
    let taken = attacker.completes(token_of(&first.link_to("activate")), json!({ "password": "Another-secret-99" })).await;
    assert_eq!((taken.status.as_u16(), taken.problem()), (409, "account-exists"));

    // Nothing of the attacker's opens anything or stands anywhere.
    attacker.post("/sessions", json!({ "email": address, "password": "Another-secret-99" })).await.expect(401);
    let grace = owner.logs_in(address, PASSWORD).await;
    let account = grace.get("/sessions/current").await.expect(200)["account"].clone();
    assert!(!account.to_string().contains("Mallory"), "{account}");
    let companies = operator.get("/companies").await.expect(200);
    assert!(!companies.to_string().contains("Mallory"), "{companies}");
}

#[tokio::test]
async fn who_completes_the_strangers_registration_from_the_mail_leaves_nothing_of_the_stranger() {
    let server = Server::with(&[("registration.mode", "open")]).await;
    let operator = server.first_operator().await;
    let address = "owner@example.org";
    let body = json!({
        "first_name": "Mallory", "last_name": "Attacker", "company_name": "Mallory Inc", "country": "US", "email": address,
    });
    let flow = server.api().post("/registrations", body).await.expect(202)["flow"].clone();
    let mail = server.mail_to(address).await;
    let but = json!({ "first_name": "Grace", "last_name": "Hopper", "company_name": "Navy", "country": "DE" });
    server.api().completes(token_of(&mail.link_to("activate")), but).await.expect(201);
    // The flow is over with the registration.
    let code = mail.code().unwrap();
    server.api().post("/registrations/verify-code", json!({ "flow": flow, "code": code })).await.expect(422);
    let companies = operator.get("/companies").await.expect(200);
    assert!(companies.to_string().contains("Navy") && !companies.to_string().contains("Mallory"), "{companies}");
}

#[tokio::test]
async fn a_sign_up_with_the_address_of_an_account_touches_nothing_of_it() {
    let server = Server::with(&[("registration.mode", "open")]).await;
    let operator = server.first_operator().await;
    let before = operator.get("/sessions/current").await.expect(200)["account"].clone();
    server.api().signs_up("ada@acme.example").await;
    let mail = server.mail_to("ada@acme.example").await;
    assert!(mail.code().is_none() && mail.links(&server.url).iter().all(|link| !link.contains("idact_")), "{}", mail.text);
    assert_eq!(operator.get("/sessions/current").await.expect(200)["account"], before);
}
