//! Serving, from the first listening to the last answer.

use anyhow::{Context as _, Error, anyhow};
use axum::Router;
use identity::Identity;
use identity_core::value::PublicUrl;
use std::net::SocketAddr;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    config::Config,
    wire::{builder, named},
};

/// A server that runs.
pub(crate) struct Running {
    public_url: PublicUrl,
    identity: Identity,
    server: JoinHandle<()>,
}

/// Listens, starts, and serves.
pub(crate) async fn start(config: Config) -> Result<Running, Error> {
    let listener =
        TcpListener::bind(config.listen).await.context(format!("http.listen: {} cannot be listened on", config.listen))?;
    let public_url = public_url(&config, listener.local_addr().context("http.listen")?)?;
    let identity = builder(&config, &public_url)?.start().await.map_err(named)?;
    let serving = identity.clone();
    let server = tokio::spawn(async move { serving.serve(listener, Router::new()).await });
    Ok(Running { public_url, identity, server })
}

/// The configured public address, or what is listened on.
pub(crate) fn public_url(config: &Config, address: SocketAddr) -> Result<PublicUrl, Error> {
    match &config.public_url {
        Some(url) => Ok(url.clone()),
        None => PublicUrl::parse(&format!("http://{address}"))
            .map_err(|_| anyhow!("http.public_url is needed, since http.listen {address} is not on the loopback")),
    }
}

impl Running {
    /// The address that people reach it at.
    pub(crate) const fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// The first operator's link, while there is no operator.
    pub(crate) fn first_operator_link(&self) -> Option<&str> {
        self.identity.first_operator()
    }

    /// Resolves when a part of it has ended by itself, which none should: it is then not to be stopped, but left.
    pub(crate) async fn ended(&mut self) {
        tokio::select! {
            _ = &mut self.server => {}
            () = self.identity.ended() => {}
        }
    }

    /// Takes nothing new, finishes what is under way, and closes everything.
    pub(crate) async fn stop(self) -> Result<(), Error> {
        self.identity.stop();
        self.server.await.context("the server ended badly")?;
        self.identity.close().await;
        Ok(())
    }
}
