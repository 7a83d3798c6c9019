//! New terms: who is asked, and how an operator publishes them.

use identity_core::{
    change::{Change, ChangeSet, TermsChange},
    model::terms::TermsVersion,
    port::{Clock as _, IdSource},
};
use serde_json::json;

use crate::support::{ADMINISTRATOR, MEMBER, OPERATOR, PASSWORD, World, change};

#[tokio::test]
async fn a_program_is_let_past_nothing_until_it_has_accepted_the_terms() {
    let world = World::new().await;
    let open = world.api().logs_in(ADMINISTRATOR).await;
    world.publishes_terms(None).await;
    open.get("/invitations").await.expect(200);
    let answer = world.api().post("/sessions", json!({ "email": ADMINISTRATOR, "password": PASSWORD })).await.expect(201).json();
    assert_eq!(answer["required_actions"], json!(["accept_terms"]));
    let carl = world.api().logs_in(ADMINISTRATOR).await;
    // Other sessions of the account are asked from then on, too.
    for api in [&carl, &open] {
        let refused = api.get("/invitations").await.expect(403);
        assert_eq!((refused.problem(), &refused.json()["required_action"]), ("required-action".into(), &json!("accept_terms")));
    }
    let standing = carl.get("/me/terms").await.expect(200).json();
    assert_eq!((&standing["accepted"]["version"], &standing["waiting"]["version"]), (&json!(1), &json!(2)));
    assert_eq!(carl.post("/me/terms-acceptance", json!({ "version": 1 })).await.expect(409).problem(), "terms-changed");
    carl.get("/invitations").await.expect(403);
    carl.post("/me/terms-acceptance", json!({ "version": 2 })).await.expect(204);
    let standing = carl.get("/me/terms").await.expect(200).json();
    assert_eq!((&standing["accepted"]["version"], &standing["waiting"]), (&json!(2), &json!(null)));
    for api in [&carl, &open] {
        api.get("/invitations").await.expect(200);
    }
    carl.post("/me/terms-acceptance", json!({ "version": 2 })).await.expect(204);
}

#[tokio::test]
async fn the_password_comes_before_the_terms() {
    let world = World::new().await;
    world.publishes_terms(None).await;
    // Who publishes is asked like everybody else.
    let ada = world.api().logs_in(OPERATOR).await;
    ada.get("/terms").await.expect(403);
    ada.post("/me/terms-acceptance", json!({ "version": 2 })).await.expect(204);
    world.requires_change(MEMBER).await;
    let mut browser = world.browser_of(MEMBER).await;
    assert_eq!(browser.get("/account").await.expect(303).header("location"), "/change-password");
    assert_eq!(browser.get("/terms/accept").await.expect(303).header("location"), "/change-password");
    let token = browser.token_of("/change-password").await;
    let agreed = [("accept_terms", "2"), ("csrf_token", token.as_str())];
    assert_eq!(browser.post("/terms/accept", &agreed).await.expect(303).header("location"), "/change-password");
    let grace = world.api().logs_in(MEMBER).await;
    let refused = grace.post("/me/terms-acceptance", json!({ "version": 2 })).await.expect(403);
    assert_eq!(refused.json()["required_action"], "change_password");
    grace.put("/me/password", change()).await.expect(204);
    let refused = grace.get("/invitations").await.expect(403);
    assert_eq!(refused.json()["required_action"], "accept_terms");
}

