//! The first login: where it leads, its pages, and what the API tells of it.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};

use crate::support::{Answer, Browser, INVITED, MEMBER, OPERATOR, OTHER_PASSWORD, PASSWORD, RequestExt as _, World, token_in};

const STEPS: [&str; 5] = ["profile", "picture", "settings", "tutorial", "team"];

/// Ida has registered, and was never here before.
async fn with_ida() -> (World, Browser) {
    let world = World::new().await;
    world.api().accepts(&world.link_to(INVITED), json!({})).await.expect(201);
    let browser = world.browser();
    (world, browser)
}

impl Browser {
    async fn signs_in_for(&mut self, return_to: &str) -> Answer {
        self.submit("/login", &[("email", INVITED), ("password", PASSWORD), ("return_to", return_to)]).await.expect(303)
    }

    /// Sends the form of a page that stands there.
    async fn submits_on(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token_of(page).await;
        let fields = [fields, &[("csrf_token", token.as_str())]].concat();
        self.post(path, &fields).await
    }

    async fn skips(&mut self, step: &str, query: &str) -> Answer {
        self.submits_on(&format!("/welcome/{step}{query}"), &format!("/welcome/{step}/skip{query}"), &[]).await.expect(303)
    }

    async fn leads_on(&mut self, query: &str) -> String {
        self.get(&format!("/welcome{query}")).await.expect(303).header("location").to_owned()
    }

    async fn states(&mut self) -> Vec<Value> {
        let onboarding = self.get("/api/v1/me/setup").await.expect(200).json();
        onboarding["steps"].as_array().unwrap().iter().map(|step| step["state"].clone()).collect()
    }
}

const BOUNDARY: &str = "----between";

/// A form with a file, as browsers send it.
fn upload(request: Request<Body>, token: &str, file: &str) -> Request<Body> {
    let field =
        |name: &str, value: &str| format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let head = "Content-Disposition: form-data; name=\"picture\"; filename=\"me.png\"\r\nContent-Type: image/png";
    let fields = [("csrf_token", token), ("x", ""), ("y", ""), ("size", "")].map(|(name, value)| field(name, value)).concat();
    let body = format!("{fields}--{BOUNDARY}\r\n{head}\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n");
    request.with("content-type", &format!("multipart/form-data; boundary={BOUNDARY}")).text(body)
}

