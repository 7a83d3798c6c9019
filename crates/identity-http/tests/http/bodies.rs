//! What is sent in bodies, and what becomes of it.

use identity_core::value::TokenKind;
use serde_json::{Map, Value, json};

use crate::{
    routes::{FORMS, Operation, document, good, operations, page_path, resolved, visitor, with_code},
    support::{Answer, Api, INVITED, MEMBER, OPERATOR, RequestExt as _, World, stray},
};

/// Stands in for every value that is not to be said again.
const CANARY: &str = "canary-5d41402a";

/// An operation that takes a body, with one that is good.
struct Taker {
    operation: Operation,
    schema: Value,
    path: String,
    body: Map<String, Value>,
}

impl Taker {
    fn properties(&self) -> &Map<String, Value> {
        self.schema["properties"].as_object().unwrap()
    }

    fn is_required(&self, field: &str) -> bool {
        self.schema["required"].as_array().is_some_and(|fields| fields.iter().any(|required| required == field))
    }

    fn with(&self, field: &str, value: Value) -> String {
        let mut body = self.body.clone();
        body.insert(field.to_owned(), value);
        Value::Object(body).to_string()
    }

    fn without(&self, field: &str) -> String {
        let mut body = self.body.clone();
        body.remove(field);
        Value::Object(body).to_string()
    }

    fn good(&self) -> String {
        Value::Object(self.body.clone()).to_string()
    }

    /// Sends a body, which has no effect.
    async fn sends_in_vain(&self, world: &World, api: &Api, body: &str) -> Answer {
        world.listens();
        let request = api.request(&self.operation.method, &self.path).with("content-type", "application/json").text(body);
        let answer = world.send(request).await;
        let what = format!("{}: {body:.200}", self.operation.name());
        assert!(matches!(answer.status, 400..=422), "{what}: {} {}", answer.status, answer.body);
        answer.problem();
        world.heard_no_effect(&what);
        answer
    }

    async fn is_refused(&self, world: &World, api: &Api, body: &str, field: &str, code: &str) {
        let answer = self.sends_in_vain(world, api, body).await;
        let what = format!("{}: {body:.200}: {}", self.operation.name(), answer.body);
        assert_eq!(answer.status, 422, "{what}");
        assert_eq!(answer.codes(field), [code], "{what}");
        assert!(!answer.body.contains(CANARY), "{what}");
    }
}

/// Every operation that takes a body, and an operator.
async fn takers(world: &World) -> (Vec<Taker>, Api) {
    let document = document();
    let mut takers = Vec::new();
    for operation in operations() {
        if let Some(schema) = operation.body(&document) {
            let (path, body) = good(world, &operation).await;
            let body = body.unwrap().as_object().unwrap().clone();
            takers.push(Taker { operation, schema, path, body });
        }
    }
    assert!(takers.len() >= 23, "{}", takers.len());
    (takers, world.api().logs_in(OPERATOR).await)
}

#[tokio::test]
async fn fields_that_are_not_known_are_refused_by_name() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    for taker in &takers {
        for field in
            ["roles", "is_admin", "email_verified", "id", "tenant", "state", "account_id", "__proto__", "Email", "csrf_token"]
        {
            if !taker.properties().contains_key(field) {
                taker.is_refused(&world, &ada, &taker.with(field, json!(CANARY)), field, "unknown_field").await;
            }
        }
    }
}

#[tokio::test]
async fn fields_that_are_missing_are_asked_for_by_name() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    for taker in &takers {
        for field in taker.properties().keys().filter(|field| taker.is_required(field)) {
            taker.is_refused(&world, &ada, &taker.without(field), field, "missing_field").await;
            taker.is_refused(&world, &ada, &taker.with(field, Value::Null), field, "wrong_type").await;
        }
    }
}

/// The JSON types that a schema allows.
fn kinds_of(document: &Value, schema: &Value) -> Vec<Value> {
    let schema = resolved(document, schema);
    let one_of = schema["oneOf"].as_array().into_iter().flatten().flat_map(|schema| kinds_of(document, schema));
    match &schema["type"] {
        Value::Null => one_of.collect(),
        Value::Array(kinds) => kinds.clone(),
        kind => vec![kind.clone()],
    }
}

