use axum::{Json, extract::State, http::StatusCode};
use identity_core::{
    flow::registration::{CompleteError, Completed, DecisionError, RegisterError, VerifyCodeError},
    model::registration::{NotAdmitted, RegistrationState},
    port::RegistrationQuery,
    value::{EmailAddress, Language, RegistrationId, TokenKind, TokenSecret},
};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::ByOperator,
        client::From as ClientOf,
        json::Body,
        query::{Id, Query},
    },
    wire::{
        Account, CompleteRegistration, CompletedRegistration, PageQuery, Reader, Registration, RegistrationPage, ResendActivation,
        SignUp, SignedUp, VerifiedCode, VerifyCode,
    },
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, sign_up))
        .routes(routes!(resend))
        .routes(routes!(verify_code))
        .routes(routes!(complete))
        .routes(routes!(approve))
        .routes(routes!(reject))
}

/// Signs up, where that is allowed. The answer is the same whether or not the address is known; what is mailed is not.
#[utoipa::path(post, path = "/registrations", tag = "registrations", request_body = SignUp,
    responses((status = 202, description = "If the address can be registered, a mail is on its way", body = SignedUp), Fails<RegisterError>))]
async fn sign_up(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<SignUp>,
) -> Result<(StatusCode, Json<SignedUp>), Problem> {
    let register = &app.flows().register;
    let flow = match body.read(client) {
        Ok(command) => register.run(command).await?,
        Err(unread) => return Err(unread.errors.and(RegisterError::Fields(register.check(&unread.rest)))),
    };
    Ok((StatusCode::ACCEPTED, Json(SignedUp { flow: flow.to_text().expose_secret().to_owned() })))
}

/// Asks for the mail again. The answer is the same whatever the address or the flow.
#[utoipa::path(post, path = "/registrations/resend", operation_id = "resend_activation", tag = "registrations", request_body = ResendActivation,
    responses((status = 202, description = "If there is a registration, its mail is on its way"), Fails<NotAdmitted>))]
async fn resend(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<ResendActivation>,
) -> Result<StatusCode, Problem> {
    let mut reader = Reader::default();
    let email = reader.optional("email", body.email.as_deref(), |text| EmailAddress::parse(text.trim()));
    let language = reader.optional("language", body.language.as_deref(), Language::parse);
    reader.finish(Some(()))?;
    let flows = app.flows();
    match (email, &body.flow) {
        (Some(email), None) => flows.resend_activation.by_address(email, language, &client).await?,
        (None, Some(flow)) => {
            // What is no flow is answered like one that never was.
            if let Some(flow) = TokenSecret::parse(TokenKind::Flow, flow.expose()) {
                flows.resend_activation.by_flow(&flow, &client).await?;
            }
        }
        _ => return Err(Problem::field("email", "missing_field", "Send either email or flow.")),
    }
    Ok(StatusCode::ACCEPTED)
}

/// Exchanges the code of a mail for the token of an activation link.
#[utoipa::path(post, path = "/registrations/verify-code", tag = "registrations", request_body = VerifyCode,
    responses((status = 200, description = "The code is right", body = VerifiedCode), Fails<VerifyCodeError>))]
async fn verify_code(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<VerifyCode>,
) -> Result<Json<VerifiedCode>, Problem> {
    let flow = TokenSecret::parse(TokenKind::Flow, body.flow.expose());
    let flow = flow.ok_or_else(|| Problem::field("flow", "invalid", "Send the flow that the sign-up was answered with."))?;
    let token = app.flows().verify_code.run(&flow, body.code.expose(), &client).await?;
    Ok(Json(VerifiedCode { token: token.to_text().expose_secret().to_owned() }))
}

/// Sets the password, which lets the person in or asks an operator to.
#[utoipa::path(post, path = "/registrations/complete", operation_id = "complete_registration", tag = "registrations", request_body = CompleteRegistration,
    responses((status = 201, description = "The account is open", body = CompletedRegistration),
        (status = 202, description = "An operator decides", body = CompletedRegistration), Fails<CompleteError>))]
