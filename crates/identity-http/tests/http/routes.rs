//! Every route there is, with a good request for each.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{
    ACTIVATION, ADMINISTRATOR, Browser, INVITED, MAIL, MEMBER, OPERATOR, OTHER_PASSWORD, PASSWORD, REGISTRATION, SIGN_UP,
    SIGNING_UP, World, assisted, change, clean, completion, registration, reset, sign_up, stray,
};
use identity_core::value::TokenKind;

/// The pages and what else is not in the OpenAPI document, with their methods.
pub(crate) const PAGES: &[(&str, &[&str])] = &[
    ("/", &["GET"]),
    ("/login", &["GET", "POST"]),
    ("/register/{link}", &["GET", "POST"]),
    ("/register/{link}/decline", &["GET", "POST"]),
    ("/register/{link}/renewal", &["POST"]),
    ("/signup", &["GET", "POST"]),
    ("/signup/sent", &["GET"]),
    ("/signup/code", &["POST"]),
    ("/signup/resend", &["POST"]),
    ("/activate/{link}", &["GET", "POST"]),
    ("/forgot-password", &["GET", "POST"]),
    ("/reset-password/{link}", &["GET", "POST"]),
    ("/not-me/{link}", &["GET", "POST"]),
    ("/change-password", &["GET", "POST"]),
    ("/terms/accept", &["GET", "POST"]),
    ("/.well-known/change-password", &["GET"]),
    ("/help", &["GET"]),
    ("/terms", &["GET"]),
    ("/account", &["GET", "POST"]),
    ("/account/settings", &["GET", "POST"]),
    ("/dev/mailbox", &["GET"]),
    ("/dev/mailbox/{id}", &["GET"]),
    ("/dev/mailbox/{id}/html", &["GET"]),
    ("/admin", &["GET"]),
    ("/admin/invitations", &["GET"]),
    ("/admin/invitations/new", &["GET", "POST"]),
    ("/admin/invitations/{id}", &["GET"]),
    ("/admin/invitations/{id}/resend", &["POST"]),
    ("/admin/invitations/{id}/revoke", &["GET", "POST"]),
    ("/admin/invitations/{id}/expiry", &["POST"]),
    ("/admin/accounts", &["GET"]),
    ("/admin/accounts/{id}", &["GET"]),
    ("/admin/accounts/{id}/reset", &["POST"]),
    ("/admin/accounts/{id}/require-password-change", &["POST"]),
    ("/admin/accounts/{id}/unlock", &["POST"]),
    ("/admin/accounts/{id}/end-sessions", &["GET", "POST"]),
    ("/admin/accounts/{id}/disable", &["GET", "POST"]),
    ("/admin/accounts/{id}/enable", &["POST"]),
    ("/admin/accounts/{id}/trust-company", &["POST"]),
    ("/admin/registrations", &["GET"]),
    ("/admin/registrations/{id}/approve", &["POST"]),
    ("/admin/registrations/{id}/reject", &["GET", "POST"]),
    ("/admin/terms", &["GET"]),
    ("/admin/terms/new", &["GET", "POST"]),
    ("/admin/terms/{number}", &["GET"]),
    // They come after what the session is needed for.
    ("/account/security", &["GET"]),
    ("/account/security/sessions/{id}/end", &["POST"]),
    ("/account/security/sessions/end-others", &["GET", "POST"]),
    ("/account/security/email", &["GET", "POST"]),
    ("/account/security/email/cancel", &["POST"]),
    ("/reauthenticate", &["GET", "POST"]),
    ("/confirm-email/{link}", &["GET", "POST"]),
    ("/undo-email/{link}", &["GET", "POST"]),
    ("/account/picture", &["GET", "POST"]),
    ("/account/picture/delete", &["GET", "POST"]),
    ("/pictures/{name}", &["GET"]),
    ("/welcome", &["GET"]),
    ("/welcome/profile", &["GET", "POST"]),
    ("/welcome/picture", &["GET", "POST"]),
    ("/welcome/settings", &["GET", "POST"]),
    ("/welcome/tutorial", &["GET", "POST"]),
    ("/welcome/{step}", &["GET"]),
    ("/welcome/{step}/skip", &["POST"]),
    ("/account/data", &["GET"]),
    ("/account/data/export", &["POST"]),
    ("/account/data/delete", &["POST"]),
    ("/account/data/undo", &["POST"]),
    // It comes after what the session is needed for.
    ("/logout", &["GET", "POST"]),
    ("/register/{link}/access", &["POST"]),
    ("/openapi.json", &["GET"]),
    ("/healthz", &["GET"]),
    ("/readyz", &["GET"]),
    ("/assets/{name}", &["GET"]),
    ("/.well-known/security.txt", &["GET"]),
    ("/nowhere", &[]),
];

