//! Who may do what: every route, every kind of person.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    routes::{Fields, PAGES, good, link_of, operations, page_path},
    support::{ADMINISTRATOR, Api, MEMBER, OPERATOR, OTHER_ADMINISTRATOR, World},
};

/// Nobody, a member, the administrator of another company, the company's administrator, an operator.
const WHO: [Option<&str>; 5] = [None, Some(MEMBER), Some(OTHER_ADMINISTRATOR), Some(ADMINISTRATOR), Some(OPERATOR)];

const MATRIX: &[(&str, [u16; 5])] = &[
    ("POST /sessions", [201; 5]),
    ("GET /sessions/current", [401, 200, 200, 200, 200]),
    ("DELETE /sessions/current", [401, 204, 204, 204, 204]),
    ("GET /invitations", [401, 403, 200, 200, 200]),
    ("POST /invitations", [401, 403, 422, 201, 201]),
    ("GET /invitations/{id}", [401, 403, 404, 200, 200]),
    ("PATCH /invitations/{id}", [401, 403, 404, 200, 200]),
    ("POST /invitations/{id}/resend", [401, 403, 404, 202, 202]),
    ("POST /invitations/{id}/revoke", [401, 403, 404, 200, 200]),
    ("POST /invitations/preview", [200; 5]),
    ("POST /invitations/accept", [201; 5]),
    ("POST /invitations/decline", [204; 5]),
    ("POST /invitations/request-renewal", [202; 5]),
    ("GET /registrations", [401, 403, 403, 403, 200]),
    ("GET /fields", [200; 5]),
    ("POST /registrations", [202; 5]),
    ("POST /registrations/resend", [202; 5]),
    ("POST /registrations/verify-code", [200; 5]),
    ("POST /registrations/complete", [201; 5]),
    ("POST /registrations/{id}/approve", [401, 403, 403, 403, 201]),
    ("POST /registrations/{id}/reject", [401, 403, 403, 403, 200]),
    ("POST /password-resets", [202; 5]),
    ("POST /password-resets/complete", [204; 5]),
    ("POST /password-resets/report", [204; 5]),
    ("PUT /me/password", [401, 204, 204, 204, 204]),
    ("POST /sessions/current/reauthenticate", [401, 204, 204, 204, 204]),
    ("GET /me/sessions", [401, 200, 200, 200, 200]),
    ("DELETE /me/sessions", [401, 204, 204, 204, 204]),
    ("DELETE /me/sessions/{id}", [401, 404, 404, 404, 204]),
    ("GET /me/events", [401, 200, 200, 200, 200]),
    ("POST /me/email-change", [401, 202, 202, 202, 202]),
    ("GET /me/email-change", [401, 404, 404, 404, 200]),
    ("DELETE /me/email-change", [401, 204, 204, 204, 204]),
    ("POST /email-changes/confirm", [204; 5]),
    ("POST /email-changes/undo", [204; 5]),
    ("GET /me", [401, 200, 200, 200, 200]),
    ("PATCH /me", [401, 200, 200, 200, 200]),
    ("GET /accounts", [401, 403, 200, 200, 200]),
    ("GET /accounts/{id}", [401, 403, 404, 200, 200]),
    ("POST /accounts/{id}/unlock", [401, 403, 404, 204, 204]),
    ("POST /accounts/{id}/end-sessions", [401, 403, 404, 204, 204]),
    ("POST /accounts/{id}/require-password-change", [401, 403, 404, 204, 204]),
    ("POST /accounts/{id}/password-reset", [401, 403, 404, 202, 202]),
    ("POST /accounts/{id}/disable", [401, 403, 404, 204, 204]),
    ("POST /accounts/{id}/enable", [401, 403, 404, 204, 204]),
    ("GET /companies", [401, 403, 200, 200, 200]),
    ("POST /companies", [401, 403, 403, 403, 201]),
    ("GET /companies/{id}", [401, 403, 404, 200, 200]),
    ("PATCH /companies/{id}", [401, 403, 404, 200, 200]),
    ("POST /companies/{id}/trust", [401, 403, 403, 403, 200]),
    ("GET /roles", [401, 403, 200, 200, 200]),
    ("POST /roles", [401, 403, 403, 403, 201]),
    ("PATCH /roles/{key}", [401, 403, 403, 403, 200]),
    ("GET /subscriptions", [401, 403, 200, 200, 200]),
    ("POST /subscriptions", [401, 403, 403, 403, 201]),
    ("PATCH /subscriptions/{key}", [401, 403, 403, 403, 200]),
    ("GET /terms", [401, 403, 403, 403, 200]),
    ("POST /terms", [401, 403, 403, 403, 201]),
    ("GET /terms/current", [200; 5]),
    ("GET /password-policy", [200; 5]),
    ("POST /password-policy/check", [200; 5]),
    ("GET /forward-auth", [401, 204, 204, 204, 204]),
    ("GET /me/terms", [401, 200, 200, 200, 200]),
    ("POST /me/terms-acceptance", [401, 204, 204, 204, 204]),
    // The invitation is for the operator.
    ("POST /me/invitations/accept", [401, 403, 403, 403, 200]),
    ("PUT /me/picture", [401, 200, 200, 200, 200]),
    ("DELETE /me/picture", [401, 204, 204, 204, 204]),
    ("GET /accounts/{id}/picture", [401, 200, 404, 200, 200]),
    ("GET /me/setup", [401, 200, 200, 200, 200]),
    ("POST /me/setup/{step}", [401, 200, 200, 200, 200]),
    ("GET /me/export", [401, 200, 200, 200, 200]),
    ("DELETE /me", [401, 202, 202, 202, 202]),
    ("POST /me/deletion/undo", [401, 204, 204, 204, 204]),
    ("GET /openapi.json", [200; 5]),
    ("GET /healthz", [200; 5]),
];