async fn complete(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<CompleteRegistration>,
) -> Result<(StatusCode, Json<CompletedRegistration>), Problem> {
    let secret = TokenSecret::parse(TokenKind::Activation, body.token.expose()).ok_or_else(Problem::dead_link)?;
    let complete = &app.flows().complete_registration;
    let done = match body.read(secret.clone(), client.clone()) {
        Ok(command) => complete.run(command).await?,
        Err(unread) => return Err(unread.errors.and(complete.check(&secret, *unread.rest, &client).await?)),
    };
    let device = Some(done.device.to_text().expose_secret().to_owned());
    let (status, state, account) = match done.completed {
        Completed::Account(account) => (StatusCode::CREATED, RegistrationState::Completed, Some(Account::from(account.as_ref()))),
        Completed::AwaitingApproval => (StatusCode::ACCEPTED, RegistrationState::AwaitingApproval, None),
    };
    Ok((status, Json(CompletedRegistration { state: state.as_str(), account, device })))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RegistrationsQuery {
    /// `requested`, `awaiting_approval` (where nothing is said), `completed` or `rejected`.
    state: Option<String>,
    /// `next_cursor` of the part before.
    cursor: Option<String>,
    /// The most rows, from 1 to 200; 50 where nothing is said.
    limit: Option<u16>,
}

/// The registrations in one state, those that have waited longest first.
#[utoipa::path(get, path = "/registrations", operation_id = "list_registrations", tag = "registrations", params(RegistrationsQuery),
    security(("bearer" = [])),
    responses((status = 200, description = "A part of the list", body = RegistrationPage)))]
async fn list(
    State(app): State<App>,
    ByOperator(by): ByOperator,
    Query(query): Query<RegistrationsQuery>,
) -> Result<Json<RegistrationPage>, Problem> {
    let mut reader = Reader::default();
    let read = |word: &str| RegistrationState::parse(word).ok_or("use requested, awaiting_approval, completed or rejected");
    let state = reader.optional("state", query.state.as_deref(), read).unwrap_or(RegistrationState::AwaitingApproval);
    reader.finish(Some(()))?;
    let (after, limit) = super::page::<RegistrationId>(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let page = app.flows().decide_registration.list(&by, &RegistrationQuery { state, after, limit }).await?;
    Ok(Json(RegistrationPage {
        items: page.items.iter().map(|item| Registration::of(item, &app.settings().fields)).collect(),
        next_cursor: page.next.map(|next| next.to_string()),
    }))
}

/// Lets a person in who waits for approval.
#[utoipa::path(post, path = "/registrations/{id}/approve", operation_id = "approve_registration", tag = "registrations",
    params(("id" = crate::wire::schema::Id, Path, description = "The registration's id")), security(("bearer" = [])),
    responses((status = 201, description = "The account is open", body = CompletedRegistration), Fails<DecisionError>))]
async fn approve(
    State(app): State<App>,
    ByOperator(by): ByOperator,
    Id(id): Id<RegistrationId>,
) -> Result<(StatusCode, Json<CompletedRegistration>), Problem> {
    let account = app.flows().decide_registration.approve(&by, id).await?;
    let state = RegistrationState::Completed.as_str();
    Ok((StatusCode::CREATED, Json(CompletedRegistration { state, account: Some((&account).into()), device: None })))
}

/// Does not let a person in who waits for approval.
#[utoipa::path(post, path = "/registrations/{id}/reject", operation_id = "reject_registration", tag = "registrations",
    params(("id" = crate::wire::schema::Id, Path, description = "The registration's id")), security(("bearer" = [])),
    responses((status = 200, description = "Rejected", body = Registration), Fails<DecisionError>))]
async fn reject(
    State(app): State<App>,
    ByOperator(by): ByOperator,
    Id(id): Id<RegistrationId>,
) -> Result<Json<Registration>, Problem> {
    let rejected = app.flows().decide_registration.reject(&by, id).await?;
    Ok(Json(Registration::of(&rejected, &app.settings().fields)))
}
