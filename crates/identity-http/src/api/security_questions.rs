//! Security questions. These routes are there where an operator declares some, and only there.

use axum::{Json, extract::State, http::StatusCode};
use identity_core::{
    flow::{
        question::SetSecurityAnswersError,
        recovery::{AssistedResetError, ResetError},
    },
    value::{AccountId, TokenKind, TokenSecret},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::accounts::reset_as_asked;
use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::{ByAdministrator, UpToQuestions},
        client::From as ClientOf,
        json::Body,
        query::Id,
    },
    wire::{AssistedResetDone, AssistedResetWithAnswer, CompleteResetWithAnswer, SecurityQuestionList, SetSecurityAnswers},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, set)).routes(routes!(complete)).routes(routes!(reset))
}

/// The security questions that there are, and which of them one has answered; never how.
#[utoipa::path(get, path = "/me/security-questions", operation_id = "list_security_questions", tag = "me", security(("bearer" = [])),
    responses((status = 200, description = "The questions", body = SecurityQuestionList)))]
async fn list(State(app): State<App>, user: UpToQuestions) -> Result<Json<SecurityQuestionList>, Problem> {
    let own = app.flows().security_questions.run(&user.signed_in).await?;
    let questions = app.settings().security_questions.as_ref().zip(own).ok_or_else(Problem::not_found)?;
    Ok(Json(SecurityQuestionList::of(questions.0, &questions.1, &user.signed_in.account.language)))
}

/// Sets one's answers to security questions. They take the place of all that there were.
#[utoipa::path(put, path = "/me/security-questions", operation_id = "set_security_answers", tag = "me", security(("bearer" = [])),
    request_body = SetSecurityAnswers,
    responses((status = 204, description = "Set"), Fails<SetSecurityAnswersError>))]
async fn set(
    State(app): State<App>,
    user: UpToQuestions,
    ClientOf(client): ClientOf,
    Body(body): Body<SetSecurityAnswers>,
) -> Result<StatusCode, Problem> {
    app.flows().set_security_answers.run(&user.signed_in, body.read(client)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets a new password by a mailed link. A person who has answered security questions answers one of them as well: the problem document
/// names `security_answer` and says the question where it is left out. Every session and every other link ends; nobody is signed in
/// by it.
#[utoipa::path(post, path = "/password-resets/complete", operation_id = "complete_password_reset", tag = "passwords", request_body = CompleteResetWithAnswer,
    responses((status = 204, description = "The password is set"), Fails<ResetError>))]
async fn complete(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<CompleteResetWithAnswer>,
) -> Result<StatusCode, Problem> {
    let secret = TokenSecret::parse(TokenKind::Recovery, body.token.expose()).ok_or_else(Problem::dead_link)?;
    app.flows().reset_password.run(body.read(secret, client)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resets somebody's password after making sure of who is asking, which is recorded. The method `security_question` has what the
/// person answered checked here; the note says what else speaks for it.
#[utoipa::path(post, path = "/accounts/{id}/password-reset", operation_id = "reset_for_somebody", tag = "accounts", request_body = AssistedResetWithAnswer,
    params(("id" = crate::wire::schema::Id, Path, description = "The account's id")), security(("bearer" = [])),
    responses((status = 202, description = "The mail is on its way; a temporary password is answered this once", body = AssistedResetDone), Fails<AssistedResetError>))]
async fn reset(
    State(app): State<App>,
    ByAdministrator(by): ByAdministrator,
    Id(id): Id<AccountId>,
    Body(body): Body<AssistedResetWithAnswer>,
) -> Result<(StatusCode, Json<AssistedResetDone>), Problem> {
    reset_as_asked(&app, &by, id, &body).await
}
