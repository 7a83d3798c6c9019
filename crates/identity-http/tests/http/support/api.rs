//! A program that uses the API.

use super::{
    PASSWORD,
    answer::Answer,
    request::{RequestExt as _, ask},
    submissions::registration,
    world::World,
};
use axum::body::Body;
use axum::http::Request;
use serde_json::Value;
use serde_json::json;

/// A program that uses the API.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) world: World,
    pub(crate) token: Option<String>,
}

impl Api {
    pub(crate) fn request(&self, method: &str, path: &str) -> Request<Body> {
        let request = ask(method, &format!("/api/v1{path}"));
        match &self.token {
            Some(token) => request.with("authorization", &format!("Bearer {token}")),
            None => request,
        }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path);
        self.world
            .send(match body {
                Some(body) => request.json(body),
                None => request,
            })
            .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(&body)).await
    }

    /// Signs in; the client that is signed in.
    pub(crate) async fn logs_in(&self, email: &str) -> Self {
        self.logs_in_with(email, PASSWORD).await
    }

    pub(crate) async fn logs_in_with(&self, email: &str, password: &str) -> Self {
        let answer = self.post("/sessions", json!({ "email": email, "password": password })).await.expect(201).json();
        Self { token: Some(answer["token"].as_str().unwrap().to_owned()), ..self.clone() }
    }

    /// Registers by a token with good answers, changed by `but`.
    pub(crate) async fn accepts(&self, token: &str, but: Value) -> Answer {
        let mut body = registration(token);
        for (field, value) in but.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.post("/invitations/accept", body).await
    }
}
