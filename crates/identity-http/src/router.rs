//! Every route, and what stands around them.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    middleware::{from_fn, from_fn_with_state, map_response},
    response::{IntoResponse as _, Response},
    routing::get,
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    admin, api,
    app::App,
    assets, pages,
    problem::{self, Problem, ProblemDocument, ProblemKind},
    request,
    web::{
        compress::{self, Fixed},
        deadline, forgery, headers,
        json::BODY_LIMIT,
    },
};

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        document.components.get_or_insert_default().add_security_scheme("bearer", scheme);
    }
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Identity", description = "Invitations, registration, login and accounts."),
    components(schemas(ProblemDocument)),
    modifiers(&Bearer),
    tags(
        (name = "sessions", description = "Signing in and out"),
        (name = "invitations", description = "Letting people in"),
        (name = "registrations", description = "Signing up"),
        (name = "accounts", description = "The people who are in"),
        (name = "companies", description = "Tenants"),
        (name = "access", description = "Roles and subscriptions"),
        (name = "terms", description = "Terms and conditions"),
        (name = "me", description = "One's own account"),
        (name = "passwords", description = "Rules for passwords, forgotten ones and changes")
    )
)]
struct Document;

fn api_routes(asks: bool) -> (Router<App>, utoipa::openapi::OpenApi) {
    let (routes, mut document) =
        OpenApiRouter::with_openapi(Document::openapi()).nest("/api/v1", api::routes(asks)).split_for_parts();
    problem::complete(&mut document);
    (routes, document)
}

/// The OpenAPI document of the JSON API, where no security questions are declared.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    api_routes(false).1
}

/// Every route.
pub fn router(app: App) -> Router {
    let asks = app.settings().security_questions.is_some();
    let (api, document) = api_routes(asks);
    // Written once, and not before it is asked for: that costs more than any other answer.
    let document = Arc::new(LazyLock::new(move || Fixed::new(Bytes::from(serde_json::to_vec(&document).unwrap_or_default()))));
    let openapi = get(async move |headers: HeaderMap| ([(CONTENT_TYPE, "application/json")], document.answer(&headers)));
    let mut pages = pages::routes().merge(admin::routes());
    if app.mailbox().is_some() {
        pages = pages.merge(pages::development_routes());
    }
    if asks {
        pages = pages.merge(pages::security_question_routes());
    }
    Router::new()
        .merge(api)
        .merge(pages.layer(from_fn_with_state(app.clone(), pages::answer_errors)).layer(from_fn(pages::offer_again)))
        .merge(pages::file_routes())
        .route("/openapi.json", openapi)
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/.well-known/security.txt", get(security_txt))
        .route("/assets/{name}", get(assets::serve))
        .fallback(pages::not_found)
        .layer(from_fn(deadline::set))
        .layer(map_response(name_what_has_no_body))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            tracing::error!("a handler panicked");
            Problem::internal().into_response()
        }))
        .layer(from_fn_with_state(app.clone(), forgery::refuse_other_sites))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(compress::answers))
        .layer(from_fn_with_state(app.clone(), headers::set))
        .layer(from_fn_with_state(app.clone(), request::track))
        .with_state(app)
}

/// Whether this process wants requests and its store answers.
async fn ready(State(app): State<App>) -> Response {
    if app.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping").into_response();
    }
    match app.store_answers().await {
        Ok(()) => "ready".into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The framework's own answer to a method that a route does not know gets a problem document like every other error.
async fn name_what_has_no_body(response: Response) -> Response {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED || response.extensions().get::<Problem>().is_some() {
        return response;
    }
    let allowed = response.headers().get(axum::http::header::ALLOW).cloned();
    let detail = "Use one of the methods in Allow.";
    let mut problem = Problem::new(ProblemKind::MethodNotAllowed, detail).into_response();
    if let Some(allowed) = allowed {
        problem.headers_mut().insert(axum::http::header::ALLOW, allowed);
    }
    problem
}

/// The file, where it is configured.
async fn security_txt(State(app): State<App>) -> Response {
    match &app.http().security_txt {
        Some(file) => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], file.text(&app.settings().public_url)).into_response(),
        None => Problem::not_found().into_response(),
    }
}
