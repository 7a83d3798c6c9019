//! New terms, and an invitation for somebody who has an account, with the real binary.

use serde_json::{Value, json};

use crate::support::{
    Api, Browser, Options, Server,
    api::{PASSWORD, token_of},
    database::Store,
};

const GRACE: &str = "grace@example.org";

/// Grace is in.
async fn with_grace(server: &Server) -> Api {
    let operator = server.first_operator().await;
    operator.post("/roles", json!({ "key": "editor", "name": "Editor", "grantable_by": "administrator" })).await.expect(201);
    operator.invites(GRACE).await;
    let link = server.mail_to(GRACE).await.link();
    server.api().accepts(token_of(&link), json!({})).await.expect(201);
    operator
}

async fn publishes(operator: &Api, grace: Option<&str>) -> Value {
    let texts = json!({ "en": "# Kinder\n\nBe *kinder*.", "ar": "كن ألطف." });
    operator.post("/terms", json!({ "grace": grace, "texts": texts })).await.expect(201)
}

async fn offers(server: &Server, operator: &Api) -> String {
    operator.post("/invitations", json!({ "email": GRACE, "roles": ["editor"], "note": "More for you." })).await.expect(201);
    let mail = server.mail_about(GRACE, "gives you access").await;
    assert!(mail.text.contains("More for you.") && mail.text.contains("Editor"), "{}", mail.text);
    mail.link()
}

async fn new_terms_and_more_access_on(store: Store) {
    let database = store.fresh().await;
    let server = Server::with(&[("database.url", &database.url)]).await;
    let operator = with_grace(&server).await;
    let link = offers(&server, &operator).await;
    assert_eq!(publishes(&operator, None).await["version"], 2);
    let grace = server.api().logs_in(GRACE, PASSWORD).await;
    let token = json!({ "token": token_of(&link) });
    let refused = grace.post("/me/invitations/accept", token.clone()).await;
    assert_eq!((refused.status.as_u16(), &refused.body["required_action"]), (403, &json!("accept_terms")));
    grace.post("/me/terms-acceptance", json!({ "version": 1 })).await.expect(409);
    grace.post("/me/terms-acceptance", json!({ "version": 2 })).await.expect(204);
    let standing = grace.get("/me/terms").await.expect(200);
    assert_eq!((&standing["accepted"]["version"], &standing["waiting"]), (&json!(2), &Value::Null));

    let preview = server.api().post("/invitations/preview", token.clone()).await.expect(200);
    assert_eq!((&preview["way"], &preview["roles"]), (&json!("sign_in"), &json!(["editor"])));
    server.api().accepts(token_of(&link), json!({ "accept_terms": 2 })).await.expect(409);
    let accepted = grace.post("/me/invitations/accept", token.clone()).await.expect(200);
    assert_eq!(accepted["account"]["roles"], json!(["editor"]));
    grace.get("/sessions/current").await.expect(401);
    let grace = grace.with_token(accepted["token"].as_str().unwrap());
    grace.get("/sessions/current").await.expect(200);
    grace.post("/me/invitations/accept", token).await.expect(410);
    server.mail_about(GRACE, "access at").await;

    // Sixty-four at once: one wins.
    let link = offers_again(&server, &operator).await;
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let (grace, token) = (grace.clone(), json!({ "token": token_of(&link) }));
        racers.spawn(async move { grace.post("/me/invitations/accept", token).await.status.as_u16() });
    }
    let answers = racers.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|status| [200, 401, 409, 410, 429].contains(status)), "{answers:?}");
}

/// Another invitation for Grace, whose mail is the second of its kind.
async fn offers_again(server: &Server, operator: &Api) -> String {
    let operator = {
        // The operator has not accepted the new terms: this session is older than they are.
        operator.post("/me/terms-acceptance", json!({ "version": 2 })).await.expect(204);
        operator
    };
    let first = server.mails().len();
    operator.post("/invitations", json!({ "email": GRACE, "roles": ["editor"] })).await.expect(201);
    crate::support::eventually("the second mail", async || {
        let mut mails = server.mails().into_iter().filter(|mail| mail.to == GRACE && mail.subject.contains("gives you access"));
        mails.by_ref().nth(1).filter(|_| server.mails().len() > first)
    })
    .await
    .link()
}

#[tokio::test]
async fn new_terms_and_more_access_by_the_api_on_sqlite() {
    new_terms_and_more_access_on(Store::Sqlite).await;
}

#[tokio::test]
async fn new_terms_and_more_access_by_the_api_on_postgres() {
    new_terms_and_more_access_on(Store::Postgres).await;
}

#[tokio::test]
async fn new_terms_and_more_access_by_the_api_on_mariadb() {
    new_terms_and_more_access_on(Store::MariaDb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_accepts_new_terms_and_more_access() {
    let server = Server::start().await;
    let operator = with_grace(&server).await;
    let link = offers(&server, &operator).await;

    // The operator publishes on the page: written, looked at, published.
    let browser = Browser::start(Options::default()).await;
    browser.goto(&format!("{}/login", server.url)).await;
    browser.fill("E-mail", "ada@acme.example").await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Log In").await;
    browser.find("#person").await;
    browser.goto(&format!("{}/admin/terms", server.url)).await;
    browser.is_sound("en").await;
    browser.click("Publish a new version").await;
    browser.find("[id='texts.en']").await;
    browser.is_sound("en").await;
    browser.eval("document.getElementById('texts.en').value = '# Kinder\\n\\nBe *kinder*.'").await;
    browser.click("See what it looks like").await;
    browser.reads("Publish this version?").await;
    browser.is_sound("en").await;
    browser.click_on("button[value=edit]").await;
    browser.find("[id='texts.en']").await;
    browser.click("See what it looks like").await;
    browser.reads("Publish this version?").await;
    browser.click_on("button[value=publish]").await;
    browser.reads("In force").await;
    browser.is_sound("en").await;
    assert_eq!(browser.path().await, "/admin/terms/2");
    browser.forget_cookies().await;

    // Grace opens her invitation, logs in, accepts the terms, and is led back.
    browser.goto(&link).await;
    browser.reads("You get more access").await;
    browser.is_sound("en").await;
    let page = browser.path().await;
    browser.click("Log In").await;
    browser.fill("E-mail", GRACE).await;
    browser.fill("Password", PASSWORD).await;
    browser.click("Log In").await;
    browser.reads("The terms have changed").await;
    browser.is_sound("en").await;
    browser.click("Go on").await;
    browser.reads("Accept the terms and conditions to go on").await;
    browser.tick("I accept the terms and conditions").await;
    browser.click("Go on").await;
    browser.reads("With your account you get").await;
    assert_eq!(browser.path().await, page);
    browser.click("Accept").await;
    browser.reads("You have accepted").await;
    browser.is_sound("en").await;
    browser.click("Go on").await;
    browser.reads("Editor").await;
    browser.goto(&link).await;
    browser.reads("This link does not work any more").await;
}
