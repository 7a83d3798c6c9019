use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use identity_core::{
    flow::terms::{AcceptTermsCommand, AcceptTermsError, PublishTermsError},
    value::Language,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::{ByOperator, LoggedInOrPending},
        client::From as ClientOf,
        json::{Body, TERMS_LIMIT},
        query::Query,
    },
    wire::{AcceptTerms, PublishTerms, Reader, Terms, TermsList, TermsStanding, TermsText},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, publish))
        .layer(DefaultBodyLimit::max(TERMS_LIMIT))
        .routes(routes!(current))
        .routes(routes!(mine))
        .routes(routes!(accept))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TermsQuery {
    /// The reader's language.
    language: Option<String>,
}

/// The newest versions of the terms.
#[utoipa::path(get, path = "/terms", operation_id = "list_terms", tag = "terms", security(("bearer" = [])),
    responses((status = 200, description = "Highest number first, at most 50", body = TermsList)))]
async fn list(State(app): State<App>, _by: ByOperator) -> Result<Json<TermsList>, Problem> {
    let versions = app.flows().terms.versions().await?;
    Ok(Json(TermsList { items: versions.iter().map(Terms::from).collect() }))
}

/// Publishes a version of the terms. A published version never changes.
#[utoipa::path(post, path = "/terms", tag = "terms", request_body = PublishTerms, security(("bearer" = [])),
    responses((status = 201, description = "Published", body = Terms), Fails<PublishTermsError>))]
async fn publish(
    State(app): State<App>,
    ByOperator(by): ByOperator,
    Body(body): Body<PublishTerms>,
) -> Result<(StatusCode, Json<Terms>), Problem> {
    let version = app.flows().terms.run(&by, body.read()?).await?;
    Ok((StatusCode::CREATED, Json((&version).into())))
}

/// The terms in force.
#[utoipa::path(get, path = "/terms/current", operation_id = "current_terms", tag = "terms", params(TermsQuery),
    responses((status = 200, description = "In the language asked for, or the nearest", body = TermsText)))]
async fn current(State(app): State<App>, Query(query): Query<TermsQuery>) -> Result<Json<TermsText>, Problem> {
    let mut reader = Reader::default();
    let asked = reader.optional("language", query.language.as_deref(), Language::parse);
    reader.finish(Some(()))?;
    let language = asked.unwrap_or_else(|| app.settings().default_language());
    let terms = app.flows().terms.current().await?;
    TermsText::of(&terms, &language).map(Json).ok_or_else(Problem::not_found)
}

/// Which version the logged-in user accepted, and whether one waits.
#[utoipa::path(get, path = "/me/terms", operation_id = "own_terms", tag = "terms", security(("bearer" = [])),
    responses((status = 200, description = "How the logged-in user stands to the terms", body = TermsStanding)))]
async fn mine(State(app): State<App>, user: LoggedInOrPending) -> Result<Json<TermsStanding>, Problem> {
    Ok(Json((&app.flows().accept_terms.standing(&user.signed_in).await?).into()))
}

/// Accepts the terms in force. Kept with it: the time, and language and hash of the text in the account's language.
#[utoipa::path(post, path = "/me/terms-acceptance", operation_id = "accept_terms", tag = "terms", request_body = AcceptTerms, security(("bearer" = [])),
    responses((status = 204, description = "Accepted"), Fails<AcceptTermsError>))]
async fn accept(
    State(app): State<App>,
    user: LoggedInOrPending,
    ClientOf(client): ClientOf,
    Body(body): Body<AcceptTerms>,
) -> Result<StatusCode, Problem> {
    app.flows().accept_terms.run(&user.signed_in, &AcceptTermsCommand { number: body.version, client }).await?;
    Ok(StatusCode::NO_CONTENT)
}
