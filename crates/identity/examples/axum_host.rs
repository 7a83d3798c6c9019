//! A service with routes of its own, settings of its own, and an end: `cargo run -p identity --example axum_host`.

use std::error::Error;

use axum::{Router, extract::State, http::StatusCode, routing::get};
use identity::{Identity, LoggedIn, core::model::registration::RegistrationMode};
use tokio::{net::TcpListener, signal::ctrl_c};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the operator reads the link")]
async fn main() -> Result<(), Box<dyn Error>> {
    let identity = Identity::builder("Acme", "http://127.0.0.1:4002")
        .database("sqlite://acme.db")
        .dev_mailbox("mail")
        .support("help@acme.example")
        .settings(|settings| {
            settings.registration.mode = RegistrationMode::Open;
            // This host welcomes people by itself.
            settings.onboarding.enabled = false;
        })
        .start()
        .await?;
    if let Some(link) = identity.first_operator() {
        println!("{link}");
    }
    let routes = Router::new().route("/reports", get(reports)).route("/colleagues", get(colleagues)).with_state(identity.clone());
    let listener = TcpListener::bind("127.0.0.1:4002").await?;
    let stopping = identity.clone();
    tokio::spawn(async move {
        drop(ctrl_c().await);
        stopping.stop();
    });
    identity.serve(listener, routes).await;
    identity.close().await;
    Ok(())
}

/// A route for everybody who is logged in.
async fn reports(LoggedIn(account): LoggedIn) -> String {
    format!("The reports of {}", account.full_name())
}

/// A route that needs more than the account: everything is a flow or a read of the store.
async fn colleagues(State(identity): State<Identity>, LoggedIn(account): LoggedIn) -> Result<String, StatusCode> {
    let found = identity.ports().store.account(account.id).await;
    let found = found.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(found.map_or_else(String::new, |account| format!("You work for company {}", account.company)))
}
