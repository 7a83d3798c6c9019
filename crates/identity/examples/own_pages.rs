//! A host with a login page of its own, which calls a flow and sets the cookie of the session:
//! `cargo run -p identity --example own_pages`

use std::error::Error;

use axum::{
    Form, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use identity::{
    Identity, LoggedIn,
    core::{
        flow::{
            ErrorKind, FlowError as _,
            session::{LogInCommand, LogInError},
        },
        model::password::Candidate,
        value::EmailAddress,
    },
};
use serde::Deserialize;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let identity =
        Identity::builder("Acme", "http://127.0.0.1:4002").database("sqlite://acme.db").dev_mailbox("mail").start().await?;
    let routes = Router::new().route("/", get(home)).route("/enter", get(form).post(enter)).with_state(identity.clone());
    identity.serve(TcpListener::bind("127.0.0.1:4002").await?, routes).await;
    Ok(())
}

async fn home(LoggedIn(account): LoggedIn) -> Html<String> {
    Html(format!("<p>Hello {}</p>", account.full_name()))
}

async fn form() -> Html<&'static str> {
    Html("<form method=post><input name=email type=email><input name=password type=password><button>Enter</button></form>")
}

#[derive(Deserialize)]
struct Entered {
    email: String,
    password: String,
}

async fn enter(State(identity): State<Identity>, sent: HeaderMap, Form(entered): Form<Entered>) -> Result<Response, StatusCode> {
    let email = EmailAddress::parse(&entered.email).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    let password = Candidate::new(&entered.password).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    let command = LogInCommand::new(email, password);
    match identity.flows().log_in.run(command).await {
        Ok(logged_in) => {
            let mut response = Redirect::to("/").into_response();
            for cookie in identity.app().session_cookies(&logged_in.secret, &logged_in.session, &sent) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Err(LogInError::Refused | LogInError::AwaitingApproval) => Err(StatusCode::UNAUTHORIZED),
        Err(error) if error.kind() == ErrorKind::RateLimited => Err(StatusCode::TOO_MANY_REQUESTS),
        Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}