/// The routes that the source registers beside the API.
pub(crate) fn registered() -> BTreeSet<&'static str> {
    let sources = [
        include_str!("../../src/pages/mod.rs"),
        include_str!("../../src/admin/mod.rs"),
        include_str!("../../src/admin/invitations/mod.rs"),
        include_str!("../../src/admin/accounts/mod.rs"),
        include_str!("../../src/admin/registrations.rs"),
        include_str!("../../src/router.rs"),
        include_str!("../../src/admin/terms.rs"),
    ];
    let routes = sources.into_iter().flat_map(|source| source.split(".route(\"").skip(1));
    routes.map(|rest| rest.split('"').next().unwrap()).collect()
}

/// An operation of the API.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) method: String,
    /// As the document writes it.
    pub(crate) path: String,
    pub(crate) document: Value,
}

impl Operation {
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path.trim_start_matches("/api/v1"))
    }

    /// Whether it takes a session.
    pub(crate) fn is_secured(&self) -> bool {
        self.document.get("security").is_some()
    }

    /// Whether its body is JSON; the others take any bytes.
    pub(crate) fn takes_json(&self) -> bool {
        self.document.pointer("/requestBody/content/application~1json").is_some()
    }

    /// The schema of its body, if it takes one.
    pub(crate) fn body(&self, document: &Value) -> Option<Value> {
        let schema = self.document.pointer("/requestBody/content/application~1json/schema")?;
        Some(resolved(document, schema))
    }
}

/// The schema that a reference leads to.
pub(crate) fn resolved(document: &Value, schema: &Value) -> Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).expect("the reference leads somewhere").clone(),
        None => schema.clone(),
    }
}

pub(crate) fn document() -> Value {
    serde_json::to_value(identity_http::openapi()).unwrap()
}

/// Every operation of the OpenAPI document.
pub(crate) fn operations() -> Vec<Operation> {
    let document = document();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(Operation { method: method.to_uppercase(), path: path.clone(), document: operation.clone() });
        }
    }
    operations
}

