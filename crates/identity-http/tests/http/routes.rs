//! Every route there is, with a good request for each.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{INVITED, MAIL, MEMBER, OPERATOR, PASSWORD, REGISTRATION, World, link_id, registration, stray};
use identity_core::value::TokenKind;

/// The pages and what else is not in the OpenAPI document, with their methods.
pub(crate) const PAGES: [(&str, &[&str]); 23] = [
    ("/", &["GET"]),
    ("/login", &["GET", "POST"]),
    ("/logout", &["GET", "POST"]),
    ("/register/{link}", &["GET", "POST"]),
    ("/register/{link}/decline", &["GET", "POST"]),
    ("/register/{link}/renewal", &["POST"]),
    ("/terms", &["GET"]),
    ("/account", &["GET"]),
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
    ("/openapi.json", &["GET"]),
    ("/healthz", &["GET"]),
    ("/readyz", &["GET"]),
    ("/assets/{name}", &["GET"]),
    ("/nowhere", &[]),
];

/// The routes that the source registers beside the API.
pub(crate) fn registered() -> BTreeSet<&'static str> {
    let sources = [
        include_str!("../../src/pages/mod.rs"),
        include_str!("../../src/admin/mod.rs"),
        include_str!("../../src/admin/invitations/mod.rs"),
        include_str!("../../src/router.rs"),
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
        "companies" => world.company_id(OPERATOR).await.to_string(),
        _ => String::new(),
    };
    let key = if path.starts_with("/roles") { "editor" } else { "news" };
    let filled = path.replace("{id}", &id).replace("{key}", key);
    let token = || world.link_to(INVITED);
    let entry = json!({ "key": "fresh", "name": "Fresh", "description": "New", "grantable_by": "operator" });
    let body = match operation.name().as_str() {
        "POST /sessions" => Some(json!({ "email": OPERATOR, "password": PASSWORD, "remember": false })),
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
        "POST /terms" => {
            Some(json!({ "effective_at": "2026-02-01T00:00:00Z", "texts": { "en": "Be kinder.", "ar": "كن لطيفا." } }))
        }
        "POST /password-policy/check" => Some(
            json!({ "password": PASSWORD, "email": MEMBER, "first_name": "Grace", "last_name": "Hopper", "company_name": "Acme" }),
        ),
        _ => None,
    };
    assert_eq!(body.is_some(), operation.document.get("requestBody").is_some(), "{}: add a good body", operation.name());
    (filled, body)
}

/// That page route with everything filled in, for the link and the invitation of Ida.
pub(crate) async fn page_path(world: &World, route: &str) -> String {
    let invitation = world.invitation_id(INVITED).await.to_string();
    let asset = || async {
        let page = world.get("/login").await.body;
        page.split("/assets/").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let path = if route.starts_with("/dev/") { route.replace("{id}", MAIL) } else { route.replace("{id}", &invitation) };
    let path = path.replace("{link}", &link_id(&world.link_to(INVITED)));
    if path.contains("{name}") { path.replace("{name}", &asset().await) } else { path }
}

/// Names and values.
pub(crate) type Fields = &'static [(&'static str, &'static str)];

/// A good form for each page that takes one.
pub(crate) const FORMS: [(&str, Fields); 9] = [
    ("/login", &[("email", MEMBER), ("password", PASSWORD), ("return_to", "/account")]),
    ("/logout", &[]),
    ("/register/{link}", &REGISTRATION),
    ("/register/{link}/decline", &[]),
    ("/register/{link}/renewal", &[]),
    ("/admin/invitations/new", &[("email", "new@acme.example"), ("roles", "editor"), ("language", "en"), ("expires_in", "P3D")]),
    ("/admin/invitations/{id}/resend", &[]),
    ("/admin/invitations/{id}/revoke", &[]),
    ("/admin/invitations/{id}/expiry", &[("expires_at", "2026-01-09T09:00")]),
];

#[test]
fn every_page_route_stands_in_the_table() {
    let table = PAGES.iter().map(|(path, _)| *path).filter(|path| *path != "/nowhere").collect::<BTreeSet<_>>();
    assert_eq!(table, registered());
}

#[test]
fn every_page_that_takes_a_form_has_a_good_one_in_the_table() {
    let posts = PAGES.iter().filter(|(_, methods)| methods.contains(&"POST")).map(|(path, _)| *path).collect::<Vec<_>>();
    let forms = FORMS.iter().map(|(path, _)| *path).collect::<Vec<_>>();
    assert_eq!(posts, forms);
}

#[test]
fn a_stray_token_is_well_formed() {
    assert!(stray(TokenKind::Invitation).starts_with("idinv_"));
}
