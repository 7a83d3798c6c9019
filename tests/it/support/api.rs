//! Actors of the API: what people do, in verbs.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::{Server, client};

/// A password that keeps every rule of the default policy.
pub(crate) const PASSWORD: &str = "Plinth-gargoyle-7";

/// A client of the API, signed in or not.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    base: String,
    token: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Response {
    /// The answer's body, which must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The kind of problem, without its prefix.
    pub(crate) fn problem(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default().trim_start_matches("urn:identity:problem:")
    }

    /// The codes of a field's errors.
    pub(crate) fn codes(&self, field: &str) -> Vec<&str> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter(|error| error["field"] == field).filter_map(|error| error["code"].as_str()).collect()
    }
}

impl Api {
    pub(crate) fn new(base: &str) -> Self {
        let client = client().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { client, base: base.to_owned(), token: None }
    }

    /// The same client, sending this session token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The session token that it sends, if it is signed in.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        self.try_send(method, path, body).await.expect("the server answers")
    }

    /// Fails where the server is gone.
    pub(crate) async fn try_send(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<Response> {
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await?;
        Ok(Response { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }

    /// Tries to log in, and says the status of the answer.
    pub(crate) async fn tries_to_log_in(&self, email: &str, password: &str) -> u16 {
        self.post("/sessions", json!({ "email": email, "password": password })).await.status.as_u16()
    }

    /// The status of a path outside of the API.
    pub(crate) async fn status_of(&self, path: &str) -> u16 {
        self.client.get(format!("{}{path}", self.base)).send().await.unwrap().status().as_u16()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Response {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Signs in; the client that is signed in.
    pub(crate) async fn logs_in(&self, email: &str, password: &str) -> Self {
        let answer = self.post("/sessions", json!({ "email": email, "password": password })).await.expect(201);
        self.with_token(answer["token"].as_str().unwrap())
    }

    /// Registers by a token with good answers, changed by `but`.
    pub(crate) async fn accepts(&self, token: &str, but: Value) -> Response {
        let mut body = json!({
            "token": token,
            "first_name": "Grace",
            "last_name": "Hopper",
            "password": PASSWORD,
            "password_confirmation": PASSWORD,
            "accept_terms": 1,
        });
        for (field, value) in but.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.post("/invitations/accept", body).await
    }

    /// Signs up; the flow.
    pub(crate) async fn signs_up(&self, email: &str) -> String {
        let form = json!({
            "first_name": "Grace", "last_name": "Hopper", "company_name": "Navy", "country": "US", "email": email,
        });
        self.post("/registrations", form).await.expect(202)["flow"].as_str().unwrap().to_owned()
    }

    /// Completes a registration by a token with good answers, changed by `but`.
    pub(crate) async fn completes(&self, token: &str, but: Value) -> Response {
        let mut body = json!({ "token": token, "password": PASSWORD, "password_confirmation": PASSWORD, "accept_terms": 1 });
        for (field, value) in but.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.post("/registrations/complete", body).await
    }

    /// Sets a new password by a token.
    pub(crate) async fn resets(&self, token: &str, password: &str) -> Response {
        let body = json!({ "token": token, "password": password, "password_confirmation": password });
        self.post("/password-resets/complete", body).await
    }

    /// Asks for a link to a new password.
    pub(crate) async fn forgets(&self, email: &str) {
        self.post("/password-resets", json!({ "email": email })).await.expect(202);
    }

    /// Invites; the invitation.
    pub(crate) async fn invites(&self, email: &str) -> Value {
        self.post("/invitations", json!({ "email": email })).await.expect(201)
    }
}

/// The token at the end of a link.
pub(crate) fn token_of(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

impl Server {
    /// Follows the link of the first operator by the API: the first operator, signed in.
    pub(crate) async fn first_operator(&self) -> Api {
        let link = self.first_operator_link.as_deref().expect("the link of the first operator was printed");
        let email = "ada@acme.example";
        let but = json!({ "email": email, "first_name": "Ada", "last_name": "Lovelace", "company_name": "Acme" });
        self.api().accepts(token_of(link), but).await.expect(201);
        self.api().logs_in(email, PASSWORD).await
    }
}
