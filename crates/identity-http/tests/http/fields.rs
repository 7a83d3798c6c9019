//! Fields that the operator asks people for: in the API and on the pages of people who sign up or are invited.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::extract::ConnectInfo;
use identity_core::{
    model::{
        Settings,
        custom_field::{Field, FieldChoice, FieldKind, FieldPlace, Fields, Words},
        registration::RegistrationState,
    },
    value::{FieldKey, Language, TokenKind},
};
use serde_json::json;

use crate::{
    html::{links, tags},
    support::{
        ACTIVATION, HTTPS, INVITED, MEMBER, OPERATOR, PASSWORD, RequestExt as _, SIGN_UP, SIGNING_UP, World, completion,
        registration, sign_up,
    },
};

fn words(english: &str, arabic: &str) -> Words {
    let words = [("en", english), ("ar", arabic)].map(|(tag, text)| (Language::parse(tag).unwrap(), text.to_owned()));
    Words::new(BTreeMap::from(words)).unwrap()
}

fn declare(settings: &mut Settings) {
    let key = |key: &str| FieldKey::parse(key).unwrap();
    let field = |name: &str, label: Words, kind, required| Field {
        key: key(name),
        label,
        hint: Some(words("A <b>hint</b>", "تلميح")),
        kind,
        required,
        shown: FieldPlace::ALL.into(),
    };
    let small = FieldChoice { value: key("s"), label: words("Small", "صغير") };
    let large = FieldChoice { value: key("l"), label: words("Large", "كبير") };
    settings.fields = Fields::new(vec![
        field("team", words("Team & <group>", "الفريق"), FieldKind::Text { max_length: 20 }, true),
        field("size", words("People", "أشخاص"), FieldKind::Number { min: 1, max: 99 }, false),
        field("since", words("Since", "منذ"), FieldKind::Date, false),
        field("shirt", words("T-shirt", "قميص"), FieldKind::Choice(vec![small, large]), false),
        field("partner", words("We are a partner", "نحن شريك"), FieldKind::Checkbox, true),
    ])
    .unwrap();
}

async fn asking() -> World {
    World::new().await.with(declare)
}

