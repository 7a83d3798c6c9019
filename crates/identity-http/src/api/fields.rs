use axum::{Json, extract::State};
use identity_core::value::Language;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::Problem,
    web::query::Query,
    wire::{FieldList, Reader},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FieldsQuery {
    /// The reader's language; the installation's where nothing is said.
    language: Option<String>,
}

/// The fields that people are asked for, beyond what every installation asks.
#[utoipa::path(get, path = "/fields", operation_id = "list_fields", tag = "registrations", params(FieldsQuery),
    responses((status = 200, description = "All of them, in the order in which they are shown", body = FieldList)))]
async fn list(State(app): State<App>, Query(query): Query<FieldsQuery>) -> Result<Json<FieldList>, Problem> {
    let mut reader = Reader::default();
    let language = reader.optional("language", query.language.as_deref(), Language::parse);
    reader.finish(Some(()))?;
    let language = language.unwrap_or_else(|| app.settings().default_language());
    Ok(Json(FieldList::of(&app.settings().fields, &language)))
}