#[tokio::test]
async fn a_browser_is_led_to_the_terms_and_on_to_where_it_wanted_to_go() {
    let world = World::new().await;
    let mut open = world.browser_of(ADMINISTRATOR).await;
    world.publishes_terms(None).await;
    let mut browser = world.browser();
    let fields = [("email", ADMINISTRATOR), ("password", PASSWORD), ("return_to", "/admin/invitations")];
    assert_eq!(browser.submit("/login", &fields).await.expect(303).header("location"), "/admin/invitations");
    let to = browser.get("/admin/invitations").await.expect(303).header("location").to_owned();
    assert_eq!(to, "/terms/accept?return_to=%2Fadmin%2Finvitations");
    assert!(open.get("/account").await.expect(303).header("location").starts_with("/terms/accept"));
    let page = browser.get(&to).await.expect(200).body;
    assert!(page.contains("The terms have changed") && page.contains("<em>kinder</em>"), "{page}");
    assert!(page.contains("href=\"/logout\"") && !page.contains(">Later<"), "{page}");
    let token = crate::support::token_in(&page);
    let send = |agrees: bool, version: &'static str| {
        let mut fields = vec![("return_to", "/admin/invitations")];
        fields.extend(agrees.then_some(("accept_terms", version)));
        fields
    };
    let sent = |fields: Vec<(&'static str, &'static str)>, token: &str| {
        let mut all = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>();
        all.push(("csrf_token".to_owned(), token.to_owned()));
        all
    };
    for (agrees, version, status, words) in [
        (false, "2", 422, "Accept the terms and conditions to go on"),
        (true, "1", 409, "Another version has just come into force"),
        (true, "x", 409, "Another version has just come into force"),
    ] {
        let fields = sent(send(agrees, version), &token);
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>();
        let answer = browser.post("/terms/accept", &fields).await.expect(status);
        assert!(answer.body.contains(words) && answer.body.contains("value=\"/admin/invitations\""), "{}", answer.body);
    }
    let fields = sent(send(true, "2"), &token);
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>();
    assert_eq!(browser.post("/terms/accept", &fields).await.expect(303).header("location"), "/admin/invitations");
    browser.get("/admin/invitations").await.expect(200);
    assert_eq!(browser.get("/terms/accept?return_to=https://evil.example").await.expect(303).header("location"), "/account");
}

#[tokio::test]
async fn within_the_time_of_grace_the_login_shows_the_terms_once() {
    let world = World::new().await;
    world.publishes_terms(Some("P30D")).await;
    let mut browser = world.browser();
    let to = browser.logs_in(MEMBER, PASSWORD).await.expect(303).header("location").to_owned();
    assert_eq!(to, "/terms/accept?return_to=%2Faccount");
    let page = browser.get(&to).await.expect(200).body;
    assert!(page.contains("href=\"/account\">Later"), "{page}");
    browser.get("/account").await.expect(200);
    let grace = world.api().logs_in(MEMBER).await;
    let standing = grace.get("/me/terms").await.expect(200).json();
    assert_eq!(standing["waiting"]["version"], 2);
    assert!(standing["waiting"]["due_at"].as_str() > standing["waiting"]["effective_at"].as_str());
    world.passes("P30D");
    let mut browser = world.browser_of(MEMBER).await;
    assert!(browser.get("/account").await.expect(303).header("location").starts_with("/terms/accept"));
}

#[tokio::test]
async fn an_operator_sees_what_would_be_published_before_it_is() {
    let world = World::new().await;
    let mut ada = world.browser_of(OPERATOR).await;
    let list = ada.get("/admin/terms").await.expect(200).body;
    assert!(list.contains("Version 1") && list.contains("In force") && list.contains("aria-current=\"page\""), "{list}");
    let form = ada.get("/admin/terms/new").await.expect(200).body;
    assert!(
        form.contains("name=\"texts.en\"") && form.contains("name=\"texts.ar\"") && form.contains("\nBe kind.</textarea>"),
        "{form}"
    );
    let typed =
        [("texts.en", "# New\r\n\r\nBe *kinder* & <b>."), ("texts.ar", "كن لطيفًا."), ("effective_at", ""), ("grace", "P30D")];
    let with = |step: &'static str| typed.into_iter().chain([("step", step)]).collect::<Vec<_>>();
    world.listens();
    let preview = ada.submit("/admin/terms/new", &with("preview")).await.expect(200).body;
    assert!(preview.contains("Publish this version?") && preview.contains("<em>kinder</em>"), "{preview}");
    assert!(preview.contains("Be *kinder* &#38; &#60;b&#62;.") || preview.contains("Be *kinder* &amp; &lt;b&gt;."), "{preview}");
    let again = ada.submit("/admin/terms/new", &with("edit")).await.expect(200).body;
    assert!(again.contains("كن لطيفًا.") && again.contains("value=\"P30D\" selected"), "{again}");
    world.heard_no_effect("looking at a preview");
    let done = ada.submit("/admin/terms/new", &with("publish")).await.expect(303);
    assert_eq!(done.header("location"), "/admin/terms/2");
    let shown = ada.get("/admin/terms/2").await.expect(200).body;
    assert!(shown.contains("<h2>New</h2>") && shown.contains("dir=\"rtl\""), "{shown}");
    let api = world.api().logs_in(OPERATOR).await;
    let listed = api.get("/terms").await.expect(200).json();
    assert_eq!((&listed["items"][0]["version"], &listed["items"][0]["grace"]), (&json!(2), &json!("P30D")));
    assert_eq!(listed["items"][0]["texts"]["en"], "# New\n\nBe *kinder* & <b>.");
    assert_eq!((&listed["items"][1]["grace"], &listed["items"][1]["due_at"]), (&json!(null), &listed["items"][1]["effective_at"]));
    ada.get("/admin/terms/3").await.expect(404);
    ada.get("/admin/terms/x").await.expect(404);
}