#[tokio::test]
async fn a_program_learns_what_is_asked_in_its_readers_language() {
    let world = asking().await;
    let listed = world.api().get("/fields").await.expect(200).json();
    let keys = listed["items"].as_array().unwrap().iter().map(|field| field["key"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(keys, ["team", "size", "since", "shirt", "partner"]);
    let team = json!({ "key": "team", "label": "Team & <group>", "hint": "A <b>hint</b>", "kind": "text", "max_length": 20, "min": null,
        "max": null, "choices": null, "required": true, "shown": ["registration", "profile"] });
    assert_eq!(listed["items"][0], team);
    let arabic = world.api().get("/fields?language=ar").await.expect(200).json();
    assert_eq!(arabic["items"][3]["choices"][1], json!({ "value": "l", "label": "كبير" }));
    assert_eq!(world.api().get("/fields?language=x").await.expect(422).codes("language"), ["invalid"]);
    assert_eq!(World::new().await.api().get("/fields").await.expect(200).json(), json!({ "items": [] }));
}

#[tokio::test]
async fn a_program_answers_in_the_types_of_json_and_gets_them_back() {
    let world = asking().await;
    let mut body = sign_up(SIGNING_UP);
    for (fields, field, code) in [
        (json!({}), "fields.team", "missing_field"),
        (json!({ "team": "Core", "partner": false }), "fields.partner", "missing_field"),
        (json!({ "team": "Core", "partner": true, "size": 100 }), "fields.size", "not_a_number"),
        (json!({ "team": "Core", "partner": true, "since": "yesterday" }), "fields.since", "not_a_day"),
        (json!({ "team": "Core", "partner": true, "shirt": "xxl" }), "fields.shirt", "not_a_choice"),
        (json!({ "team": "Core", "partner": true, "roles": "operator" }), "fields.roles", "unknown_field"),
    ] {
        body["fields"] = fields;
        let refused = world.api().post("/registrations", body.clone()).await.expect(422);
        assert_eq!(refused.codes(field), [code], "{}", refused.body);
    }
    body["fields"] = json!({ "team": ["Core"] });
    world.api().post("/registrations", body.clone()).await.expect(422);
    let fields = json!({ "team": "Core", "partner": true, "size": 7, "shirt": "l" });
    body["fields"] = fields.clone();
    world.api().post("/registrations", body).await.expect(202);
    world.delivers().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let listed = ada.get(&format!("/registrations?state={}", RegistrationState::Requested.as_str())).await.expect(200).json();
    assert_eq!(listed["items"][0]["fields"], fields);

    let token = world.mailed(TokenKind::Activation, SIGNING_UP);
    let mut done = completion(&token);
    done["fields"] = json!({ "partner": true });
    assert_eq!(world.api().post("/registrations/complete", done.clone()).await.expect(422).codes("fields.team"), ["missing_field"]);
    done["fields"] = json!({ "team": "Mine", "partner": true });
    world.api().post("/registrations/complete", done).await.expect(201);
}

/// A field that cannot be read hides nothing that is wrong with the others.
#[tokio::test]
async fn a_program_learns_everything_that_is_wrong_at_once() {
    let world = asking().await;
    let api = world.api();
    let mut body = sign_up(SIGNING_UP);
    (body["first_name"], body["fields"]) = (json!(""), json!({ "size": 100, "team": "Core", "partner": true }));
    let refused = api.post("/registrations", body.clone()).await.expect(422);
    assert_eq!((refused.codes("first_name"), refused.codes("fields.size")), (vec!["invalid".into()], vec!["not_a_number".into()]));

    (body["first_name"], body["fields"]["size"]) = (json!("Nina"), json!(10));
    api.post("/registrations", body).await.expect(202);
    world.delivers().await;
    let mut body = completion(&world.mailed(TokenKind::Activation, SIGNING_UP));
    (body["first_name"], body["password"], body["accept_terms"]) = (json!("\u{7}"), json!("short"), json!(null));
    let refused = api.post("/registrations/complete", body).await.expect(422);
    assert_eq!((refused.codes("first_name"), refused.codes("accept_terms")), (vec!["invalid".into()], vec!["terms".into()]));
    assert!(!refused.codes("password").is_empty() && !refused.codes("password_confirmation").is_empty(), "{}", refused.body);

    let ada = api.logs_in(OPERATOR).await;
    ada.post("/invitations", json!({ "email": INVITED })).await.expect(201);
    world.delivers().await;
    let mut body = registration(&world.link_to(INVITED));
    (body["last_name"], body["password"], body["fields"]) = (json!(""), json!("short"), json!({ "size": 100, "partner": true }));
    let refused = api.post("/invitations/accept", body).await.expect(422);
    assert_eq!((refused.codes("last_name"), refused.codes("fields.size")), (vec!["invalid".into()], vec!["not_a_number".into()]));
    assert_eq!(refused.codes("fields.team"), ["missing_field"]);
    assert!(!refused.codes("password").is_empty(), "{}", refused.body);

    let body = json!({ "first_name": "", "phone": "1", "fields": { "size": 100 } });
    let refused = ada.send("PATCH", "/me", Some(&body)).await.expect(422);
    assert_eq!((refused.codes("first_name"), refused.codes("phone")), (vec!["invalid".into()], vec!["unknown_number".into()]));
    assert_eq!(refused.codes("fields.size"), ["not_a_number"]);
}

/// What cannot be read costs what a look at the link costs: a permit, and no hash. A link that is dead says so first.
#[tokio::test]
async fn a_submission_that_cannot_be_read_costs_a_permit_and_no_hash() {
    let world = World::new().await;
    let token = world.link_to(INVITED);
    let mut body = registration(&token);
    body["first_name"] = json!("");
    let submits = async || {
        let mut request = world.api().request("POST", "/invitations/accept").json(&body);
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 4711))));
        world.send(request).await
    };
    world.listens();
    let refused = submits().await.expect(422);
    assert_eq!((refused.codes("first_name"), world.heard("hash"), world.heard("commit")), (vec!["invalid".into()], 0, 1));

    world.api().accepts(&token, json!({})).await.expect(201);
    assert_eq!(submits().await.expect(410).problem(), "dead-link");
    while submits().await.status == 410 {}
    assert_eq!(submits().await.expect(429).problem(), "throttled");
}

