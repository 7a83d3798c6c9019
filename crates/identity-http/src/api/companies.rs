use axum::{Json, extract::State, http::StatusCode};
use identity_core::{
    flow::company::{CompanyCommand, CompanyError},
    value::CompanyId,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::ByAdministrator,
        json::Body,
        query::{Id, Query},
    },
    wire::{Company, CompanyPage, NameCompany, PageQuery, Reader},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, open)).routes(routes!(one, rename)).routes(routes!(trust))
}

/// The companies that the logged-in user administers, newest first.
#[utoipa::path(get, path = "/companies", operation_id = "list_companies", tag = "companies", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, description = "A part of the list", body = CompanyPage)))]
async fn list(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Query(query): Query<PageQuery>,
) -> Result<Json<CompanyPage>, Problem> {
    let (after, limit) = super::page(&query)?;
    Ok(Json(app.flows().companies.list(&by, after, limit).await?.into()))
}

/// Opens a company.
#[utoipa::path(post, path = "/companies", tag = "companies", request_body = NameCompany, security(("bearer" = [])),
    responses((status = 201, description = "Opened", body = Company), Fails<CompanyError>))]
async fn open(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Body(body): Body<NameCompany>,
) -> Result<(StatusCode, Json<Company>), Problem> {
    let mut reader = Reader::default();
    let name = reader.company_name("name", &body.name);
    let company = app.flows().companies.run(&by, CompanyCommand::Open(reader.finish(name)?)).await?;
    Ok((StatusCode::CREATED, Json((&company).into())))
}

/// One company.
#[utoipa::path(get, path = "/companies/{id}", operation_id = "company", tag = "companies", params(("id" = crate::wire::schema::Id, Path, description = "The company's id")),
    security(("bearer" = [])),
    responses((status = 200, description = "The company", body = Company)))]
async fn one(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<CompanyId>,
) -> Result<Json<Company>, Problem> {
    let found = app.flows().companies.one(&by, id).await?;
    found.as_ref().map(|company| Json(company.into())).ok_or_else(Problem::not_found)
}

/// Gives a company another name.
#[utoipa::path(patch, path = "/companies/{id}", tag = "companies", request_body = NameCompany,
    params(("id" = crate::wire::schema::Id, Path, description = "The company's id")), security(("bearer" = [])),
    responses((status = 200, description = "Renamed", body = Company), Fails<CompanyError>))]
async fn rename(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<CompanyId>,
    Body(body): Body<NameCompany>,
) -> Result<Json<Company>, Problem> {
    let mut reader = Reader::default();
    let name = reader.company_name("name", &body.name);
    let company = app.flows().companies.run(&by, CompanyCommand::Rename(id, reader.finish(name)?)).await?;
    Ok(Json((&company).into()))
}

/// Trusts a company that somebody opened by signing up: its administrators then invite as many people as others do.
#[utoipa::path(post, path = "/companies/{id}/trust", tag = "companies",
    params(("id" = crate::wire::schema::Id, Path, description = "The company's id")), security(("bearer" = [])),
    responses((status = 200, description = "Trusted", body = Company), Fails<CompanyError>))]
async fn trust(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<CompanyId>,
) -> Result<Json<Company>, Problem> {
    let company = app.flows().companies.run(&by, CompanyCommand::Trust(id)).await?;
    Ok(Json((&company).into()))
}