#[tokio::test]
async fn the_placeholder_is_in_no_form_and_is_refused_with_words() {
    let world = World::new().await;
    // A person who is in goes on without accepting it.
    let (mut ada, api) = (world.browser_of(OPERATOR).await, world.api().logs_in(OPERATOR).await);
    let now = world.kit.clock.now();
    let placeholder = TermsVersion::placeholder();
    let laid = TermsVersion { number: 2, effective_at: now, grace: None, texts: placeholder.clone() };
    let id = IdSource::new(now, world.kit.ports.entropy.as_ref()).id().unwrap();
    world.store().commit(&ChangeSet::new(id, now, vec![Change::Terms(TermsChange::Publish(laid))]).unwrap()).await.unwrap();
    let form = ada.get("/admin/terms/new").await.expect(200).body;
    assert_eq!(form.matches(">\n</textarea>").count(), 2, "both begin empty: {form}");
    let arabic = placeholder.iter().find(|(language, _)| language.as_str() == "ar").unwrap().1.replace('\n', "\r\n");
    for step in ["preview", "publish"] {
        let fields = [("texts.en", "Be kinder."), ("texts.ar", arabic.as_str()), ("step", step)];
        let page = ada.submit("/admin/terms/new", &fields).await.expect(422).body;
        assert!(page.contains("Replace the placeholder with your own terms in this language: "), "{page}");
    }
    let refused = api.post("/terms", json!({ "texts": { "en": "Be kinder.", "ar": arabic } })).await.expect(422);
    assert_eq!(refused.codes("texts"), ["placeholder"]);
}

#[tokio::test]
async fn what_was_typed_stays_where_it_cannot_be_published() {
    let world = World::new().await;
    let mut ada = world.browser_of(OPERATOR).await;
    for (fields, words) in [
        (vec![("texts.en", " "), ("texts.ar", "كن لطيفًا.")], "Write the text in this language: English"),
        (
            vec![("texts.en", "Kinder"), ("texts.ar", "كن لطيفًا."), ("effective_at", "2020-01-01T00:00")],
            "Choose a time that is not over",
        ),
        (vec![("texts.en", "Kinder"), ("texts.ar", "كن لطيفًا."), ("effective_at", "soon")], "Choose a time that is not over"),
        (vec![("texts.en", "Kinder"), ("texts.ar", "كن لطيفًا."), ("grace", "P1Y")], "Choose from the list"),
    ] {
        for step in ["preview", "publish"] {
            let fields = fields.iter().copied().chain([("step", step)]).collect::<Vec<_>>();
            let page = ada.submit("/admin/terms/new", &fields).await.expect(422).body;
            assert!(page.contains(words) && page.contains("كن لطيفًا.") && page.contains("<title>Error:"), "{page}");
        }
    }
    assert_eq!(world.kit.flows().terms.versions().await.unwrap().len(), 1);
    let api = world.api().logs_in(OPERATOR).await;
    let refused = api.post("/terms", json!({ "grace": "soon", "texts": { "en": "Kinder" } })).await.expect(422);
    assert_eq!(refused.codes("grace"), ["invalid"]);
}
