//! One's own profile and settings, by the API and on pages.

use identity_core::{
    model::{account::AccountState, outbox::DeclaredKind},
    value::{AccessText, NotificationKey},
};
use serde_json::{Value, json};

use crate::{
    html::{is_wrong, tags},
    support::{Api, MEMBER, OPERATOR, RequestExt as _, World},
};

async fn patch(api: &Api, body: Value) -> crate::support::Answer {
    api.send("PATCH", "/me", Some(&body)).await
}

const PROFILE: [(&str, &str); 5] = [
    ("first_name", "Amazing"),
    ("last_name", "Grace"),
    ("phone", "+49 30 123456"),
    ("department", "Research"),
    ("job_title", "Rear admiral"),
];

/// The value that a field of a page holds.
fn value(page: &str, name: &str) -> String {
    let held = tags(page).into_iter().find(|tag| tag.name == "input" && tag.attribute("name") == Some(name));
    held.and_then(|tag| tag.attribute("value").map(str::to_owned)).unwrap_or_default()
}

/// The boxes that are ticked.
fn ticked(page: &str) -> Vec<String> {
    let boxes = tags(page).into_iter().filter(|tag| tag.attribute("checked").is_some());
    boxes.filter_map(|tag| tag.attribute("name")?.strip_prefix("notifications.").map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_program_reads_and_changes_what_is_its_persons_own() {
    let world = World::new().await;
    let api = world.api().logs_in(MEMBER).await;
    let me = api.get("/me").await.expect(200).json();
    assert_eq!((&me["phone"], &me["time_zone"], &me["language"]), (&Value::Null, &json!("UTC"), &json!("en")));
    assert_eq!(me["notifications"], json!({ "sign_ins": true }));
    let body = json!({ "phone": "+49 30 123456", "department": "Research", "time_zone": "europe/berlin", "language": "ar", "notifications": { "sign_ins": false } });
    let answered = patch(&api, body).await.expect(200).json();
    assert_eq!(answered, api.get("/me").await.expect(200).json(), "it counts with the next request");
    assert_eq!((&answered["phone"], &answered["department"]), (&json!("+4930123456"), &json!("Research")));
    assert_eq!((&answered["time_zone"], &answered["language"]), (&json!("Europe/Berlin"), &json!("ar")));
    assert_eq!(answered["notifications"], json!({ "sign_ins": false }));
    assert_eq!(answered["first_name"], me["first_name"], "what is left out stays");
    let cleared = json!({ "phone": null, "department": null, "time_zone": null, "language": null, "notifications": null });
    assert_eq!(patch(&api, cleared).await.expect(200).json(), me);
    assert_eq!(patch(&api, json!({})).await.expect(200).json(), me);
    let ada = world.api().logs_in(OPERATOR).await.get("/me").await.expect(200).json();
    assert_eq!(ada["notifications"], json!({ "sign_ins": true, "invitation_accepted": true, "registration_waits": true }));
}

/// `docs/security.md`, B-12.
#[tokio::test]
async fn nobody_gives_themselves_what_is_not_theirs_to_give() {
    let world = World::new().await;
    let api = world.api().logs_in(MEMBER).await;
    let before = api.get("/me").await.expect(200).json();
    let stored = world.store().account(world.account_id(MEMBER).await).await.unwrap().unwrap();
    for field in
        ["roles", "subscriptions", "email", "state", "company_id", "id", "picture", "required_actions", "version", "created_at"]
    {
        for value in [json!("operator"), json!(["operator"]), json!(null), before[field].clone()] {
            let answer = patch(&api, json!({ "department": "Research", field: value })).await.expect(422);
            assert_eq!(answer.codes(field), ["unknown_field"]);
        }
        let mut browser = world.browser_of(MEMBER).await;
        let mut fields = PROFILE.to_vec();
        fields.push((field, "operator"));
        browser.submit("/account", &fields).await.expect(422);
    }
    let after = world.store().account(stored.id).await.unwrap().unwrap();
    assert_eq!((after.state, after), (AccountState::Active, stored));
}

#[tokio::test]
async fn every_wrong_field_is_named_with_its_reason() {
    let world = World::new().await;
    let api = world.api().logs_in(MEMBER).await;
    let before = api.get("/me").await.expect(200).json();
    let long = "x".repeat(101);
    for (field, value, named, code) in [
        ("first_name", json!(""), "first_name", "invalid"),
        ("first_name", json!(null), "first_name", "invalid"),
        ("last_name", json!("https://evil.example"), "last_name", "invalid"),
        ("phone", json!("030 123456"), "phone", "unknown_number"),
        ("phone", json!("+"), "phone", "unknown_number"),
        ("department", json!(long), "department", "invalid"),
        ("job_title", json!("a\u{202e}b"), "job_title", "invalid"),
        ("language", json!("tlh"), "language", "unknown_language"),
        ("language", json!("?"), "language", "invalid"),
        ("time_zone", json!("Berlin"), "time_zone", "invalid"),
        ("time_zone", json!("../etc/passwd"), "time_zone", "invalid"),
        ("notifications", json!({ "Sign ins": false }), "notifications", "invalid"),
        ("notifications", json!({ "invitation_accepted": false }), "notifications.invitation_accepted", "unknown_kind"),
    ] {
        let answer = patch(&api, json!({ field: value })).await.expect(422);
        assert_eq!(answer.codes(named), [code], "{field}: {}", answer.body);
    }
    assert_eq!(api.get("/me").await.expect(200).json(), before);
}

#[tokio::test]
async fn a_person_saves_the_profile_on_its_page() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let saved = browser.submit("/account", &PROFILE).await.expect(303).header("location").to_owned();
    let page = browser.get(&saved).await.expect(200).body;
    assert!(page.contains("Your profile is saved.") && page.contains(">AG</span>"), "{page}");
    for (name, held) in PROFILE {
        let shown = if name == "phone" { value(&page, name).replace(' ', "") } else { value(&page, name) };
        assert_eq!(shown, if name == "phone" { held.replace(' ', "") } else { held.to_owned() });
    }
    assert!(!browser.get("/account").await.expect(200).body.contains("Your profile is saved."));
    // What is emptied is gone.
    let emptied = [("first_name", "Amazing"), ("last_name", "Grace"), ("phone", " "), ("department", ""), ("job_title", "")];
    browser.submit("/account", &emptied).await.expect(303);
    let me = world.api().logs_in(MEMBER).await.get("/me").await.expect(200).json();
    assert_eq!((&me["phone"], &me["department"], &me["job_title"]), (&Value::Null, &Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_profile_that_has_to_be_mended_says_where_and_keeps_what_was_typed() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let wrong = [
        ("first_name", ""),
        ("last_name", "evil.example/b"),
        ("phone", "030 1"),
        ("department", "\u{202e}"),
        ("job_title", "Countess"),
    ];
    let page = browser.submit("/account", &wrong).await.expect(422).body;
    for field in ["first_name", "last_name", "phone", "department"] {
        assert!(is_wrong(&page, field), "{field}: {page}");
    }
    assert!(!is_wrong(&page, "job_title") && value(&page, "job_title") == "Countess" && value(&page, "phone") == "030 1");
    let page = browser.submit("/account", &[("first_name", "A"), ("last_name", "B"), ("phone", "030 1")]).await.expect(422).body;
    assert!(is_wrong(&page, "phone") && page.contains("<title>Error: "), "{page}");
}

#[tokio::test]
async fn settings_count_at_once() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let page = browser.get("/account/settings").await.expect(200).body;
    assert_eq!((value(&page, "time_zone"), ticked(&page)), ("UTC".to_owned(), vec!["sign_ins".to_owned()]));
    assert!(page.contains("In UTC it is 09:00 now (UTC)."), "{page}");
    assert!(page.contains("<option value=\"Europe/Berlin\">UTC+1</option>") && !page.contains("\"US/Eastern\""), "{page}");
    assert!(browser.get("/account").await.expect(200).body.contains("09:00 UTC"));
    let saved = browser
        .submit("/account/settings", &[("language", "en"), ("time_zone", "tokyo"), ("notifications.sign_ins", "false")])
        .await
        .expect(303);
    let page = browser.get(saved.header("location")).await.expect(200).body;
    assert!(page.contains("Your settings are saved.") && page.contains("In Asia/Tokyo it is 18:00 now (UTC+9)."), "{page}");
    assert!(ticked(&page).is_empty());
    let page = browser.get("/account").await.expect(200).body;
    assert!(page.contains("18:00 JST") && !page.contains("UTC"), "{page}");
    // The language, on the very next page.
    let saved = browser
        .submit("/account/settings", &[("language", "ar"), ("time_zone", "Asia/Dubai"), ("notifications.sign_ins", "true")])
        .await;
    let page = browser.get(saved.expect(303).header("location")).await.expect(200).body;
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">") && ticked(&page) == ["sign_ins"], "{page}");
    let wrong =
        browser.submit("/account/settings", &[("language", "tlh"), ("time_zone", "Atlantis"), ("notifications.x", "true")]).await;
    let page = wrong.expect(422).body;
    assert!(is_wrong(&page, "language") && is_wrong(&page, "time_zone"), "{page}");
    assert!(page.contains("id=\"notifications-message\"") && page.contains("href=\"#notifications\""), "{page}");
    assert_eq!(value(&page, "time_zone"), "Atlantis");
}

