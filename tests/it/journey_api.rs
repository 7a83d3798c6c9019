//! The whole way by the API alone.

use serde_json::json;

use crate::support::{
    Server,
    api::{PASSWORD, token_of},
    database::Store,
};

#[tokio::test]
async fn an_invited_person_registers_and_logs_in_by_the_api_alone() {
    the_whole_way_on(Store::Sqlite).await;
}

#[tokio::test]
async fn an_invited_person_registers_and_logs_in_on_postgres() {
    the_whole_way_on(Store::Postgres).await;
}

#[tokio::test]
async fn an_invited_person_registers_and_logs_in_on_mariadb() {
    the_whole_way_on(Store::MariaDb).await;
}

async fn the_whole_way_on(store: Store) {
    let database = store.fresh().await;
    let server = Server::with(&[("database.url", &database.url)]).await;
    let operator = server.first_operator().await;
    operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
    operator.post("/subscriptions", json!({ "key": "pro", "name": "Pro", "grantable_by": "operator" })).await.expect(201);
    let invitation = json!({
        "email": "Grace@Example.org", "first_name": "Grace", "roles": ["editor"], "subscriptions": ["pro"], "note": "See you soon.",
    });
    let invitation = operator.post("/invitations", invitation).await.expect(201);
    assert_eq!(invitation["state"], "pending");

    let mail = server.mail_to("Grace@example.org").await;
    assert_eq!(mail.subject, "Ada Lovelace invites you to Acme");
    assert!(mail.text.contains("See you soon.") && mail.html.contains("Register Account"));
    let link = mail.link();
    assert!(link.starts_with(&format!("{}/register/", server.url)));

    let stranger = server.api();
    let preview = stranger.post("/invitations/preview", json!({ "token": token_of(&link) })).await.expect(200);
    assert_eq!(
        (&preview["email"], &preview["first_name"], &preview["last_name"]),
        (&json!("Grace@example.org"), &json!("Grace"), &json!(null))
    );
    assert_eq!((&preview["company"], &preview["inviter"]), (&json!("Acme"), &json!("Ada Lovelace")));

    let weak = stranger
        .accepts(token_of(&link), json!({ "password": "grace", "password_confirmation": "other", "accept_terms": null }))
        .await;
    assert_eq!(weak.status, 422);
    assert_eq!(weak.codes("password"), ["min_length", "uppercase", "digit", "special", "not_personal", "not_common", "strength"]);
    assert_eq!((weak.codes("password_confirmation"), weak.codes("accept_terms")), (vec!["confirmation"], vec!["terms"]));

    let account = stranger.accepts(token_of(&link), json!({ "accept_terms": preview["terms"]["version"] })).await.expect(201);
    assert_eq!((&account["account"]["roles"], &account["account"]["subscriptions"]), (&json!(["editor"]), &json!(["pro"])));

    let grace = stranger.logs_in("grace@example.org", PASSWORD).await;
    let current = grace.get("/sessions/current").await.expect(200);
    assert_eq!((&current["roles"], &current["account"]["email"]), (&json!(["editor"]), &json!("Grace@example.org")));
    let listed = operator.get("/invitations?state=accepted").await.expect(200);
    assert_eq!(listed["items"][0]["account_id"], account["account"]["id"]);
    assert_eq!(listed["items"][0]["delivery"]["state"], "sent");

    grace.send(reqwest::Method::DELETE, "/sessions/current", None).await.expect(204);
    grace.get("/sessions/current").await.expect(401);
}