async fn caller(world: &World, who: Option<&str>) -> Api {
    match who {
        Some(email) => world.api().logs_in(email).await,
        None => world.api(),
    }
}

#[tokio::test]
async fn everybody_gets_exactly_what_they_may_of_every_route_of_the_api() {
    let operations = operations();
    let listed =
        MATRIX.iter().map(|(name, _)| (*name).to_owned()).filter(|name| !name.contains("healthz") && !name.contains("openapi"));
    assert_eq!(
        listed.collect::<BTreeSet<_>>(),
        operations.iter().map(crate::routes::Operation::name).collect(),
        "the matrix misses a route"
    );
    for operation in &operations {
        let (_, expected) = MATRIX.iter().find(|(name, _)| *name == operation.name()).unwrap();
        for (who, expected) in WHO.into_iter().zip(expected) {
            let world = World::new().await;
            let (path, body) = good(&world, operation).await;
            let caller = caller(&world, who).await;
            world.listens();
            let answer = caller.send(&operation.method, &path, body.as_ref()).await;
            assert_eq!(answer.status, *expected, "{} by {who:?}: {}", operation.name(), answer.body);
            if answer.status >= 400 {
                // That an administrator invites is counted before it is looked at.
                let invites = ["POST /invitations", "POST /invitations/{id}/resend"].contains(&operation.name().as_str());
                let counted = usize::from(invites && matches!(answer.status, 404 | 422));
                world.heard_no_more_than(counted, &format!("{} by {who:?}", operation.name()));
                answer.problem();
            }
        }
    }
}

/// A person who asks learns of nobody but themselves, and of whom they named.
#[tokio::test]
async fn nobody_outside_of_the_company_reads_an_address_of_its_people() {
    let people = [OPERATOR, ADMINISTRATOR, MEMBER, crate::support::INVITED, crate::support::WAITING, OTHER_ADMINISTRATOR];
    for operation in operations() {
        let world = World::new().await;
        let (path, body) = good(&world, &operation).await;
        let named = body.as_ref().map(ToString::to_string).unwrap_or_default();
        for who in [None, Some(OTHER_ADMINISTRATOR), Some(MEMBER)] {
            let answer = caller(&world, who).await.send(&operation.method, &path, body.as_ref()).await;
            let text = format!("{:?}{}", answer.headers, answer.body);
            // The holder of an invitation's link, also the first operator's, reads its own address.
            let is_own = |email: &str| Some(email) == who || named.contains(email) || named.contains("idinv_");
            for email in people.iter().filter(|email| !is_own(email)) {
                assert!(!text.contains(*email), "{} by {who:?} says {email}: {text}", operation.name());
            }
            if operation.method != "GET" && answer.status < 300 {
                break;
            }
        }
    }
}