/// The field that could not be read is not said to be missing, too.
#[tokio::test]
async fn a_field_that_cannot_be_read_is_named_once() {
    let world = World::empty_at(HTTPS).await;
    let mut body = registration(&world.first_operator_link().await);
    (body["email"], body["password"]) = (json!("x"), json!("short"));
    let refused = world.api().post("/invitations/accept", body).await.expect(422);
    assert_eq!(refused.codes("email"), ["invalid"], "{}", refused.body);
    assert!(!refused.codes("password").is_empty(), "{}", refused.body);
}

#[tokio::test]
async fn the_pages_ask_keep_what_was_typed_and_say_what_to_do() {
    let world = asking().await;
    let mut browser = world.browser();
    let page = browser.get("/signup").await.expect(200).body;
    let named = |page: &str, name: &str| tags(page).into_iter().find(|tag| tag.attribute("name") == Some(name)).unwrap();
    assert_eq!(named(&page, "fields.team").attribute("maxlength"), Some("20"));
    assert_eq!(named(&page, "fields.since").attribute("type"), Some("date"));
    assert_eq!(named(&page, "fields.partner").attribute("type"), Some("checkbox"));
    assert!(page.contains("Team &#38; &#60;group&#62;") && !page.contains("<b>hint"), "{page}");

    let wrong = [("fields.team", ""), ("fields.size", "many"), ("fields.since", ""), ("fields.shirt", "l")];
    let form = SIGN_UP.iter().copied().chain(wrong).collect::<Vec<_>>();
    let refused = browser.submit("/signup", &form).await.expect(422).body;
    for said in
        ["Team &#38; &#60;group&#62;: answer this", "People: use a whole number from 1 to 99", "We are a partner: tick this box"]
    {
        assert!(refused.contains(said), "{said}: {refused}");
    }
    assert!(links(&refused).iter().any(|link| link == "#fields.team"), "the summary leads to the field: {refused}");
    assert_eq!(named(&refused, "fields.size").attribute("value"), Some("many"));
    assert!(refused.contains("<option value=\"l\" selected>"), "{refused}");

    let right =
        [("fields.team", "Core"), ("fields.size", "7"), ("fields.since", ""), ("fields.shirt", ""), ("fields.partner", "true")];
    let form = SIGN_UP.iter().copied().chain(right).collect::<Vec<_>>();
    browser.submit("/signup", &form).await.expect(303);
    world.delivers().await;
    let to = browser.opens(&world.mailed(TokenKind::Activation, SIGNING_UP)).await;
    let page = browser.get(&to).await.expect(200).body;
    assert!(!page.contains("fields.team") && !page.contains("fields.partner"), "what was answered is not asked for again: {page}");
    let page = browser.get(&format!("{to}?details=true")).await.expect(200).body;
    assert_eq!(named(&page, "fields.team").attribute("value"), Some("Core"));
    assert!(named(&page, "fields.partner").attribute("checked").is_some());
    let refused = browser.submit(&to, &ACTIVATION).await.expect(422).body;
    assert!(refused.contains("answer this"), "{refused}");
    let form = ACTIVATION.iter().copied().chain(right).collect::<Vec<_>>();
    browser.submit(&to, &form).await.expect(201);
}

#[tokio::test]
async fn an_invitee_is_asked_on_the_page_of_the_invitation() {
    let world = asking().await;
    let mut browser = world.browser();
    let to = browser.opens(&world.mailed(TokenKind::Invitation, INVITED)).await;
    let page = browser.get(&to).await.expect(200).body;
    assert!(page.contains("name=\"fields.team\""), "{page}");
    browser.submit(&to, &[("fields.role", "operator")]).await.expect(422);
}

