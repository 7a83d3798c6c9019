//! A host with a store and a mailer of its own. `docs/embedding.md` quotes this file.

mod tests;

use std::sync::Arc;

use axum::{Router, routing::get};
use identity::{Builder, Identity, LoggedIn};
use identity_core::port::{Mailer, Store};

/// Identity over a store and a mailer of this host's own.
fn identity(public_url: &str, store: Arc<dyn Store>, mailer: Arc<dyn Mailer>) -> Builder {
    Identity::builder("Acme", public_url)
        .store(store)
        .mailer(mailer)
        .support("help@acme.example")
        // This host welcomes people by itself.
        .settings(|settings| settings.onboarding.enabled = false)
}

/// The host's own routes.
fn routes(identity: &Identity) -> Router {
    Router::new().route("/reports", get(reports)).with_state(identity.clone())
}

/// A route for everybody who is logged in.
async fn reports(LoggedIn(account): LoggedIn) -> String {
    format!("The reports of {}", account.full_name())
}