#[tokio::test]
async fn routes_that_take_a_session_say_so_in_the_document() {
    for operation in operations() {
        let (_, expected) = MATRIX.iter().find(|(name, _)| *name == operation.name()).unwrap();
        assert_eq!(operation.is_secured(), expected[0] == 401, "{}", operation.name());
    }
}

/// The pages that are opened, by the same people; they have each of the links open.
const PAGE_MATRIX: &[(&str, [u16; 5])] = &[
    ("/", [303; 5]),
    ("/login", [200, 303, 303, 303, 303]),
    ("/logout", [303, 200, 200, 200, 200]),
    ("/register/{link}", [200; 5]),
    ("/register/{link}/decline", [200; 5]),
    ("/signup", [200; 5]),
    ("/signup/sent", [200; 5]),
    ("/activate/{link}", [200; 5]),
    ("/forgot-password", [200; 5]),
    ("/reset-password/{link}", [200; 5]),
    ("/not-me/{link}", [200; 5]),
    ("/change-password", [303, 200, 200, 200, 200]),
    ("/.well-known/change-password", [303; 5]),
    ("/help", [200; 5]),
    ("/admin/accounts", [303, 403, 200, 200, 200]),
    ("/admin/accounts/{id}", [303, 403, 404, 200, 200]),
    ("/admin/registrations", [303, 403, 403, 403, 200]),
    ("/terms", [200; 5]),
    ("/account", [303, 200, 200, 200, 200]),
    ("/account/security", [303, 200, 200, 200, 200]),
    ("/account/security/email", [303, 200, 200, 200, 200]),
    ("/reauthenticate", [303, 200, 200, 200, 200]),
    ("/confirm-email/{link}", [200; 5]),
    ("/undo-email/{link}", [200; 5]),
    ("/account/settings", [303, 200, 200, 200, 200]),
    ("/dev/mailbox", [200; 5]),
    ("/dev/mailbox/{id}", [200; 5]),
    ("/dev/mailbox/{id}/html", [200; 5]),
    ("/admin", [303; 5]),
    ("/admin/invitations", [303, 403, 200, 200, 200]),
    ("/admin/invitations/new", [303, 403, 200, 200, 200]),
    ("/admin/invitations/{id}", [303, 403, 404, 200, 200]),
    ("/admin/invitations/{id}/revoke", [303, 403, 404, 200, 200]),
    ("/account/picture", [303, 200, 200, 200, 200]),
    ("/account/data", [303, 200, 200, 200, 200]),
    ("/pictures/{name}", [200; 5]),
    ("/openapi.json", [200; 5]),
    ("/healthz", [200; 5]),
    ("/readyz", [200; 5]),
    ("/assets/{name}", [200; 5]),
    ("/.well-known/security.txt", [200; 5]),
    ("/nowhere", [404; 5]),
    // Nothing waits to be accepted.
    ("/terms/accept", [303; 5]),
    ("/admin/terms", [303, 403, 403, 403, 200]),
    ("/admin/terms/new", [303, 403, 403, 403, 200]),
    ("/admin/terms/{number}", [303, 403, 403, 403, 200]),
    ("/admin/accounts/{id}/end-sessions", [303, 403, 404, 200, 200]),
    ("/admin/accounts/{id}/disable", [303, 403, 404, 200, 200]),
    ("/admin/registrations/{id}/reject", [303, 403, 403, 403, 200]),
    ("/account/security/sessions/end-others", [303, 200, 200, 200, 200]),
    ("/account/picture/delete", [303, 200, 200, 200, 200]),
    // It leads to a step.
    ("/welcome", [303; 5]),
    ("/welcome/profile", [303, 200, 200, 200, 200]),
    ("/welcome/picture", [303, 200, 200, 200, 200]),
    ("/welcome/settings", [303, 200, 200, 200, 200]),
    ("/welcome/tutorial", [303, 200, 200, 200, 200]),
    ("/welcome/{step}", [303, 200, 200, 200, 200]),
];

