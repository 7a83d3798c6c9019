use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
};
use identity_core::model::{account::Account, session::SignedIn};

use crate::running::Identity;

/// The person who sends a request, for handlers of your own: `async fn reports(LoggedIn(account): LoggedIn)`.
///
/// Requests of nobody, and of people with a required action, are answered 401; 503 while the database does not work.
pub struct LoggedIn(pub Account);

impl<S: Send + Sync> FromRequestParts<S> for LoggedIn
where
    Identity: FromRef<S>,
{
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let user = Identity::from_ref(state).signed_in(&parts.method, &parts.headers).await;
        let user = user.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?.ok_or(StatusCode::UNAUTHORIZED)?;
        Ok(Self(SignedIn::from(user).account))
    }
}