#[tokio::test]
async fn a_first_login_leads_through_every_step_and_on_to_where_one_wanted_to_go() {
    let (world, mut ida) = with_ida().await;
    let query = "?return_to=%2Faccount%2Fsettings";
    assert_eq!(ida.signs_in_for("/account/settings").await.header("location"), format!("/welcome{query}"));
    assert_eq!(ida.leads_on(query).await, format!("/welcome/profile{query}"));
    // A mistake keeps what was typed, and the way.
    let page = format!("/welcome/profile{query}");
    let shown = ida.get(&page).await.expect(200).body;
    assert!(
        shown.contains("Step 1 of 5") && shown.contains("value=\"Grace\"") && shown.contains("aria-current=\"step\""),
        "{shown}"
    );
    let profile = [("first_name", ""), ("last_name", "Inv"), ("phone", "+49 30 123456"), ("department", "<b>"), ("job_title", "")];
    let wrong = ida.submits_on(&page, &page, &profile).await.expect(422).body;
    assert!(wrong.contains("value=\"&#60;b&#62;\"") && wrong.contains(&format!("action=\"{page}\"")), "{wrong}");
    let profile =
        [("first_name", "Idalia"), ("last_name", "Inv"), ("phone", "+49 30 123456"), ("department", ""), ("job_title", "")];
    let next = ida.submits_on(&page, &page, &profile).await.expect(303);
    assert_eq!(next.header("location"), format!("/welcome{query}"));
    assert_eq!(ida.leads_on(query).await, format!("/welcome/picture{query}"));
    // The picture: a mistake, and a good one.
    let page = format!("/welcome/picture{query}");
    let token = ida.token_of(&page).await;
    let refused = ida.send(upload(ida.request("POST", &page), &token, "<svg/>")).await.expect(422).body;
    assert!(refused.contains("Choose a PNG, JPEG or WebP picture.") && refused.contains("Step 2 of 5"), "{refused}");
    let kept = ida.send(upload(ida.request("POST", &page), &token, "picture")).await.expect(303);
    assert_eq!(kept.header("location"), format!("/welcome{query}"));
    assert!(ida.get("/account").await.body.contains("/pictures/"));
    // The settings count at once.
    let page = format!("/welcome/settings{query}");
    assert_eq!(ida.leads_on(query).await, page);
    let settings = [("language", "ar"), ("time_zone", "Asia/Dubai")];
    ida.submits_on(&page, &page, &settings).await.expect(303);
    assert!(ida.get(&format!("/welcome/tutorial{query}")).await.expect(200).body.contains("dir=\"rtl\""));
    // The tutorial, from page to page.
    let first = ida.get(&format!("/welcome/tutorial{query}")).await.body;
    assert!(first.contains("<h2>Hello</h2>") && first.contains("<em>how</em>") && first.contains(" lang=\"en\""), "{first}");
    assert!(first.contains(&format!("/welcome/tutorial{query}&#38;page=2")) && !first.contains("rel=\"prev\""), "{first}");
    let last = format!("/welcome/tutorial{query}&page=2");
    assert!(ida.get(&last).await.expect(200).body.contains("rel=\"prev\""));
    ida.submits_on(&last, &format!("/welcome/tutorial{query}"), &[]).await.expect(303);
    // The host's own, which it ends.
    assert_eq!(ida.leads_on(query).await, format!("/welcome/team{query}"));
    let team = ida.get(&format!("/welcome/team{query}")).await.expect(200).body;
    assert!(team.contains("href=\"/team\"") && team.contains("Your team"), "{team}");
    assert_eq!(ida.states().await, ["done", "done", "done", "done", "open"]);
    let api = world.api().logs_in(INVITED).await;
    assert_eq!(api.post("/me/setup/team", json!({ "state": "done" })).await.expect(200).json()["is_finished"], true);
    assert!(!ida.get("/welcome/team").await.expect(200).body.contains("href=\"/team\""), "it is done");
    assert_eq!(ida.leads_on(query).await, "/account/settings");
    assert_eq!(world.browser().signs_in_for("/account/settings").await.header("location"), "/account/settings");
    assert_eq!(api.get("/me").await.json()["first_name"], "Idalia");
}

#[tokio::test]
async fn a_person_who_finishes_later_is_led_there_again_until_every_step_is_closed() {
    let (world, mut ida) = with_ida().await;
    assert_eq!(ida.signs_in_for("").await.header("location"), "/welcome");
    let later = |body: &str| body.contains("<a href=\"/account\">Finish later</a>");
    assert!(later(&ida.get("/welcome/profile").await.body));
    let waits = |body: &str| body.contains("href=\"/welcome\"");
    assert!(waits(&ida.get("/account").await.expect(200).body));
    assert_eq!(ida.skips("profile", "").await.header("location"), "/welcome");
    assert_eq!(ida.leads_on("").await, "/welcome/picture");
    let mut again = world.browser();
    assert_eq!(again.signs_in_for("").await.header("location"), "/welcome");
    for (number, step) in STEPS.iter().enumerate().skip(1) {
        let skipped = format!("Step {} of 5", number + 1);
        assert!(again.get(&format!("/welcome/{step}")).await.body.contains(&skipped), "{step}");
        again.skips(step, "").await;
    }
    assert_eq!(again.leads_on("").await, "/account");
    assert!(!waits(&ida.get("/account").await.expect(200).body));
    assert_eq!(world.browser().signs_in_for("").await.header("location"), "/account");
    // A page of a step is there all the same, and what was done stays done.
    again.skips("settings", "").await;
    let page = "/welcome/settings";
    again.submits_on(page, page, &[("language", "en"), ("time_zone", "UTC")]).await.expect(303);
    again.skips("settings", "").await;
    assert_eq!(again.states().await, ["skipped", "skipped", "done", "skipped", "skipped"]);
}