#[tokio::test]
async fn values_of_another_type_are_refused_by_the_name_of_their_field() {
    let document = document();
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    for taker in &takers {
        for (field, schema) in taker.properties() {
            let kinds = kinds_of(&document, schema);
            let wrong = [
                ("string", json!(CANARY)),
                ("integer", json!(12_345)),
                ("boolean", json!(true)),
                ("array", json!([CANARY])),
                ("object", json!({ "$ne": CANARY })),
            ];
            for (kind, value) in wrong {
                // Texts by language are an object, keys an array of texts.
                if !kinds.contains(&json!(kind)) {
                    taker.is_refused(&world, &ada, &taker.with(field, value), field, "wrong_type").await;
                }
            }
        }
    }
}

#[tokio::test]
async fn fields_inside_of_fields_are_named_with_both() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    let taker = takers.iter().find(|taker| taker.body.contains_key("identity_check")).unwrap();
    for (check, field, code) in [
        (json!({ "method": "video_call" }), "identity_check.note", "missing_field"),
        (json!({ "method": "video_call", "note": "Seen", "by": CANARY }), "identity_check.by", "unknown_field"),
        (json!({ "method": "video_call", "note": [CANARY] }), "identity_check.note", "wrong_type"),
        (json!({ "method": CANARY, "note": "Seen" }), "identity_check.method", "invalid"),
        (json!({ "method": "other", "note": "" }), "identity_check.note", "invalid"),
    ] {
        taker.is_refused(&world, &ada, &taker.with("identity_check", check), field, code).await;
    }
}

#[tokio::test]
async fn fields_that_are_sent_twice_are_refused_by_name() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    for taker in &takers {
        for (field, value) in &taker.body {
            let body = taker.good();
            let twice = format!("{{\"{field}\":{value},{}", &body.strip_prefix('{').unwrap());
            taker.is_refused(&world, &ada, &twice, field, "duplicate_field").await;
        }
    }
}

#[tokio::test]
async fn empty_texts_are_refused_or_lead_nowhere() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    for taker in &takers {
        for field in taker.body.iter().filter(|(_, value)| value.is_string()).map(|(field, _)| field) {
            let request = ada.request(&taker.operation.method, &taker.path).with("content-type", "application/json");
            world.listens();
            let answer = world.send(request.text(taker.with(field, json!("")))).await;
            let name = taker.operation.name();
            match (name.as_str(), field.as_str()) {
                // An empty password is as wrong as any other.
                ("POST /sessions", "password") => assert_eq!(answer.status, 401, "{name}"),
                ("POST /sessions", "device") => assert_eq!(answer.status, 201, "{name}"),
                ("POST /invitations/request-renewal", _) => assert_eq!(answer.status, 202, "{name}"),
                ("POST /password-policy/check", "password") => assert_eq!(answer.expect(200).json()["accepted"], false),
                ("POST /password-policy/check", _) => assert_eq!(answer.status, 200, "{name}"),
                (_, "token") => assert_eq!(answer.expect(410).problem(), "dead-link", "{name}"),
                _ => {
                    assert_eq!(answer.status, 422, "{name} with an empty {field}: {}", answer.body);
                    assert!(!answer.codes(field).is_empty(), "{name} with an empty {field}: {}", answer.body);
                }
            }
            // That a password or a code was tried is counted.
            let commits = match (name.as_str(), field.as_str()) {
                ("POST /sessions", "password" | "device") => 2,
                ("POST /registrations/verify-code", "code") => 1,
                ("PUT /me/password", "current_password") => 1,
                ("PUT /me/password", "password" | "password_confirmation") => 2,
                ("POST /me/email-change", "current_password") | ("POST /sessions/current/reauthenticate", "password") => 2,
                _ => 0,
            };
            assert_eq!(world.heard("commit"), commits, "{name} with an empty {field}: {:?}", world.kit.faults.trace());
        }
    }
}

