//! The id and the log line of every request, and the problem document that names it.

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use identity_core::{port::IdSource, value::EventId};
use tracing::Instrument as _;

use crate::{
    app::App,
    pages,
    problem::{Problem, ProblemDocument},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, runs it inside a span of that id, finishes a problem document with it, and logs one line: the route's
/// pattern, never the path, which may hold a secret.
pub(crate) async fn track(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = app.now();
    let id = IdSource::new(started, app.entropy()).id::<EventId>().map_or_else(|_| "-".to_owned(), |id| id.to_string());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let reader = pages::reader(request.uri().path(), request.headers());
    let span = tracing::info_span!("request", id = %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = match pages::for_readers(&app, reader.as_ref(), problem) {
            Ok(page) => shown(response, page),
            Err(problem) => finish(response, &problem.document(id.clone())),
        };
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let took = app.now().duration_since(started);
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(%method, route, status, micros = took.as_micros(), "answered"));
    response
}

/// The page in the place of a problem document, with the headers that the answer has.
fn shown(response: Response, page: Response) -> Response {
    let (mut parts, _) = response.into_parts();
    let (page, body) = page.into_parts();
    parts.headers.extend(page.headers);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

fn finish(response: Response, document: &ProblemDocument) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.remove(header::CONTENT_LENGTH);
    let body = serde_json::to_vec(document).unwrap_or_default();
    Response::from_parts(parts, Body::from(body))
}
