use axum::{Json, extract::State};
use identity_core::{flow::Fault, model::password::ContextWords};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{client::From as ClientOf, json::Body},
    wire::{CheckPassword, CheckedPassword, PasswordPolicy, Reader},
};

/// The most words that are looked at beside those of the named fields.
const MAX_WORDS: usize = 32;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(policy)).routes(routes!(check))
}

/// The rules for passwords: the same on every path that sets one.
#[utoipa::path(get, path = "/password-policy", tag = "passwords",
    responses((status = 200, description = "The rules in force", body = PasswordPolicy)))]
async fn policy(State(app): State<App>) -> Json<PasswordPolicy> {
    Json((&app.settings().password_policy).into())
}

/// Judges a password without keeping it.
#[utoipa::path(post, path = "/password-policy/check", tag = "passwords", request_body = CheckPassword,
    responses(
        (status = 200, description = "The judgement", body = CheckedPassword), Fails<Fault>))]
async fn check(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<CheckPassword>,
) -> Result<Json<CheckedPassword>, Problem> {
    let mut reader = Reader::default();
    let candidate = reader.password("password", &body.password);
    let candidate = reader.finish(candidate)?;
    app.flows().assess_password.enter(&client).await?;
    let mut words = ContextWords::default();
    let local_part = body.email.as_deref().and_then(|email| email.split('@').next());
    let own = [local_part, body.first_name.as_deref(), body.last_name.as_deref(), body.company_name.as_deref()];
    own.into_iter().flatten().chain(body.words.iter().take(MAX_WORDS).map(String::as_str)).for_each(|text| words.add(text));
    words.add(&app.settings().product_name);
    Ok(Json(app.flows().assess_password.run(&candidate, &words).await?.into()))
}
