//! Queries and ids in paths.

use axum::{
    extract::{FromRequestParts, Path, Query as AxumQuery},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::{app::App, problem::Problem};

/// A query of exactly this form.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match AxumQuery::from_request_parts(parts, app).await {
            Ok(AxumQuery(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::field("query", "invalid_query", "Use the parameters that /openapi.json names, each once.")),
        }
    }
}

/// The one variable part of a path; what cannot be one leads nowhere.
pub(crate) struct Id<T>(pub(crate) T);

impl<T: std::str::FromStr + Send> FromRequestParts<App> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, app).await.map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}
