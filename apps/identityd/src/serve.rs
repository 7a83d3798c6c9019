//! Serving, from the first listening to the last answer.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use identity_core::{flow::Flows, model::terms::TermsVersion, port::Clock, value::PublicUrl};
use identity_http::{App, router};
use identity_storage::Storage;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::timeout};

use crate::{
    config::Config,
    connections::{self, Connections},
    trouble::{Trouble, While as _},
    wire::Installation,
    worker::{self, Workers},
};

/// How long requests under way may take when nothing new is taken any more.
const LAST_ANSWERS: Duration = Duration::from_secs(30);

/// A server that runs.
pub struct Running {
    address: SocketAddr,
    public_url: PublicUrl,
    set_up_link: Option<SecretString>,
    app: App,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    last_answers: Duration,
    workers: Workers,
    storage: Storage,
}

/// Listens, opens, migrates, lays the foundation, and serves.
///
/// # Errors
/// [`Trouble`] says what is in the way; nothing is left running.
pub async fn start(config: Config, clock: Arc<dyn Clock>) -> Result<Running, Trouble> {
    let listener =
        TcpListener::bind(config.listen).await.during(format!("http.listen: {} cannot be listened on", config.listen))?;
    let address = listener.local_addr().during("http.listen")?;
    let public_url = public_url(&config, address)?;
    let (limits, proxies) = (config.connections, config.trusted_proxies.clone());
    let installation = Installation::open(config, public_url.clone(), clock).await?;
    installation.storage.migrate().await.during("database.url")?;
    let set_up_link = first_operator(&installation).await?;
    let (stop, stopped) = watch::channel(false);
    let app = installation.app();
    let router = router(app.clone());
    connections::make_room(limits);
    let server = tokio::spawn(Connections::new(limits, proxies, router).serve(listener, stopped.clone()));
    let workers = worker::start(&installation.ports, &installation.settings, &stopped);
    let last_answers = limits.drain.saturating_add(LAST_ANSWERS);
    Ok(Running { address, public_url, set_up_link, app, stop, server, last_answers, workers, storage: installation.storage })
}

/// The configured public address, or what is listened on.
pub(crate) fn public_url(config: &Config, address: SocketAddr) -> Result<PublicUrl, Trouble> {
    match &config.public_url {
        Some(url) => Ok(url.clone()),
        None => PublicUrl::parse(&format!("http://{address}"))
            .map_err(|_| Trouble::new(format!("http.public_url is needed, since http.listen {address} is not on the loopback"))),
    }
}

/// Lays the foundation, and makes the first operator's link while there is none.
pub(crate) async fn first_operator(installation: &Installation) -> Result<Option<SecretString>, Trouble> {
    let flows = Box::new(Flows::new(&installation.ports, &installation.settings));
    flows.prepare.run(TermsVersion::placeholder()).await.during("the installation cannot be prepared")?;
    let secret = flows.set_up.run().await.during("the first administrator's link cannot be made")?;
    Ok(secret.and_then(|secret| installation.settings.public_url.link(&secret)))
}

impl Running {
    /// What is listened on.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address that people reach it at.
    #[must_use]
    pub const fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// The first operator's link, while there is no operator.
    #[must_use]
    pub fn set_up_link(&self) -> Option<&str> {
        self.set_up_link.as_ref().map(SecretString::expose_secret)
    }

    /// Resolves when a part of it has ended by itself, which none should: it is then not to be stopped, but left.
    pub async fn ended(&mut self) {
        tokio::select! {
            _ = &mut self.server => {}
            () = worker::one_ended(&mut self.workers) => {}
        }
    }

    /// Takes nothing new, finishes what is under way, and closes everything.
    ///
    /// # Errors
    /// [`Trouble`] where something did not end as it should.
    pub async fn stop(self) -> Result<(), Trouble> {
        self.app.stop();
        // Nobody waits for it any more where this fails.
        let _ = self.stop.send(true);
        match timeout(self.last_answers, self.server).await {
            Ok(ended) => ended.during("the server ended badly")?,
            Err(_) => tracing::warn!("requests were still under way; they end with the process"),
        }
        worker::finish(self.workers).await;
        match timeout(LAST_ANSWERS, self.storage.close()).await {
            Ok(closed) => closed.during("the database did not close"),
            Err(_) => {
                tracing::warn!("the database was still busy; its connections end with the process");
                Ok(())
            }
        }
    }
}