#[tokio::test]
async fn values_that_are_refused_are_not_said_again() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    for taker in &takers {
        for (field, good) in &taker.body {
            for text in [format!("\u{202e}{CANARY}\u{0}<{CANARY}>"), format!("{CANARY}@@{CANARY}"), CANARY.repeat(200)] {
                let value = match good {
                    Value::Array(_) => json!([text]),
                    Value::Object(_) if field == "texts" => json!({ text: CANARY }),
                    Value::Object(fields) => fields.keys().map(|field| (field.clone(), json!(text))).collect(),
                    _ => json!(text),
                };
                world.listens();
                let request = ada.request(&taker.operation.method, &taker.path).with("content-type", "application/json");
                let answer = world.send(request.text(taker.with(field, value))).await;
                if answer.status >= 400 {
                    assert!(!answer.body.contains("canary"), "{} {field}: {}", taker.operation.name(), answer.body);
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_one_json_object_is_refused() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    for taker in &takers {
        let good = taker.good();
        let in_order =
            Value::Array(taker.properties().keys().map(|field| taker.body.get(field).cloned().unwrap_or_default()).collect());
        for body in [
            String::new(),
            " ".to_owned(),
            "null".to_owned(),
            "[]".to_owned(),
            "\"text\"".to_owned(),
            good[..good.len() - 1].to_owned(),
            format!("[{good}]"),
            in_order.to_string(),
            format!("{good}x"),
            format!("{good} {{}}"),
            format!("{good},"),
            format!("\u{feff}{good}"),
            good.replace('"', "'"),
            "[".repeat(30_000),
            "{\"a\":".repeat(5_000),
            good.replacen("\":\"", "\":\"\\ud800", 1),
        ]
        // Which holds no text to spoil.
        .into_iter()
        .filter(|body| *body != good)
        {
            let answer = taker.sends_in_vain(&world, &ada, &body).await;
            assert!(matches!(answer.status, 400 | 422), "{}: {body:.200}: {}", taker.operation.name(), answer.status);
        }
    }
}

#[tokio::test]
async fn an_array_of_values_in_the_order_of_the_fields_is_not_an_object() {
    let world = World::new().await;
    world.listens();
    let ada = world.api();
    let body = json!([OPERATOR, crate::support::PASSWORD, false]);
    let answer = ada.post("/sessions", body).await;
    assert!(matches!(answer.status, 400 | 422), "{} {}", answer.status, answer.body);
    world.heard_no_effect("a login by position");
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_are_refused() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    for taker in &takers {
        world.listens();
        let mut bytes = taker.good().into_bytes();
        let at = bytes.iter().position(|byte| *byte == b':').unwrap() + 2;
        bytes.insert(at, 0xff);
        let request = ada.request(&taker.operation.method, &taker.path).with("content-type", "application/json");
        let answer = world.send(request.map(|_| bytes.into())).await;
        assert!(matches!(answer.status, 400 | 422), "{}: {}", taker.operation.name(), answer.status);
        world.heard_no_effect(&taker.operation.name());
    }
}

#[tokio::test]
async fn a_megabyte_is_refused_before_anything_is_looked_up_or_hashed() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    let huge = "a".repeat(1024 * 1024);
    for taker in &takers {
        let field = taker.body.keys().next().unwrap();
        let field = if taker.body.contains_key("password") { "password" } else { field };
        let answer = taker.sends_in_vain(&world, &ada, &taker.with(field, json!(huge))).await;
        assert_eq!(answer.expect(413).problem(), "too-large", "{}", taker.operation.name());
    }
    for (route, _) in FORMS {
        let mut browser = world.browser_of(OPERATOR).await;
        let path = page_path(&world, route).await;
        let token = browser.token().await;
        world.listens();
        let answer = browser.post(&path, &[("csrf_token", &token), ("password", &huge)]).await;
        assert_eq!(answer.status, 413, "{route}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{route}");
        world.heard_no_effect(route);
    }
}

#[tokio::test]
async fn a_password_has_at_most_1024_bytes() {
    let world = World::new().await;
    let (takers, ada) = takers(&world).await;
    let long = |bytes: usize| format!("{}Zr7-", "ü".repeat((bytes - 4) / 2)) + if bytes.is_multiple_of(2) { "" } else { "x" };
    for taker in takers.iter().filter(|taker| taker.body.contains_key("password")) {
        let field = "password";
        taker.is_refused(&world, &ada, &taker.with(field, json!(long(1025))), field, "max_length").await;
    }
    let password = long(1024);
    assert_eq!(password.len(), 1024);
    let ida = json!({ "password": password, "password_confirmation": password });
    world.api().accepts(&world.link_to(INVITED), ida).await.expect(201);
    world.api().post("/sessions", json!({ "email": INVITED, "password": password })).await.expect(201);
    let shorter = &password[..1023];
    world.api().post("/sessions", json!({ "email": INVITED, "password": shorter })).await.expect(401);
    let mut browser = world.browser();
    world.listens();
    browser.logs_in(MEMBER, &long(1025)).await.expect(422);
    assert_eq!(world.heard("verify"), 0);
}

#[tokio::test]
async fn forms_have_the_fields_of_their_page_each_once() {
    for (route, fields) in FORMS {
        let world = World::new().await;
        let mut browser = visitor(&world, route).await;
        let token = browser.token().await;
        let path = page_path(&world, route).await;
        let filled = with_code(&world, fields);
        let mut good = filled.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
        good.push(("csrf_token", &token));
        let mut bad = ["is_admin", "email_verified", "id", "tenant", "email[]"].map(|field| (field, CANARY)).to_vec();
        if !route.ends_with("/new") {
            bad.push(("roles", "operator"));
        }
        bad.extend(good.iter().filter(|(field, _)| !["roles", "notifications.sign_ins"].contains(field)));
        for (field, value) in bad {
            world.listens();
            let mut fields = good.clone();
            fields.push((field, value));
            let answer = browser.post(&path, &fields).await;
            let expected = if field == "csrf_token" { [422, 403] } else { [422, 422] };
            assert!(expected.contains(&answer.status), "{route} with {field}: {}", answer.status);
            assert!(!answer.body.contains(CANARY), "{route} with {field}");
            world.heard_no_effect(&format!("{route} with {field}"));
        }
    }
}

#[tokio::test]
async fn queries_have_the_parameters_of_their_route_each_once() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    for path in [
        "/invitations?company_id=1",
        "/invitations?state=pending&state=expired",
        "/invitations?state[]=pending",
        "/invitations?limit=0",
        "/invitations?limit=201",
        "/invitations?limit=-1",
        "/invitations?limit=99999999999999999999",
        "/invitations?limit=",
        "/invitations?cursor=1'%20OR%20'1'='1",
        "/invitations?cursor=",
        "/invitations?state=sometimes",
        "/accounts?state=pending",
        "/accounts?company_id=1",
        "/accounts?limit=0",
        "/accounts?cursor=x",
        "/registrations?state=sometimes",
        "/registrations?q=x",
        "/registrations?limit=201",
        "/registrations?cursor=x",
        "/companies?limit=0",
        "/companies?cursor=x",
        "/companies?q=x",
        "/terms/current?language=en&language=ar",
        "/terms/current?language=%00",
        "/terms/current?version=1",
    ] {
        let answer = ada.get(path).await.expect(422);
        assert_eq!(answer.problem(), "invalid-request", "{path}");
        assert!(!answer.json()["errors"].as_array().unwrap().is_empty(), "{path}");
    }
    for path in [
        "/accounts?state=active&q=a&limit=200",
        "/registrations?state=requested&limit=1",
        "/invitations?limit=1",
        "/invitations?limit=200&q=%25",
        "/invitations?q=",
        "/terms/current?language=ar",
    ] {
        ada.get(path).await.expect(200);
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let world = World::new().await;
    let answer = world
        .api()
        .accepts(
            &world.link_to(INVITED),
            json!({ "first_name": "", "last_name": "\u{0}", "password": "a".repeat(2000), "language": "??" }),
        )
        .await
        .expect(422);
    for field in ["first_name", "last_name", "password", "language"] {
        assert_eq!(answer.codes(field).len(), 1, "{field}: {}", answer.body);
    }
    let weak = json!({ "password": "weak", "password_confirmation": "other", "accept_terms": 7 });
    let answer = world.api().accepts(&world.link_to(INVITED), weak).await.expect(422);
    for field in ["password", "password_confirmation", "accept_terms"] {
        assert!(!answer.codes(field).is_empty(), "{field}: {}", answer.body);
    }
}

#[tokio::test]
async fn an_invitee_cannot_choose_an_address_a_company_or_a_role() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let account = world.api().accepts(&link, json!({ "email": "eve@evil.example", "company_name": "Evil" })).await;
    if account.status == 201 {
        let account = account.json();
        assert_eq!((&account["account"]["email"], &account["account"]["roles"]), (&json!(INVITED), &json!([])));
        assert_eq!(account["account"]["company_id"], world.company_id(OPERATOR).await.to_string());
    } else {
        assert_eq!(account.status, 422);
    }
}

#[tokio::test]
async fn tokens_of_every_wrong_form_are_one_dead_link() {
    let world = World::new().await;
    let link = world.link_to(INVITED);
    let mut answers = Vec::new();
    for token in [
        stray(TokenKind::Invitation),
        stray(TokenKind::Session),
        stray(TokenKind::Visit),
        link.to_uppercase(),
        format!("{link} "),
        format!(" {link}"),
        format!("{link}A"),
        link[..link.len() - 1].to_owned(),
        link.replace("idinv_", ""),
        format!("{link}\u{0}"),
        "a".repeat(30_000),
    ] {
        for path in ["/invitations/preview", "/invitations/decline"] {
            let answer = world.api().post(path, json!({ "token": token })).await.expect(410);
            let mut body = answer.json();
            body["instance"] = Value::Null;
            answers.push(body);
        }
        let answer = world.api().accepts(&token, json!({})).await.expect(410);
        assert_eq!(answer.problem(), "dead-link");
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}