#[tokio::test]
async fn everybody_gets_exactly_what_they_may_of_every_page() {
    let pages = PAGES.iter().filter(|(path, methods)| methods.contains(&"GET") || *path == "/nowhere").map(|(path, _)| *path);
    assert_eq!(PAGE_MATRIX.iter().map(|(path, _)| *path).collect::<BTreeSet<_>>(), pages.collect(), "the matrix misses a page");
    let world = World::new().await;
    let flow = world.signs_up("nora@newco.example").await;
    for (column, who) in WHO.into_iter().enumerate() {
        let mut browser = match who {
            Some(email) => world.browser_of(email).await,
            None => world.browser(),
        };
        for route in ["/register", "/register/{link}/access", "/activate", "/reset-password", "/not-me"] {
            browser.opens(&link_of(&world, route).await).await;
        }
        for route in ["/register", "/activate", "/reset-password", "/not-me", "/confirm-email", "/undo-email"] {
            browser.opens(&link_of(&world, route).await).await;
        }
        browser.cookies.insert("__Host-flow".to_owned(), flow.clone());
        for (route, expected) in PAGE_MATRIX {
            let answer = browser.get(&page_path(&world, route).await).await;
            assert_eq!(answer.status, expected[column], "{route} by {who:?}: {}", answer.body);
            if answer.status == 303 && who.is_none() && route.starts_with("/admin/") {
                assert!(
                    answer.header("location").starts_with("/login?return_to=%2Fadmin%2F"),
                    "{route}: {}",
                    answer.header("location")
                );
            }
        }
    }
}

/// The forms of administrators' pages.
const FORM_MATRIX: &[(&str, Fields, [u16; 5])] = &[
    ("/admin/invitations/new", &[("email", "new@acme.example")], [303, 403, 303, 303, 303]),
    ("/admin/invitations/{id}/resend", &[], [303, 403, 404, 303, 303]),
    ("/admin/invitations/{id}/expiry", &[("expires_at", "2026-01-09T09:00")], [303, 403, 404, 303, 303]),
    ("/admin/invitations/{id}/revoke", &[], [303, 403, 404, 303, 303]),
    ("/admin/accounts/{id}/unlock", &[], [303, 403, 404, 303, 303]),
    ("/admin/accounts/{id}/end-sessions", &[], [303, 403, 404, 303, 303]),
    ("/admin/accounts/{id}/require-password-change", &[], [303, 403, 404, 303, 303]),
    (
        "/admin/accounts/{id}/reset",
        &[("method", "link"), ("identity_check.method", "video_call"), ("identity_check.note", "Seen")],
        [303, 403, 404, 202, 202],
    ),
    ("/admin/accounts/{id}/disable", &[], [303, 403, 404, 303, 303]),
    ("/admin/accounts/{id}/enable", &[], [303, 403, 404, 303, 303]),
    ("/admin/accounts/{id}/trust-company", &[], [303, 403, 404, 403, 303]),
    ("/admin/registrations/{id}/approve", &[], [303, 403, 403, 403, 303]),
    ("/admin/registrations/{id}/reject", &[], [303, 403, 403, 403, 409]),
    ("/admin/terms/new", &[("texts.en", "Be kinder."), ("step", "publish")], [303, 403, 403, 403, 303]),
];