#[tokio::test]
async fn kinds_that_the_operator_declares_stand_beside_those_that_are_built_in() {
    let kind = |key: &str, label: Option<&str>| DeclaredKind {
        key: NotificationKey::parse(key).unwrap(),
        label: label.map(|label| AccessText::parse(label).unwrap()),
    };
    let kinds = vec![kind("news", Some("News of the <product>")), kind("digest", None)];
    let world = World::new().await.with(|settings| settings.notifications = kinds);
    let mut browser = world.browser_of(MEMBER).await;
    let page = browser.get("/account/settings").await.expect(200).body;
    assert!(page.contains("News of the &#60;product&#62;") && page.contains(">digest</label>"), "{page}");
    let ticked = ["sign_ins", "news", "digest"]
        .map(|kind| (format!("notifications.{kind}"), if kind == "digest" { "true" } else { "false" }));
    let fields = ticked.iter().map(|(name, value)| (name.as_str(), *value)).chain([("language", "en"), ("time_zone", "UTC")]);
    browser.submit("/account/settings", &fields.collect::<Vec<_>>()).await.expect(303);
    let me = world.api().logs_in(MEMBER).await.get("/me").await.expect(200).json();
    assert_eq!(me["notifications"], json!({ "sign_ins": false, "news": false, "digest": true }));
}