/// A path under /api/v1 and a body that work for an operator.
pub(crate) async fn good(world: &World, operation: &Operation) -> (String, Option<Value>) {
    let path = operation.path.trim_start_matches("/api/v1");
    let id = match path.split('/').nth(1).unwrap() {
        "invitations" => world.invitation_id(INVITED).await.to_string(),
        "accounts" => world.account_id(MEMBER).await.to_string(),
        // Another session of the operator.
        "me" if path.contains("{id}") => world.session_id(OPERATOR).await.to_string(),
        "companies" => world.company_id(OPERATOR).await.to_string(),
        "registrations" if path.contains("{id}") => world.waiting().await.id.to_string(),
        _ => String::new(),
    };
    if let Some((_, who)) = [("DELETE /me/picture", OPERATOR), ("GET /accounts/{id}/picture", MEMBER)]
        .iter()
        .find(|(name, _)| *name == operation.name())
    {
        world.sets_picture(who).await;
    }
    if operation.name() == "DELETE /me" {
        // An operator leaves only where another one stays.
        world.promotes(ADMINISTRATOR).await;
    }
    if operation.name() == "GET /me/email-change" {
        world.asks_for_new_address(OPERATOR).await;
    }
    let key = if path.starts_with("/roles") { "editor" } else { "news" };
    let filled = path.replace("{id}", &id).replace("{key}", key).replace("{step}", "profile");
    let token = || world.link_to(INVITED);
    let entry = json!({ "key": "fresh", "name": "Fresh", "description": "New", "grantable_by": "operator" });
    let body = match operation.name().as_str() {
        "POST /sessions" => {
            Some(json!({ "email": OPERATOR, "password": PASSWORD, "remember": false, "device": stray(TokenKind::Device) }))
        }
        "POST /registrations" => Some(sign_up("fresh@newco.example")),
        "POST /registrations/resend" => Some(json!({ "email": SIGNING_UP, "language": "en" })),
        "POST /registrations/verify-code" => {
            let flow = world.signs_up("nora@newco.example").await;
            Some(json!({ "flow": flow, "code": world.code_to("nora@newco.example") }))
        }
        "POST /registrations/complete" => {
            let mut body = completion(&world.activation().await);
            for (field, value) in sign_up(SIGNING_UP).as_object().unwrap().iter().filter(|(field, _)| *field != "email") {
                body[field] = value.clone();
            }
            Some(body)
        }
        "POST /password-resets" => Some(json!({ "email": MEMBER, "language": "en" })),
        "POST /password-resets/complete" => Some(reset(&world.recovery().await)),
        "POST /password-resets/report" => Some(json!({ "token": world.report().await })),
        "PUT /me/password" => Some(change()),
        "POST /me/terms-acceptance" => Some(json!({ "version": 1 })),
        "POST /me/invitations/accept" => Some(json!({ "token": world.offered().await, "accept_terms": 1 })),
        "POST /sessions/current/reauthenticate" => Some(json!({ "password": PASSWORD })),
        "POST /me/email-change" => Some(json!({ "email": "changed@acme.example", "current_password": PASSWORD })),
        "POST /email-changes/confirm" => Some(json!({ "token": world.confirmation().await })),
        "POST /email-changes/undo" => Some(json!({ "token": world.undo().await })),
        "PUT /me/picture" => Some(json!("picture of me")),
        "POST /me/setup/{step}" => Some(json!({ "state": "done" })),
        "PATCH /me" => Some(json!({
            "first_name": "New", "last_name": "Name", "phone": "+49 30 123456", "department": "Research", "job_title": "Countess",
            "language": "en", "time_zone": "Europe/Berlin", "notifications": { "sign_ins": false },
        })),
        "POST /accounts/{id}/password-reset" => Some(assisted("link")),
        "POST /invitations" => Some(json!({
            "email": "new@acme.example", "first_name": "New", "last_name": "Comer", "roles": ["editor"], "subscriptions": ["news"],
            "language": "en", "company_id": world.company_id(OPERATOR).await.to_string(), "expires_in": "P3D", "note": "Welcome",
        })),
        "PATCH /invitations/{id}" => Some(json!({ "expires_at": "2026-01-09T09:00:00Z" })),
        "POST /invitations/accept" => Some(registration(&token())),
        "POST /invitations/preview" | "POST /invitations/decline" | "POST /invitations/request-renewal" => {
            Some(json!({ "token": token() }))
        }
        "POST /companies" | "PATCH /companies/{id}" => Some(json!({ "name": "Renamed" })),
        "POST /roles" | "POST /subscriptions" => Some(entry),
        "PATCH /roles/{key}" | "PATCH /subscriptions/{key}" => {
            Some(json!({ "name": "Fresh", "description": "New", "grantable_by": "operator" }))
        }
        "POST /terms" => Some(
            json!({ "effective_at": "2026-02-01T00:00:00Z", "grace": "P30D", "texts": { "en": "Be kinder.", "ar": "كن لطيفا." } }),
        ),
        "POST /password-policy/check" => Some(
            json!({ "password": PASSWORD, "email": MEMBER, "first_name": "Grace", "last_name": "Hopper", "company_name": "Acme" }),
        ),
        _ => None,
    };
    assert_eq!(body.is_some(), operation.document.get("requestBody").is_some(), "{}: add a good body", operation.name());
    (filled, body)
}

