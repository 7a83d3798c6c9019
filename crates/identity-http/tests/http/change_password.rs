//! Changing one's own password, and having to.

use identity_core::value::TokenKind;
use serde_json::{Value, json};

use crate::{
    html::{broken_rules, is_wrong, main_button, met_rules},
    routes::{FORMS, PAGES, good, operations, page_path, with_code},
    support::{Api, INVITED, MEMBER, OPERATOR, OTHER_PASSWORD, PASSWORD, World, ask, change, completion, registration, reset},
};

const CHANGE: [(&str, &str); 4] =
    [("email", MEMBER), ("current_password", PASSWORD), ("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];

#[tokio::test]
async fn a_program_changes_the_password_and_stays_while_every_other_session_ends() {
    let world = World::new().await;
    let (own, other) = (world.api().logs_in(MEMBER).await, world.api().logs_in(MEMBER).await);
    let mut browser = world.browser_of(MEMBER).await;
    let somebody = world.api().logs_in(OPERATOR).await;
    assert_eq!(own.put("/me/password", change()).await.expect(204).body, "");
    own.get("/sessions/current").await.expect(200);
    other.get("/sessions/current").await.expect(401);
    browser.get("/account").await.expect(303);
    somebody.get("/sessions/current").await.expect(200);
    world.api().post("/sessions", json!({ "email": MEMBER, "password": PASSWORD })).await.expect(401);
    world.api().logs_in_with(MEMBER, OTHER_PASSWORD).await;
    world.delivers().await;
    world.mailed(TokenKind::Report, MEMBER);
}

#[tokio::test]
async fn a_person_changes_the_password_and_stays_while_every_other_session_ends() {
    let world = World::new().await;
    let mut browser = world.browser_of(MEMBER).await;
    let mut other = world.browser_of(MEMBER).await;
    let api = world.api().logs_in(MEMBER).await;
    let page = browser.get("/change-password").await.expect(200).body;
    assert!(page.contains("autocomplete=\"username\"") && page.contains(MEMBER), "{page}");
    let done = browser.submit("/change-password", &CHANGE).await.expect(200).body;
    assert_eq!(main_button(&done).as_deref(), Some("/account"));
    browser.get("/account").await.expect(200);
    other.get("/account").await.expect(303);
    api.get("/sessions/current").await.expect(401);
    world.browser().logs_in(MEMBER, PASSWORD).await.expect(401);
    world.browser().logs_in(MEMBER, OTHER_PASSWORD).await.expect(303);
}

#[tokio::test]
async fn a_wrong_current_password_is_refused_and_nothing_ends() {
    let world = World::new().await;
    let api = world.api().logs_in(MEMBER).await;
    let mut browser = world.browser_of(MEMBER).await;
    for wrong in ["wrong", "", OTHER_PASSWORD] {
        let mut body = change();
        body["current_password"] = json!(wrong);
        let answer = api.put("/me/password", body).await.expect(422);
        assert_eq!(answer.codes("current_password"), ["wrong_password"], "{wrong}");
    }
    let mut fields = CHANGE.to_vec();
    fields[1] = ("current_password", "wrong");
    let page = browser.submit("/change-password", &fields).await.expect(422).body;
    assert!(is_wrong(&page, "current_password") && !is_wrong(&page, "password"), "{page}");
    assert!(!page.contains(OTHER_PASSWORD), "a page never shows a password again");
    api.get("/sessions/current").await.expect(200);
    world.api().logs_in(MEMBER).await;
}

#[tokio::test]
async fn a_wrong_current_password_hides_nothing_of_the_new_one() {
    let world = World::new().await;
    let api = world.api().logs_in(MEMBER).await;
    let body = json!({ "current_password": "wrong", "password": "Dragon7", "password_confirmation": "Dragon8" });
    let answer = api.put("/me/password", body).await.expect(422);
    assert_eq!(answer.codes("current_password"), ["wrong_password"]);
    assert_eq!(answer.codes("password"), ["min_length", "special", "not_common"]);
    assert_eq!(answer.codes("password_confirmation"), ["confirmation"]);

    let mut browser = world.browser_of(MEMBER).await;
    let fields = [("email", MEMBER), ("current_password", "wrong"), ("password", "Dragon7"), ("password_confirmation", "Dragon8")];
    let page = browser.submit("/change-password", &fields).await.expect(422).body;
    for field in ["current_password", "password", "password_confirmation"] {
        assert!(is_wrong(&page, field), "{field}: {page}");
    }
    assert_eq!(broken_rules(&page), ["min_length", "special", "not_common"]);
    assert_eq!(met_rules(&page), ["uppercase", "lowercase", "digit", "not_personal", "strength"]);
    for told_in_the_list in ["The password is too short.", "Add a special character."] {
        assert!(!page.contains(told_in_the_list), "{page}");
    }
    // What holds shows that it does, too, where nothing but the current password is wrong.
    let mut fields = CHANGE.to_vec();
    fields[1] = ("current_password", "wrong");
    let page = browser.submit("/change-password", &fields).await.expect(422).body;
    assert_eq!((broken_rules(&page).len(), met_rules(&page).len()), (0, 8), "{page}");
    assert_eq!(met_rules(&browser.get("/change-password").await.expect(200).body), [""; 0], "nothing was judged yet");
}

#[tokio::test]
async fn a_program_and_a_page_have_a_password_judged_by_the_words_of_its_person() {
    let world = World::new().await;
    let broken = async |body: Value| {
        let judged = world.api().post("/password-policy/check", body).await.expect(200).json();
        let rules = judged["broken_rules"].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap().to_owned());
        rules.collect::<Vec<_>>()
    };
    let password = "ada!Kq7zz#Wm2";
    assert_eq!(broken(json!({ "password": password })).await, [""; 0]);
    for own in [
        json!({ "email": "ada@example.org" }),
        json!({ "first_name": "Ada" }),
        json!({ "last_name": "Ada" }),
        json!({ "company_name": "ADA Ltd" }),
        json!({ "words": ["Lovelace", "ada"] }),
    ] {
        let mut body = own.clone();
        body["password"] = json!(password);
        assert_eq!(broken(body).await, ["not_personal"], "{own}");
    }
    assert_eq!(broken(json!({ "password": "Dragon!Flies7" })).await, ["not_common"]);
}

#[tokio::test]
async fn a_person_who_finds_an_open_session_cannot_go_on_guessing_its_password() {
    for on_page in [false, true] {
        let world = World::new().await;
        let api = world.api().logs_in(MEMBER).await;
        let mut browser = world.browser_of(MEMBER).await;
        let mut body = change();
        body["current_password"] = json!("wrong");
        let mut fields = CHANGE.to_vec();
        fields[1] = ("current_password", "wrong");
        for number in 0..6 {
            let answer = if on_page {
                browser.submit("/change-password", &fields).await
            } else {
                api.put("/me/password", body.clone()).await
            };
            assert_eq!(answer.status, if number < 5 { 422 } else { 429 }, "{number}");
            if number == 5 {
                assert_eq!(answer.header("retry-after"), "1");
            }
        }
        // Not even with the right one.
        browser.submit("/change-password", &CHANGE).await.expect(429);
        api.put("/me/password", change()).await.expect(429);
        // The person can log in all the same, and change it when the pause is over.
        world.api().logs_in(MEMBER).await;
        world.passes("PT1S");
        api.put("/me/password", change()).await.expect(204);
    }
}

#[tokio::test]
async fn a_password_that_is_in_force_or_was_is_not_chosen_again() {
    let world = World::new().await;
    let api = world.api().logs_in(MEMBER).await;
    let to = |from: &str, to: &str| json!({ "current_password": from, "password": to, "password_confirmation": to });
    assert_eq!(api.put("/me/password", to(PASSWORD, PASSWORD)).await.expect(422).codes("password"), ["not_reused"]);
    api.put("/me/password", to(PASSWORD, OTHER_PASSWORD)).await.expect(204);
    assert_eq!(api.put("/me/password", to(OTHER_PASSWORD, PASSWORD)).await.expect(422).codes("password"), ["not_reused"]);
    let mut browser = world.browser();
    browser.logs_in(MEMBER, OTHER_PASSWORD).await.expect(303);
    let mut fields = CHANGE.to_vec();
    fields[1] = ("current_password", OTHER_PASSWORD);
    fields[2] = ("password", PASSWORD);
    fields[3] = ("password_confirmation", PASSWORD);
    let page = browser.submit("/change-password", &fields).await.expect(422).body;
    assert_eq!(broken_rules(&page), ["not_reused"]);
}

/// A member of the operators who has to choose a new password, with sessions from before.
async fn who_has_to_change(world: &World) -> (Api, crate::support::Browser) {
    let ada = world.api().logs_in(OPERATOR).await;
    ada.post("/invitations", json!({ "email": "otto@acme.example", "roles": ["operator"] })).await.expect(201);
    world.delivers().await;
    world.api().accepts(&world.link_to("otto@acme.example"), json!({})).await.expect(201);
    let otto = world.api().logs_in("otto@acme.example").await;
    let browser = world.browser_of(OPERATOR).await;
    let path = format!("/accounts/{}/require-password-change", world.account_id(OPERATOR).await);
    otto.send("POST", &path, None).await.expect(204);
    (ada, browser)
}

/// What is there whatever has to be done first.
const FREE: [&str; 4] = ["GET /sessions/current", "DELETE /sessions/current", "PUT /me/password", "GET /me/terms"];

#[tokio::test]
async fn a_person_who_has_to_choose_a_new_password_can_do_nothing_else_through_the_api() {
    let world = World::new().await;
    let mut goods = Vec::new();
    for operation in operations().into_iter().filter(crate::routes::Operation::is_secured) {
        goods.push((good(&world, &operation).await, operation));
    }
    assert!(goods.len() > 30, "{}", goods.len());
    let (ada, mut browser) = who_has_to_change(&world).await;
    let current = browser.get("/api/v1/sessions/current").await.expect(200).json();
    let csrf = current["csrf_token"].as_str().unwrap().to_owned();
    let is_free = |name: &str| FREE.contains(&name);
    for ((path, body), operation) in goods.iter().filter(|(_, operation)| !is_free(&operation.name())) {
        let by_cookie =
            crate::support::RequestExt::with(browser.request(&operation.method, &format!("/api/v1{path}")), "x-csrf-token", &csrf);
        let by_cookie = match body {
            Some(body) => crate::support::RequestExt::json(by_cookie, body),
            None => by_cookie,
        };
        world.listens();
        for answer in [ada.send(&operation.method, path, body.as_ref()).await, world.send(by_cookie).await] {
            // Proxies know one kind of no.
            if operation.name() == "GET /forward-auth" {
                assert_eq!(answer.expect(401).problem(), "not-signed-in");
                continue;
            }
            let problem = answer.expect(403);
            assert_eq!(problem.problem(), "required-action", "{}", operation.name());
            assert_eq!(problem.json()["required_action"], "change_password", "{}", operation.name());
        }
        world.heard_no_effect(&operation.name());
    }
    let session = ada.get("/sessions/current").await.expect(200).json();
    assert_eq!(session["required_actions"], json!(["change_password"]));
    let request = ada.request("GET", "/reports");
    assert!(world.app.signed_in(request.method(), request.headers()).await.unwrap().is_none(), "a host lets nobody in either");
    // Hence `login` tells it too.
    let login = world.api().post("/sessions", json!({ "email": OPERATOR, "password": PASSWORD })).await.expect(201).json();
    assert_eq!(login["required_actions"], json!(["change_password"]));
    let leaving = Api { token: Some(login["token"].as_str().unwrap().to_owned()), ..world.api() };
    leaving.send("DELETE", "/sessions/current", None).await.expect(204);
    ada.put("/me/password", change()).await.expect(204);
    for ((path, body), operation) in goods.iter().filter(|(_, operation)| operation.method == "GET") {
        let answer = ada.send(&operation.method, path, body.as_ref()).await;
        if operation.name() == "GET /me/email-change" {
            assert_eq!(answer.status, 404, "a new password ends what was asked for with the old one");
            continue;
        }
        assert!(matches!(answer.status, 200 | 204), "{}: {}", operation.name(), answer.body);
    }
    assert_eq!(ada.get("/sessions/current").await.expect(200).json()["required_actions"], json!([]));
    let request = ada.request("GET", "/reports");
    assert!(world.app.signed_in(request.method(), request.headers()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_person_who_has_to_choose_a_new_password_is_led_there_from_every_page_of_theirs() {
    let world = World::new().await;
    let mut paths = Vec::new();
    for (route, methods) in PAGES {
        paths.push((*route, *methods, page_path(&world, route).await));
    }
    let (_, mut browser) = who_has_to_change(&world).await;
    let token = browser.token_of("/change-password").await;
    let mut led = 0;
    for (route, methods, path) in &paths {
        for method in *methods {
            // What sends strangers to the login is for those who are signed in.
            let request = |request: axum::http::Request<axum::body::Body>| {
                let fields = FORMS.iter().find(|(form, _)| form == route).map_or(&[][..], |(_, fields)| fields);
                let filled = if *route == "/signup/code" { Vec::new() } else { with_code(&world, fields) };
                let mut fields = filled.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
                fields.push(("csrf_token", &token));
                if *method == "POST" { crate::support::RequestExt::form(request, &fields) } else { request }
            };
            let strangers = world.send(request(ask(method, path))).await;
            let is_signed_in_page = strangers.header("location").starts_with("/login") && !["/", "/logout"].contains(route);
            if !is_signed_in_page || *route == "/change-password" {
                continue;
            }
            world.listens();
            let answer = world.send(request(browser.request(method, path))).await.expect(303);
            let (page, wanted) = answer.header("location").split_once("?return_to=").unwrap_or((answer.header("location"), ""));
            assert_eq!(page, "/change-password", "{method} {route}");
            let leads_back = *method == "GET" && !["/account", "/terms/accept", "/reauthenticate"].contains(route);
            assert_eq!(!wanted.is_empty(), leads_back, "{method} {route}: {wanted}");
            world.heard_no_effect(route);
            led += 1;
        }
    }
    assert!(led > 18, "{led}");
    let page = browser.get("/change-password").await.expect(200).body;
    assert!(page.contains("Choose a new password") && page.contains("href=\"/logout\""), "{page}");
    browser.get("/logout").await.expect(200);
    let mut fields = CHANGE.to_vec();
    fields[0] = ("email", OPERATOR);
    fields.push(("csrf_token", &token));
    browser.post("/change-password", &fields).await.expect(200);
    for (route, _, path) in paths.iter().filter(|(route, methods, _)| route.starts_with("/a") && methods.contains(&"GET")) {
        assert!(!browser.get(path).await.header("location").starts_with("/change-password"), "{route}");
    }
    browser.get("/account").await.expect(200);
}

#[tokio::test]
async fn a_person_who_logs_in_and_has_to_choose_a_new_password_is_led_there() {
    let world = World::new().await;
    world.requires_change(MEMBER).await;
    let mut browser = world.browser();
    let to = browser.logs_in(MEMBER, PASSWORD).await.expect(303).header("location").to_owned();
    assert_eq!(browser.get(&to).await.expect(303).header("location"), "/change-password");
    let page = browser.get("/change-password").await.expect(200).body;
    assert!(page.contains("Choose a new password"), "{page}");
}

/// The temporary password of the member, as it is answered.
async fn temporary(world: &World, on_page: bool) -> String {
    let id = world.account_id(MEMBER).await;
    if on_page {
        let mut ada = world.browser_of(OPERATOR).await;
        let form =
            [("method", "temporary_password"), ("identity_check.method", "in_person"), ("identity_check.note", "Face to face")];
        let page = ada.submit(&format!("/admin/accounts/{id}/reset"), &form).await.expect(202).body;
        let shown = page.split("<code id=\"temporary\" dir=\"ltr\">").nth(1).expect("it is shown");
        return crate::html::decoded(shown.split('<').next().unwrap());
    }
    let ada = world.api().logs_in(OPERATOR).await;
    let body = crate::support::assisted("temporary_password");
    let answer = ada.post(&format!("/accounts/{id}/password-reset"), body).await.expect(202).json();
    assert_eq!(answer["expires_at"], "2026-01-05T10:00:00Z");
    answer["temporary_password"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_temporary_password_is_shown_once_lets_in_once_and_is_not_kept() {
    for on_page in [false, true] {
        let world = World::new().await;
        let before = world.api().logs_in(MEMBER).await;
        let recovery = world.recovery().await;
        let password = temporary(&world, on_page).await;
        world.delivers().await;
        before.get("/sessions/current").await.expect(401);
        world.api().post("/password-resets/complete", reset(&recovery)).await.expect(410);
        world.api().post("/sessions", json!({ "email": MEMBER, "password": PASSWORD })).await.expect(401);
        // It stands nowhere else.
        let id = world.account_id(MEMBER).await;
        let mut ada = world.browser_of(OPERATOR).await;
        let detail = ada.get(&format!("/admin/accounts/{id}")).await.expect(200).body;
        let api = world.api().logs_in(OPERATOR).await.get(&format!("/accounts/{id}")).await.expect(200).body;
        let mails = format!("{:?}", world.mails());
        for text in [detail, api, mails] {
            assert!(!text.contains(&password));
        }
        let login = json!({ "email": MEMBER, "password": password });
        let answer = world.api().post("/sessions", login.clone()).await.expect(201).json();
        assert_eq!(answer["required_actions"], json!(["change_password"]));
        assert_eq!(world.api().post("/sessions", login).await.expect(401).problem(), "login-refused");
        world.browser().logs_in(MEMBER, &password).await.expect(401);
        let grace = Api { token: Some(answer["token"].as_str().unwrap().to_owned()), ..world.api() };
        let keep = json!({ "current_password": password, "password": password, "password_confirmation": password });
        assert_eq!(grace.put("/me/password", keep).await.expect(422).codes("password"), ["not_reused"]);
        let mut new = change();
        new["current_password"] = json!(password);
        grace.put("/me/password", new).await.expect(204);
        assert_eq!(grace.get("/sessions/current").await.expect(200).json()["required_actions"], json!([]));
        world.api().logs_in_with(MEMBER, OTHER_PASSWORD).await;
    }
}

#[tokio::test]
async fn a_temporary_password_is_not_kept_whatever_the_policy_remembers() {
    let world = World::new().await.with(|settings| settings.password_policy.history = 0);
    let password = temporary(&world, true).await;
    let mut browser = world.browser();
    browser.logs_in(MEMBER, &password).await.expect(303);
    let token = browser.token_of("/change-password").await;
    let fields = [
        ("current_password", password.as_str()),
        ("password", &password),
        ("password_confirmation", &password),
        ("csrf_token", &token),
    ];
    let page = browser.post("/change-password", &fields).await.expect(422).body;
    // The list names the rules in force; the message says what is wrong all the same.
    assert!(is_wrong(&page, "password") && page.contains("You used this password before"), "{page}");
    assert!(!page.contains(&password), "a page never shows a password again");
}

#[tokio::test]
async fn a_temporary_password_ends_by_itself() {
    for (seconds, status) in [(3599, 201), (3600, 401)] {
        let world = World::new().await;
        let password = temporary(&world, false).await;
        world.passes_seconds(seconds);
        world.api().post("/sessions", json!({ "email": MEMBER, "password": password })).await.expect(status);
    }
}

/// Passwords that are not good enough for Grace Hopper of Acme.
fn bad_passwords() -> Vec<String> {
    let texts = ["", "x", "alllowercase", "ALLUPPER-77", "Hopper-77x!", "gr4ce-X-99!", "P@ssw0rd1", "so-weak-2-X", "Identity-77!"];
    texts.into_iter().map(str::to_owned).chain(["Zr7-".to_owned() + &"ü".repeat(600)]).collect()
}

#[tokio::test]
async fn a_password_is_refused_for_the_same_reasons_wherever_one_is_set() {
    let world = World::new().await;
    let invitation = world.link_to(INVITED);
    world.signs_up("hopper@acme.example").await;
    let activation = world.mailed(TokenKind::Activation, "hopper@acme.example");
    let recovery = world.recovery().await;
    let grace = world.api().logs_in(MEMBER).await;
    for bad in bad_passwords() {
        let known = json!({ "password": bad, "first_name": "Grace", "last_name": "Hopper", "company_name": "Acme" });
        let check = world.api().post("/password-policy/check", known).await;
        let expected = if check.status == 422 {
            check.codes("password")
        } else {
            let check = check.expect(200).json();
            assert_eq!(check["accepted"], false, "{bad}");
            check["broken_rules"].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap().to_owned()).collect()
        };
        assert!(!expected.is_empty(), "{bad}");
        let with = |mut body: Value| {
            for (field, value) in [("password", &bad), ("password_confirmation", &bad)] {
                body[field] = json!(value);
            }
            body
        };
        let mut completed = completion(&activation);
        for (field, value) in [("first_name", "Grace"), ("last_name", "Hopper"), ("company_name", "Acme")] {
            completed[field] = json!(value);
        }
        for (what, answer) in [
            ("accept", world.api().post("/invitations/accept", with(registration(&invitation))).await),
            ("complete", world.api().post("/registrations/complete", with(completed)).await),
            ("reset", world.api().post("/password-resets/complete", with(reset(&recovery))).await),
            ("change", grace.put("/me/password", with(change())).await),
        ] {
            assert_eq!(answer.expect(422).codes("password"), expected, "{what} of {bad:.20}");
        }
    }
}

#[tokio::test]
async fn a_password_is_refused_for_the_same_reasons_on_every_page_that_sets_one() {
    let world = World::new().await;
    world.signs_up("hopper@acme.example").await;
    let mut browser = world.browser_of(MEMBER).await;
    let mut paths = Vec::new();
    for token in [world.link_to(INVITED), world.mailed(TokenKind::Activation, "hopper@acme.example"), world.recovery().await] {
        paths.push(browser.opens(&token).await);
    }
    paths.push("/change-password".to_owned());
    for bad in bad_passwords() {
        let known = json!({ "password": bad, "first_name": "Grace", "last_name": "Hopper", "company_name": "Acme" });
        let check = world.api().post("/password-policy/check", known).await;
        // Nobody types more than 1024 bytes: the list of rules does not speak of it, the message does.
        let broken = |value: &Value| value.as_str().unwrap().to_owned();
        let mut expected = match check.status {
            200 => check.json()["broken_rules"].as_array().unwrap().iter().map(broken).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        expected.sort();
        for path in &paths {
            let names = [("first_name", "Grace"), ("last_name", "Hopper"), ("company_name", "Acme"), ("country", "DE")];
            let terms = [("accept_terms", "1")];
            let mut fields = vec![("password", bad.as_str()), ("password_confirmation", bad.as_str())];
            match path.split('/').nth(1).unwrap() {
                "register" => fields.extend(names[..2].iter().chain(&terms)),
                "activate" => fields.extend(names.iter().chain(&terms)),
                "change-password" => fields.push(("current_password", PASSWORD)),
                _ => {}
            }
            let page = browser.submit(path, &fields).await.expect(422).body;
            let mut found = broken_rules(&page);
            found.sort();
            assert_eq!(found, expected, "{path} with {bad:.20}");
            assert!(is_wrong(&page, "password") && !is_wrong(&page, "accept_terms"), "{path} with {bad:.20}: {page}");
            assert!(bad.len() < 2 || !page.contains(&format!("value=\"{bad}")), "{path} shows the password again");
        }
    }
}

#[tokio::test]
async fn a_person_who_logged_in_with_a_temporary_password_is_asked_for_the_new_one_alone() {
    let world = World::new().await;
    let asks = |page: &str| page.contains("name=\"current_password\"");
    let mut grace = world.browser_of(MEMBER).await;
    assert!(asks(&grace.get("/change-password").await.expect(200).body));
    let temporary = temporary(&world, true).await;
    let mut grace = world.browser();
    grace.logs_in(MEMBER, &temporary).await.expect(303);
    assert!(!asks(&grace.get("/change-password").await.expect(200).body));
    let token = grace.token_of("/change-password").await;
    let new = [("email", MEMBER), ("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD), ("csrf_token", &token)];
    grace.post("/change-password", &new).await.expect(200);
    world.browser().logs_in(MEMBER, OTHER_PASSWORD).await.expect(303);
    // From now on it is asked for again.
    assert!(asks(&grace.get("/change-password").await.expect(200).body));
    let another = [("email", MEMBER), ("password", PASSWORD), ("password_confirmation", PASSWORD)];
    grace.submit("/change-password", &another).await.expect(422);
}

#[tokio::test]
async fn a_program_that_logged_in_with_a_temporary_password_sends_the_new_one_alone() {
    let world = World::new().await;
    let alone = json!({ "password": OTHER_PASSWORD, "password_confirmation": OTHER_PASSWORD });
    let settled = world.api().logs_in(MEMBER).await;
    assert_eq!(settled.put("/me/password", alone.clone()).await.expect(422).codes("current_password"), ["wrong_password"]);
    let temporary = temporary(&world, true).await;
    let login = json!({ "email": MEMBER, "password": temporary });
    let token = world.api().post("/sessions", login).await.expect(201).json()["token"].as_str().unwrap().to_owned();
    let api = Api { token: Some(token), ..world.api() };
    api.put("/me/password", alone).await.expect(204);
    world.browser().logs_in(MEMBER, OTHER_PASSWORD).await.expect(303);
}