#[tokio::test]
async fn only_administrators_of_the_company_submit_its_forms() {
    for (column, who) in WHO.into_iter().enumerate() {
        let world = World::new().await;
        let mut browser = match who {
            Some(email) => world.browser_of(email).await,
            None => world.browser(),
        };
        for (route, fields, expected) in FORM_MATRIX {
            let path = page_path(&world, route).await;
            let token = browser.token().await;
            let mut fields = fields.to_vec();
            fields.push(("csrf_token", &token));
            if route.ends_with("/trust-company") {
                world.has_signed_up(MEMBER).await;
            }
            world.listens();
            let answer = browser.post(&path, &fields).await;
            assert_eq!(answer.status, expected[column], "{route} by {who:?}: {}", answer.body);
            let has_effect = answer.status < 400 && !answer.header("location").starts_with("/login");
            // That an administrator sends again is counted before it is looked at.
            let is_counted = route.ends_with("/invitations/{id}/resend") && answer.status == 404;
            assert_eq!(world.heard("commit") > 0, has_effect || is_counted, "{route} by {who:?}");
        }
    }
}

#[tokio::test]
async fn lists_hold_nothing_of_another_company() {
    let world = World::new().await;
    let olga = world.api().logs_in(OTHER_ADMINISTRATOR).await;
    let listed = olga.get("/invitations?limit=200").await.expect(200);
    assert!(!listed.body.contains("acme.example"), "{}", listed.body);
    let companies = olga.get("/companies").await.expect(200).json();
    assert_eq!(companies["items"].as_array().unwrap().len(), 1);
    assert_eq!(companies["items"][0]["name"], "Other");
    assert!(!world.browser_of(OTHER_ADMINISTRATOR).await.get("/admin/invitations").await.body.contains("acme.example"));
    let found = olga.get("/invitations?q=ida").await.expect(200).json();
    assert_eq!(found["items"], json!([]));
}

#[tokio::test]
async fn nobody_grants_more_than_they_may() {
    let world = World::new().await;
    let carl = world.api().logs_in(ADMINISTRATOR).await;
    let operators = carl.get("/roles").await.expect(200).json();
    let keys = operators["items"].as_array().unwrap().iter().map(|role| role["key"].as_str().unwrap()).collect::<Vec<_>>();
    assert!(keys.contains(&"operator"), "{keys:?}");
    for role in ["operator", "unheard-of"] {
        world.listens();
        let answer = carl.post("/invitations", json!({ "email": "new@acme.example", "roles": [role] })).await.expect(422);
        assert_eq!(answer.codes("roles"), ["not_grantable"], "{role}");
        world.heard_no_more_than(1, role);
    }
    let mut browser = world.browser_of(ADMINISTRATOR).await;
    world.listens();
    let answer = browser.submit("/admin/invitations/new", &[("email", "new@acme.example"), ("roles", "operator")]).await;
    assert_eq!(answer.status, 422);
    world.heard_no_more_than(1, "a form with a role that was not offered");
    let operator = world.account_id(OPERATOR).await;
    world.listens();
    carl.send("POST", &format!("/accounts/{operator}/disable"), None).await.expect(403);
    world.heard_no_effect("a company administrator against an operator");
}

#[tokio::test]
async fn nobody_disables_themselves() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let own = world.account_id(OPERATOR).await;
    ada.send("POST", &format!("/accounts/{own}/disable"), None).await.expect(403);
    ada.get("/sessions/current").await.expect(200);
}

#[tokio::test]
async fn a_disabled_account_is_out_with_the_answer_and_stays_out_when_it_is_enabled_again() {
    let world = World::new().await;
    let ada = world.api().logs_in(OPERATOR).await;
    let carl = world.api().logs_in(ADMINISTRATOR).await;
    let mut browser = world.browser_of(ADMINISTRATOR).await;
    let id = world.account_id(ADMINISTRATOR).await;
    ada.send("POST", &format!("/accounts/{id}/disable"), None).await.expect(204);
    carl.get("/sessions/current").await.expect(401);
    carl.post("/invitations", json!({ "email": "new@acme.example" })).await.expect(401);
    browser.get("/admin/invitations").await.expect(303);
    ada.send("POST", &format!("/accounts/{id}/enable"), None).await.expect(204);
    carl.get("/sessions/current").await.expect(401);
    browser.get("/admin/invitations").await.expect(303);
    world.api().logs_in(ADMINISTRATOR).await.get("/sessions/current").await.expect(200);
}