#[tokio::test]
async fn what_is_required_comes_before_the_set_up() {
    let (world, mut ida) = with_ida().await;
    world.requires_change(INVITED).await;
    world.publishes_terms(None).await;
    assert_eq!(ida.signs_in_for("/account/settings").await.header("location"), "/welcome?return_to=%2Faccount%2Fsettings");
    let change = "/change-password?return_to=%2Fwelcome%3Freturn_to%3D%252Faccount%252Fsettings";
    assert_eq!(ida.leads_on("?return_to=%2Faccount%2Fsettings").await, change);
    ida.get("/welcome/profile").await.expect(303);
    let api = world.api().logs_in(INVITED).await;
    for action in ["change_password", "accept_terms"] {
        for answer in [api.get("/me/setup").await, api.post("/me/setup/profile", json!({ "state": "done" })).await] {
            assert_eq!(answer.status, 403, "{}", answer.body);
            assert_eq!(answer.json()["required_action"], action);
        }
        if action == "change_password" {
            let token = token_in(&ida.get(change).await.expect(200).body);
            let fields = [
                ("email", INVITED),
                ("current_password", PASSWORD),
                ("password", OTHER_PASSWORD),
                ("password_confirmation", OTHER_PASSWORD),
                ("return_to", "/welcome?return_to=%2Faccount%2Fsettings"),
                ("csrf_token", &token),
            ];
            ida.post("/change-password", &fields).await.expect(200);
            break;
        }
    }
    let terms = ida.leads_on("?return_to=%2Faccount%2Fsettings").await;
    assert_eq!(terms, "/terms/accept?return_to=%2Fwelcome%3Freturn_to%3D%252Faccount%252Fsettings");
    let token = token_in(&ida.get(&terms).await.expect(200).body);
    let wanted = "/welcome?return_to=%2Faccount%2Fsettings";
    let fields = [("accept_terms", "2"), ("return_to", wanted), ("csrf_token", token.as_str())];
    assert_eq!(ida.post("/terms/accept", &fields).await.expect(303).header("location"), wanted);
    assert_eq!(ida.get(wanted).await.expect(303).header("location"), "/welcome/profile?return_to=%2Faccount%2Fsettings");
}

#[tokio::test]
async fn the_api_tells_the_steps_and_the_host_closes_its_own() {
    let (world, _) = with_ida().await;
    let ida = world.api().logs_in(INVITED).await;
    let onboarding = ida.get("/me/setup").await.expect(200).json();
    assert_eq!(onboarding["is_finished"], false);
    assert_eq!(onboarding["steps"][0], json!({ "key": "profile", "state": "open" }));
    let team = json!({ "key": "team", "state": "open", "label": "Your team", "href": "/team" });
    assert_eq!(onboarding["steps"][4], team);
    let close = |step: &'static str, state: &'static str| ida.post_to(step, state);
    let mut last = json!({});
    for (step, state) in STEPS.into_iter().zip(["done", "skipped", "done", "skipped", "done"]) {
        last = close(step, state).await.expect(200).json();
    }
    assert_eq!((&last["is_finished"], &last), (&json!(true), &ida.get("/me/setup").await.json()));
    assert_eq!(close("profile", "skipped").await.expect(200).json()["steps"][0]["state"], "done");
    assert_eq!(close("picture", "open").await.expect(422).codes("state"), ["invalid"]);
    for unknown in ["nothing", "Profile", "profile%00"] {
        assert_eq!(ida.post(&format!("/me/setup/{unknown}"), json!({ "state": "done" })).await.expect(404).problem(), "not-found");
    }
    // Everybody has their own.
    let grace = world.api().logs_in(MEMBER).await.get("/me/setup").await.expect(200).json();
    assert!(grace["steps"].as_array().unwrap().iter().all(|step| step["state"] == "open"), "{grace}");
}

