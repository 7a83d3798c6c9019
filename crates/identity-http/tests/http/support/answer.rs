//! Answers.

use axum::http::HeaderMap;
use axum::http::header;
use serde_json::Value;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// The same as it came, where it is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// The same answer, which must have this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// The kind of problem, without its prefix.
    #[track_caller]
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        self.json()["type"].as_str().unwrap().strip_prefix("urn:identity:problem:").unwrap().to_owned()
    }

    /// The codes of a field's errors.
    #[track_caller]
    pub(crate) fn codes(&self, field: &str) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().filter(|error| error["field"] == field).map(|error| error["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Every `Set-Cookie`.
    pub(crate) fn cookies(&self) -> Vec<String> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    /// The `Set-Cookie` of that name.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().into_iter().find(|cookie| cookie.split('=').next().unwrap().trim_start_matches("__Host-") == name)
    }
}

/// An answer as somebody sees it who does not know which request it was: without the request's id, the values of cookies and tokens,
/// and these words. How long the body is follows from the body.
pub(crate) fn seen(answer: &Answer, words: &[&str]) -> (u16, Vec<(String, String)>, String) {
    let mask = |text: &str| {
        let mut text = text.replace(answer.header("x-request-id"), "ID");
        for word in words {
            text = text.replace(word, "WORD");
        }
        text
    };
    let value = |name: &str, value: &str| match value.split_once('=') {
        Some((cookie, rest)) if name == "set-cookie" => {
            format!("{cookie}=…;{}", rest.split_once(';').map_or("", |(_, attributes)| attributes))
        }
        _ => mask(value),
    };
    let headers =
        answer.headers.iter().map(|(name, text)| (name.as_str().to_owned(), value(name.as_str(), text.to_str().unwrap())));
    let headers = headers.filter(|(name, _)| name != "content-length").collect();
    let mut body = mask(&answer.body);
    for (before, after) in [("name=\"csrf_token\" value=\"", "\""), ("\"flow\":\"", "\"")] {
        let parts = body.split(before).map(str::to_owned).collect::<Vec<_>>();
        let cut = |part: &String| part.split_once(after).map_or("", |(_, rest)| rest).to_owned();
        let rest = parts.iter().skip(1).map(|part| format!("{before}…{after}{}", cut(part))).collect::<String>();
        body = format!("{}{rest}", parts[0]);
    }
    (answer.status, headers, body)
}
