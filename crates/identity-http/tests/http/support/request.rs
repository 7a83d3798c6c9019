//! Requests.

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

/// A request without a body.
pub(crate) fn ask(method: &str, path: &str) -> Request<Body> {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

pub(crate) trait RequestExt {
    fn with(self, name: &'static str, value: &str) -> Self;
    fn json(self, body: &Value) -> Self;
    fn text(self, body: impl Into<String>) -> Self;
    fn form(self, fields: &[(&str, &str)]) -> Self;
}

impl RequestExt for Request<Body> {
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers_mut().append(name, value.parse().unwrap());
        self
    }

    fn json(self, body: &Value) -> Self {
        self.with("content-type", "application/json").text(body.to_string())
    }

    fn text(self, body: impl Into<String>) -> Self {
        self.map(|_| Body::from(body.into()))
    }

    fn form(self, fields: &[(&str, &str)]) -> Self {
        self.with("content-type", "application/x-www-form-urlencoded").text(encoded(fields))
    }
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
