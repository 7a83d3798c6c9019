use axum::{extract::State, http::StatusCode};
use identity_core::{account::AccountState, value::AccountId};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Problem, ProblemDocument},
    web::{auth::ByAdministrator, query::Id},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(disable)).routes(routes!(enable))
}

/// Disables an account: its sessions and invitations stop working with the answer.
#[utoipa::path(post, path = "/accounts/{id}/disable", tag = "accounts", params(("id" = String, Path, description = "The account's id")),
    security(("bearer" = [])),
    responses((status = 204, description = "Disabled"),
        (status = 403, description = "Not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = ProblemDocument, content_type = "application/problem+json")))]
async fn disable(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
) -> Result<StatusCode, Problem> {
    app.flows().switch_account.run(&by, id, AccountState::Disabled).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enables an account again.
#[utoipa::path(post, path = "/accounts/{id}/enable", tag = "accounts", params(("id" = String, Path, description = "The account's id")),
    security(("bearer" = [])),
    responses((status = 204, description = "Enabled"),
        (status = 403, description = "Not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such account", body = ProblemDocument, content_type = "application/problem+json")))]
async fn enable(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
) -> Result<StatusCode, Problem> {
    app.flows().switch_account.run(&by, id, AccountState::Active).await?;
    Ok(StatusCode::NO_CONTENT)
}
