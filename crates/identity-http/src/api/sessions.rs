use axum::{Json, extract::State, http::StatusCode};
use identity_core::{
    change::Unavailable,
    flow::session::LogInError,
    model::account::{Account, RequiredAction},
};
use secrecy::ExposeSecret as _;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app::App,
    problem::{Fails, Problem},
    web::{
        auth::{Carrier, LoggedInOrPending},
        client::From as ClientOf,
        forgery,
        json::Body,
    },
    wire::{CurrentSession, LogIn, LoggedIn},
};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(log_in)).routes(routes!(current, log_out))
}

/// What has to be done before anything else.
fn actions(app: &App, account: &Account) -> Vec<&'static str> {
    app.settings().required_of(account).map(RequiredAction::as_str).collect()
}

/// Signs in with e-mail address and password.
#[utoipa::path(post, path = "/sessions", tag = "sessions", request_body = LogIn,
    responses((status = 201, description = "Signed in", body = LoggedIn), Fails<LogInError>))]
async fn log_in(
    State(app): State<App>,
    ClientOf(client): ClientOf,
    Body(body): Body<LogIn>,
) -> Result<(StatusCode, Json<LoggedIn>), Problem> {
    let logged_in = app.flows().log_in.run(body.read(client)?).await?;
    let answer = LoggedIn {
        token: logged_in.secret.to_text().expose_secret().to_owned(),
        session: (&logged_in.session).into(),
        account: (&logged_in.account).into(),
        required_actions: actions(&app, &logged_in.account),
        device: logged_in.device.map(|device| device.to_text().expose_secret().to_owned()),
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The session of this request, and whose it is.
#[utoipa::path(get, path = "/sessions/current", operation_id = "current_session", tag = "sessions", security(("bearer" = [])),
    responses((status = 200, description = "Signed in", body = CurrentSession)))]
async fn current(State(app): State<App>, user: LoggedInOrPending) -> Result<Json<CurrentSession>, Problem> {
    let account = &user.signed_in.account;
    let csrf_token = match user.carrier {
        Carrier::Bearer => None,
        Carrier::Cookie => Some(forgery::token(&user.secret, app.entropy()).map_err(Unavailable::from)?),
    };
    Ok(Json(CurrentSession {
        session: (&user.signed_in.session).into(),
        account: account.into(),
        roles: account.roles.iter().map(ToString::to_string).collect(),
        subscriptions: account.subscriptions.iter().map(ToString::to_string).collect(),
        required_actions: actions(&app, account),
        csrf_token,
    }))
}

/// Ends the session of this request.
#[utoipa::path(delete, path = "/sessions/current", tag = "sessions", security(("bearer" = [])),
    responses((status = 204, description = "Signed out")))]
async fn log_out(State(app): State<App>, user: LoggedInOrPending) -> Result<StatusCode, Problem> {
    app.flows().log_out.run(&user.signed_in).await?;
    Ok(StatusCode::NO_CONTENT)
}
