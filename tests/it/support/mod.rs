//! What tests are made of: a server, a client of its API, its mails.

pub(crate) mod api;
pub(crate) mod browser;
pub(crate) mod database;
pub(crate) mod mail;
pub(crate) mod proxy;
pub(crate) mod server;
pub(crate) mod smtp;

pub(crate) use api::{Api, Response};
pub(crate) use browser::{Browser, Options};
pub(crate) use mail::Mail;
pub(crate) use server::Server;

use std::{future::Future, time::Duration};

/// A client of HTTP, to be built. Its TLS wants to know whose cryptography it uses also where it is not used.
pub(crate) fn client() -> reqwest::ClientBuilder {
    // A second call finds the first one's.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // The server ends every request earlier than that: a test that waits longer says for what, and does not stand still.
    reqwest::Client::builder().timeout(Duration::from_secs(120))
}

/// Looks again until there is something, at most 30 seconds: what waits for a mail's first retry waits 15.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    for _ in 0..600 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} did not happen within 30 seconds")
}