/// That page route with everything filled in: for the invitation of Ida, the sign-up of Nina, the new password of Grace.
pub(crate) async fn page_path(world: &World, route: &str) -> String {
    let path = match route.split('/').nth(1).unwrap() {
        "admin" if route.contains("{number}") => route.replace("{number}", "1"),
        "dev" => route.replace("{id}", MAIL),
        "admin" if route.contains("/accounts/{id}") => route.replace("{id}", &world.account_id(MEMBER).await.to_string()),
        "admin" if route.contains("/registrations/{id}") => route.replace("{id}", &world.waiting().await.id.to_string()),
        "admin" | "api" if route.contains("{id}") => route.replace("{id}", &world.invitation_id(INVITED).await.to_string()),
        "account" if route.contains("{id}") => route.replace("{id}", &world.session_id(OPERATOR).await.to_string()),
        "pictures" => world.sets_picture(MEMBER).await,
        "welcome" => route.replace("{step}", "team"),
        "assets" => {
            let page = world.get("/login").await.body;
            route.replace("{name}", page.split("/assets/").nth(1).unwrap().split('"').next().unwrap())
        }
        _ => route.to_owned(),
    };
    if !path.contains("{link}") {
        return path;
    }
    let clean = clean(&link_of(world, route).await);
    let (page, _) = path.split_once("/{link}").unwrap();
    path.replace(&format!("{page}/{{link}}"), &clean)
}

/// The token of the link that opens that page.
pub(crate) async fn link_of(world: &World, route: &str) -> String {
    match route.split('/').nth(1).unwrap() {
        "register" if route.ends_with("/access") => world.offered().await,
        "activate" => world.activation().await,
        "reset-password" => world.recovery().await,
        "not-me" => world.report().await,
        "confirm-email" => world.confirmation().await,
        "undo-email" => world.undo().await,
        _ => world.link_to(INVITED),
    }
}

/// Names and values.
pub(crate) type Fields = &'static [(&'static str, &'static str)];

/// Stands for the code that was mailed.
pub(crate) const CODE: &str = "the code";