#[tokio::test]
async fn a_person_who_decides_reads_the_answers_in_words() {
    let world = asking().await.with(|settings| settings.registration.approval = true);
    let mut body = sign_up(SIGNING_UP);
    body["fields"] = json!({ "team": "Core", "partner": true, "shirt": "l" });
    world.api().post("/registrations", body).await.expect(202);
    world.delivers().await;
    let token = world.mailed(TokenKind::Activation, SIGNING_UP);
    world.api().post("/registrations/complete", completion(&token)).await.expect(202);
    let mut ada = world.browser();
    ada.logs_in(OPERATOR, PASSWORD).await.expect(303);
    let page = ada.get("/admin/registrations").await.expect(200).body;
    for said in ["Core", "Large", "Yes"] {
        assert!(page.contains(&format!("<bdi>{said}</bdi>")), "{said}: {page}");
    }
}

#[tokio::test]
async fn a_person_answers_in_the_profile_and_administrators_read_it() {
    let world = asking().await;
    let mut grace = world.browser();
    grace.logs_in(MEMBER, PASSWORD).await.expect(303);
    let page = grace.get("/account").await.expect(200).body;
    assert!(page.contains("name=\"fields.team\"") && page.contains("name=\"fields.partner\""), "{page}");
    let names = [("first_name", "Grace"), ("last_name", "Hopper")];
    let wrong = [("fields.team", ""), ("fields.size", "many")];
    let refused = grace.submit("/account", &names.iter().copied().chain(wrong).collect::<Vec<_>>()).await.expect(422).body;
    for said in ["Team &#38; &#60;group&#62;: answer this", "People: use a whole number", "We are a partner: tick this box"] {
        assert!(refused.contains(said), "{said}: {refused}");
    }
    let right = [("fields.team", "Core"), ("fields.size", "7"), ("fields.shirt", "l"), ("fields.partner", "true")];
    grace.submit("/account", &names.iter().copied().chain(right).collect::<Vec<_>>()).await.expect(303);

    let program = world.api().logs_in(MEMBER).await;
    let fields = json!({ "team": "Core", "size": 7, "shirt": "l", "partner": true });
    assert_eq!(program.get("/me").await.expect(200).json()["fields"], fields);
    let refused = program.send("PATCH", "/me", Some(&json!({ "fields": { "team": "", "admin": true } }))).await.expect(422);
    assert_eq!(
        (refused.codes("fields.team"), refused.codes("fields.admin")),
        (vec!["missing_field".into()], vec!["unknown_field".into()])
    );
    let answer = program.send("PATCH", "/me", Some(&json!({ "fields": { "shirt": "" } }))).await.expect(200).json();
    assert_eq!(answer["fields"], json!({ "team": "Core", "size": 7, "partner": true }));

    let path = format!("/accounts/{}", world.account_id(MEMBER).await);
    let ada = world.api().logs_in(OPERATOR).await;
    assert_eq!(ada.get(&path).await.expect(200).json()["fields"]["team"], "Core");
    let mut ada = world.browser_of(OPERATOR).await;
    let page = ada.get(&format!("/admin{path}")).await.expect(200).body;
    assert!(page.contains("<bdi>Core</bdi>") && page.contains("<dt>Team &#38; &#60;group&#62;</dt>"), "{page}");
}

#[tokio::test]
async fn setting_the_password_asks_for_what_is_required_since_the_sign_up() {
    let before = World::new().await;
    before.signs_up(SIGNING_UP).await;
    // The operator requires fields from now on.
    let world = before.with(declare);
    let mut browser = world.browser();
    let to = browser.opens(&world.mailed(TokenKind::Activation, SIGNING_UP)).await;
    let page = browser.get(&to).await.expect(200).body;
    let has = |page: &str, name: &str| tags(page).into_iter().any(|tag| tag.attribute("name") == Some(name));
    assert!(has(&page, "fields.team") && has(&page, "fields.partner"), "{page}");
    assert!(!has(&page, "fields.size") && !has(&page, "first_name") && !has(&page, "country"), "{page}");
    let password = [("password", PASSWORD), ("password_confirmation", PASSWORD), ("accept_terms", "1")];
    let refused = browser.submit(&to, &password).await.expect(422).body;
    assert!(has(&refused, "fields.team") && refused.contains("answer this") && !has(&refused, "first_name"), "{refused}");
    let form = password.into_iter().chain([("fields.team", "Core"), ("fields.partner", "true")]).collect::<Vec<_>>();
    browser.submit(&to, &form).await.expect(201);
}