#[tokio::test]
async fn a_language_with_a_region_is_the_language_that_is_offered() {
    let world = World::new().await;
    let grace = world.api().logs_in(MEMBER).await;
    for (tag, kept) in [("ar-EG", "ar"), ("en-GB", "en"), ("AR-eg-u-nu-latn", "ar")] {
        let me = grace.send("PATCH", "/me", Some(&json!({ "language": tag }))).await.expect(200).json();
        assert_eq!(me["language"], kept, "{tag}");
    }
    grace.send("PATCH", "/me", Some(&json!({ "language": "zh-Hant-TW" }))).await.expect(422);
    let mut browser = world.browser_of(MEMBER).await;
    browser.submit("/account/settings", &[("language", "ar-EG"), ("time_zone", "UTC")]).await.expect(303);
    assert!(browser.get("/account").await.expect(200).body.contains("<html lang=\"ar\""));
    let ada = world.api().logs_in(OPERATOR).await;
    let invited = ada.post("/invitations", json!({ "email": "new@acme.example", "language": "ar-EG" })).await.expect(201).json();
    assert_eq!(invited["language"], "ar");
    let mut body = crate::support::sign_up("region@newco.example");
    body["language"] = json!("ar-SA");
    world.api().post("/registrations", body).await.expect(202);
    world.delivers().await;
    assert_eq!(world.mails_to("region@newco.example")[0].language.as_str(), "ar");
    let page = world.send(crate::support::ask("GET", "/login").with("accept-language", "ar-EG, en;q=0.5")).await.body;
    assert!(page.contains("<html lang=\"ar\""), "{page}");
}
