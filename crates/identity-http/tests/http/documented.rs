//! Each answer of the API that a test gets is one that the OpenAPI document states: its status, and the kind of its problem.

use std::sync::OnceLock;

use axum::{Router, body::Body, http::Method};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::support::{Answer, ask};

/// The documents of installations without security questions, and with them.
static DOCUMENTS: [OnceLock<Value>; 2] = [OnceLock::new(), OnceLock::new()];

async fn document(router: &Router, has_questions: bool) -> &'static Value {
    let kept = &DOCUMENTS[usize::from(has_questions)];
    if let Some(document) = kept.get() {
        return document;
    }
    let response = router.clone().oneshot(ask("GET", "/openapi.json").map(|_: Body| Body::empty())).await.unwrap();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    kept.get_or_init(|| serde_json::from_slice(&bytes).unwrap())
}

/// Fails where an answer is not documented.
pub(crate) async fn check(router: &Router, has_questions: bool, method: &Method, path: &str, answer: &Answer) {
    let document = document(router, has_questions).await;
    let Some(operation) = operation(document, method, path) else { return };
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{method} {path} answers {}, which the document does not state: {}", answer.status, answer.body);
    let kind = serde_json::from_str::<Value>(&answer.body).ok();
    let kind = kind.as_ref().and_then(|body| body["type"].as_str()?.strip_prefix("urn:identity:problem:"));
    if let Some(kind) = kind {
        let said = response["description"].as_str().unwrap();
        assert!(said.contains(&format!("`{kind}`")), "{method} {path} answers {kind}, and the document says of it: {said}");
    }
}

fn operation<'a>(document: &'a Value, method: &Method, path: &str) -> Option<&'a Value> {
    let paths = document["paths"].as_object()?;
    let template = paths.keys().filter(|template| fits(template, path)).min_by_key(|template| template.matches('{').count())?;
    Some(&paths[template][method.as_str().to_lowercase()]).filter(|operation| operation.is_object())
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/').collect::<Vec<_>>(), path.split('/').collect::<Vec<_>>());
    let same = |(part, of): (&&str, &&str)| part == of || (part.starts_with('{') && !of.is_empty());
    template.len() == path.len() && template.iter().zip(&path).all(same)
}