impl crate::support::Api {
    async fn post_to(&self, step: &str, state: &str) -> Answer {
        self.post(&format!("/me/setup/{step}"), json!({ "state": state })).await
    }
}

#[tokio::test]
async fn where_nothing_is_set_up_nobody_is_led_anywhere() {
    let (world, _) = with_ida().await;
    let world = world.with(|settings| settings.onboarding.enabled = false);
    let mut ida = world.browser();
    assert_eq!(ida.signs_in_for("").await.header("location"), "/account");
    assert!(!ida.get("/account").await.expect(200).body.contains("/welcome"));
    assert_eq!(ida.leads_on("").await, "/account");
    for step in STEPS {
        ida.get(&format!("/welcome/{step}")).await.expect(404);
    }
    assert_eq!(ida.get("/api/v1/me/setup").await.json(), json!({ "steps": [], "is_finished": true }));
    let api = world.api().logs_in(INVITED).await;
    assert_eq!(api.post_to("profile", "done").await.status, 404);
}

#[tokio::test]
async fn the_set_up_leads_nowhere_else_and_never_to_itself() {
    let (_, mut ida) = with_ida().await;
    ida.signs_in_for("/welcome/settings").await;
    for wanted in
        ["https%3A%2F%2Fevil.example%2F", "%2Fwelcome", "%2Fwelcome%2Fprofile", "%2F%2Fevil.example", "javascript:alert(1)"]
    {
        let query = format!("?return_to={wanted}");
        assert_eq!(ida.leads_on(&query).await, "/welcome/profile");
        let page = ida.get(&format!("/welcome/profile{query}")).await.expect(200).body;
        assert!(!page.contains("evil") && !page.contains("alert") && page.contains("<a href=\"/account\">"), "{page}");
    }
    for nothing in
        ["/welcome/nothing", "/welcome/profile/", "/welcome/tutorial?page=0", "/welcome/tutorial?page=3", "/welcome/skip"]
    {
        ida.get(nothing).await.expect(404);
    }
    ida.submit("/welcome/nothing/skip", &[]).await.expect(404);
}

#[tokio::test]
async fn a_login_stands_where_the_set_up_cannot_be_read() {
    let (world, mut ida) = with_ida().await;
    let token = ida.token().await;
    world.kit.faults.none();
    let fields = [("email", INVITED), ("password", PASSWORD), ("return_to", ""), ("csrf_token", token.as_str())];
    ida.post("/login", &fields).await.expect(303);
    let trace = world.kit.faults.trace();
    let at = trace.iter().position(|call| *call == "setup").expect("it is read");
    let mut other = world.browser();
    let token = other.token().await;
    world.kit.faults.none();
    world.kit.faults.fail_at(at.try_into().unwrap());
    let fields = [("email", INVITED), ("password", PASSWORD), ("return_to", ""), ("csrf_token", token.as_str())];
    let answer = other.post("/login", &fields).await.expect(303);
    assert_eq!(answer.header("location"), "/account");
    world.kit.faults.none();
    other.get("/account").await.expect(200);
    assert!(world.browser_of(OPERATOR).await.get("/account").await.status == 200);
}

#[tokio::test]
async fn every_step_has_a_menu_with_the_way_out() {
    let (_, mut ida) = with_ida().await;
    ida.signs_in_for("").await;
    let page = ida.get("/welcome/profile").await.expect(200).body;
    let (header, _) = page.split_once("</header>").unwrap();
    assert!(header.contains("<form method=\"post\" action=\"/logout\">") && header.contains("Finish later"), "{header}");
    crate::html::is_well_formed("the first step", &page);
    let token = crate::support::token_in(&page);
    ida.post("/logout", &[("csrf_token", &token)]).await.expect(303);
    assert!(ida.get("/login").await.expect(200).body.contains("You&#39;re logged out."));
}
