//! JSON bodies.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
};
use serde::de::DeserializeOwned;

use crate::{
    app::App,
    problem::{FieldProblem, Problem, ProblemKind},
};

/// The most bytes of a body, but for those of routes that say otherwise: uploads and the texts of terms.
pub(crate) const BODY_LIMIT: usize = 32 * 1024;

/// The most bytes of a body with the texts of terms in it, in every language.
pub(crate) const TERMS_LIMIT: usize = 256 * 1024;

/// A JSON body of exactly this form.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let is_json =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
                value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
            });
        if !is_json {
            let detail = "Send Content-Type: application/json.";
            return Err(Problem::new(ProblemKind::NotJson, detail));
        }
        let bytes = bytes(request, app).await?;
        // The fields by position, in an array, would be taken for an object too.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(malformed());
        }
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| refused(&error))?;
        reader.end().map_err(|_| malformed())?;
        Ok(Self(value))
    }
}

/// The body, up to the limit.
pub(crate) async fn bytes(request: Request, app: &App) -> Result<Bytes, Problem> {
    Bytes::from_request(request, app).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            let detail = format!("Send less. Most bodies have at most {BODY_LIMIT} bytes; see docs/operating.md.");
            Problem::new(ProblemKind::TooLarge, detail)
        } else {
            malformed()
        }
    })
}

fn malformed() -> Problem {
    Problem::new(ProblemKind::Malformed, "Send one JSON object.")
}

/// Names the field and what is wrong with it; never what was in it.
fn refused(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    if !error.inner().is_data() {
        return malformed();
    }
    let text = error.inner().to_string();
    let quoted = text.split('`').nth(1).unwrap_or_default();
    let path = error.path().to_string();
    // Where the field is not there, or not known, the path may end with what should hold it.
    let own = || match path.as_str() {
        "." => quoted.to_owned(),
        path if path == quoted || path.ends_with(&format!(".{quoted}")) => path.to_owned(),
        path => format!("{path}.{quoted}"),
    };
    let (field, code, message) = if text.starts_with("unknown field") {
        (own(), "unknown_field", "Leave this field out: it is not known here.")
    } else if text.starts_with("missing field") {
        (own(), "missing_field", "Send this field.")
    } else if text.starts_with("duplicate field") {
        (own(), "duplicate_field", "Send this field once.")
    } else {
        (path, "wrong_type", "Send a value of the type that /openapi.json names.")
    };
    Problem::invalid(vec![FieldProblem::new(&field, code, message)])
}