/// A good form for each page that takes one.
pub(crate) const FORMS: &[(&str, Fields)] = &[
    ("/login", &[("email", MEMBER), ("password", PASSWORD), ("return_to", "/account")]),
    ("/register/{link}", &REGISTRATION),
    ("/register/{link}/decline", &[]),
    ("/register/{link}/renewal", &[]),
    ("/signup", &SIGN_UP),
    ("/signup/code", &[("code", CODE)]),
    ("/signup/resend", &[]),
    ("/activate/{link}", &ACTIVATION),
    ("/forgot-password", &[("email", MEMBER)]),
    ("/reset-password/{link}", &[("email", MEMBER), ("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)]),
    ("/not-me/{link}", &[]),
    ("/change-password", &CHANGE),
    ("/terms/accept", &[("accept_terms", "2"), ("return_to", "/account")]),
    (
        "/account",
        &[
            ("first_name", "Ada"),
            ("last_name", "Lovelace"),
            ("phone", "+49 30 123456"),
            ("department", ""),
            ("job_title", "Countess"),
        ],
    ),
    ("/account/settings", &[("language", "en"), ("time_zone", "Europe/Berlin"), ("notifications.sign_ins", "true")]),
    ("/admin/invitations/new", &[("email", "new@acme.example"), ("roles", "editor"), ("language", "en"), ("expires_in", "P3D")]),
    ("/admin/invitations/{id}/resend", &[]),
    ("/admin/invitations/{id}/revoke", &[]),
    ("/admin/invitations/{id}/expiry", &[("expires_at", "2026-01-09T09:00")]),
    (
        "/admin/accounts/{id}/reset",
        &[("method", "link"), ("identity_check.method", "video_call"), ("identity_check.note", "Seen and known")],
    ),
    ("/admin/accounts/{id}/require-password-change", &[]),
    ("/admin/accounts/{id}/unlock", &[]),
    ("/admin/accounts/{id}/end-sessions", &[]),
    ("/admin/accounts/{id}/disable", &[]),
    ("/admin/accounts/{id}/enable", &[]),
    ("/admin/accounts/{id}/trust-company", &[]),
    ("/admin/registrations/{id}/approve", &[]),
    ("/admin/registrations/{id}/reject", &[]),
    ("/admin/terms/new", &[("texts.en", "Be kinder."), ("grace", "P30D"), ("step", "publish")]),
    ("/account/security/sessions/{id}/end", &[]),
    ("/account/security/sessions/end-others", &[]),
    ("/account/security/email", &[("email", "changed@acme.example"), ("current_password", PASSWORD)]),
    ("/account/security/email/cancel", &[]),
    ("/reauthenticate", &[("password", PASSWORD), ("return_to", "/account/security")]),
    ("/confirm-email/{link}", &[]),
    ("/undo-email/{link}", &[]),
    ("/account/picture/delete", &[]),
    ("/welcome/profile", &[("first_name", "Ada"), ("last_name", "Lovelace"), ("phone", ""), ("department", ""), ("job_title", "")]),
    ("/welcome/settings", &[("language", "en"), ("time_zone", "Europe/Berlin"), ("notifications.sign_ins", "true")]),
    ("/welcome/tutorial", &[]),
    ("/welcome/{step}/skip", &[]),
    ("/account/data/export", &[]),
    ("/account/data/delete", &[("confirm", "true")]),
    ("/account/data/undo", &[]),
    ("/logout", &[]),
    ("/register/{link}/access", &[]),
];

/// A good change of the operator's password, as the page sends it.
const CHANGE: [(&str, &str); 4] =
    [("email", OPERATOR), ("current_password", PASSWORD), ("password", OTHER_PASSWORD), ("password_confirmation", OTHER_PASSWORD)];

/// A browser from which the form of that page can be sent, with the link and the sign-up that it takes.
pub(crate) async fn visitor(world: &World, route: &str) -> Browser {
    if route == "/terms/accept" {
        world.publishes_terms(Some("P30D")).await;
    }
    // Links are opened by the people whom they are for.
    let is_of_nobody = route == "/login" || (route.contains("{link}") && !route.ends_with("/access"));
    let mut browser = if is_of_nobody { world.browser() } else { world.browser_of(OPERATOR).await };
    browser.get("/login").await;
    if route.contains("{link}") {
        browser.opens(&link_of(world, route).await).await;
    }
    if matches!(route, "/signup/sent" | "/signup/code" | "/signup/resend") {
        browser.cookies.insert("__Host-flow".to_owned(), world.signs_up(SIGNING_UP).await);
        // The mail can be asked for again.
        world.passes("PT1M");
    }
    if route.ends_with("/email/cancel") {
        let fields = [("email", "changed@acme.example"), ("current_password", PASSWORD)];
        browser.submit("/account/security/email", &fields).await.expect(200);
    }
    if route == "/account/data/delete" || route == "/account/data/undo" {
        world.promotes(ADMINISTRATOR).await;
    }
    if route == "/account/data/undo" {
        browser.submit("/account/data/delete", &[("confirm", "true")]).await.expect(303);
    }
    if route == "/account/picture/delete" {
        world.sets_picture(OPERATOR).await;
    }
    if route.ends_with("/trust-company") {
        world.has_signed_up(MEMBER).await;
    }
    if route.ends_with("/enable") {
        let carl = world.api().logs_in(ADMINISTRATOR).await;
        carl.send("POST", &format!("/accounts/{}/disable", world.account_id(MEMBER).await), None).await.expect(204);
    }
    browser
}

/// The fields with the code that was mailed.
pub(crate) fn with_code<'a>(world: &World, fields: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    let value = |value: &str| if value == CODE { world.code_to(SIGNING_UP) } else { value.to_owned() };
    fields.iter().map(|(name, text)| (*name, value(text))).collect()
}

#[test]
fn every_page_route_stands_in_the_table() {
    let table = PAGES.iter().map(|(path, _)| *path).filter(|path| *path != "/nowhere").collect::<BTreeSet<_>>();
    assert_eq!(table, registered());
}

#[test]
fn every_page_that_takes_a_form_has_a_good_one_in_the_table() {
    // What takes a file has forms and tests of its own.
    let takes_text = |path: &str| !["/account/picture", "/welcome/picture"].contains(&path);
    let posts = PAGES
        .iter()
        .filter(|(path, methods)| methods.contains(&"POST") && takes_text(path))
        .map(|(path, _)| *path)
        .collect::<Vec<_>>();
    let forms = FORMS.iter().map(|(path, _)| *path).collect::<Vec<_>>();
    assert_eq!(posts, forms);
}

#[test]
fn a_stray_token_is_well_formed() {
    assert!(stray(TokenKind::Invitation).starts_with("idinv_"));
}
