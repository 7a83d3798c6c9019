//! Identity while it runs.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderMap, Method},
};
use identity_core::{
    change::Unavailable,
    flow::Flows,
    model::{Settings, session::CurrentUser},
    port::Ports,
};
use identity_http::{App, router};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{
    net::TcpListener,
    sync::{Mutex, watch},
    time::timeout,
};

use crate::{
    builder::Builder,
    connections::{self, Connections},
    erased::Erased,
    error::StartError,
    installation::Installation,
    worker::Worker,
};

/// How long requests and a database under way may take when nothing new is taken any more.
const LAST_ANSWERS: Duration = Duration::from_secs(30);

/// Identity inside a service: its flows, its pages and API, and its background work. Cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    installation: Installation,
    flows: Flows,
    first_operator: Option<SecretString>,
    stop: watch::Sender<bool>,
    worker: Mutex<Option<Worker>>,
}

impl Identity {
    /// Begins to say what is wanted: the product's name, and the address that people reach it at, such as `https://id.example.org`.
    pub fn builder(product_name: &str, public_url: &str) -> Builder {
        Builder::new(product_name, public_url)
    }

    pub(crate) async fn start(installation: Installation) -> Result<Self, StartError> {
        installation.migrate().await?;
        let first_operator = installation.first_operator().await?;
        let (stop, _) = watch::channel(false);
        let worker = Worker::start(&installation.ports, &installation.settings);
        let flows = Flows::new(&installation.ports, &installation.settings);
        Ok(Self(Arc::new(Inner { installation, flows, first_operator, stop, worker: Mutex::new(Some(worker)) })))
    }

    /// The link of the first operator, where there was none at the start. Show it to the person who sets the service up, and keep it out
    /// of logs.
    #[must_use]
    pub fn first_operator(&self) -> Option<&str> {
        self.0.first_operator.as_ref().map(SecretString::expose_secret)
    }

    /// Everything that can be done: `invite`, `accept`, `log_in`, …
    #[must_use]
    pub fn flows(&self) -> &Flows {
        &self.0.flows
    }

    /// The ports that the flows stand on.
    #[must_use]
    pub fn ports(&self) -> &Ports {
        &self.0.installation.ports
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.installation.settings
    }

    /// The state of the HTTP handlers.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.0.installation.app
    }

    /// The pages and the API, for a server of your own. Let it be the fallback of your routes, and serve with
    /// `into_make_service_with_connect_info::<SocketAddr>()`: sessions and rate limits count by the client's address.
    pub fn router(&self) -> Router {
        router(self.app().clone())
    }

    /// Who sends a request; see [`App::signed_in`]. In a handler, take [`LoggedIn`](crate::LoggedIn).
    ///
    /// # Errors
    /// [`Unavailable`]
    pub async fn signed_in(&self, method: &Method, headers: &HeaderMap) -> Result<Option<CurrentUser>, Unavailable> {
        self.app().signed_in(method, headers).await
    }

    /// Serves these routes, and the pages and the API behind them, until [`stop`](Self::stop). Connections are limited, and every wait
    /// for a client has an end.
    pub async fn serve(&self, listener: TcpListener, routes: Router) {
        let Installation { connections: limits, http, .. } = &self.0.installation;
        connections::make_room(*limits);
        let routes = routes.fallback_service(self.router());
        let serving = Connections::new(*limits, http.trusted_proxies.clone(), routes);
        let mut stopped = self.0.stop.subscribe();
        let mut ended: Erased<'_, _> = Box::pin(serving.serve(listener, stopped.clone()));
        tokio::select! {
            () = &mut ended => return,
            _ = stopped.wait_for(|stop| *stop) => {}
        }
        if timeout(limits.drain.saturating_add(LAST_ANSWERS), ended).await.is_err() {
            tracing::warn!("requests were still under way; they end with the process");
        }
    }

    /// Resolves when a part of the background work has ended by itself, which none should.
    pub async fn ended(&self) {
        let mut stopped = self.0.stop.subscribe();
        let ended = async {
            match self.0.worker.lock().await.as_mut() {
                Some(worker) => worker.ended().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = ended => {}
            // It is told to end: nothing has ended by itself, and `close` takes the lock.
            _ = stopped.wait_for(|stop| *stop) => std::future::pending().await,
        }
    }

    /// Tells [`serve`](Self::serve) to end. From now on `/readyz` says no. The background work goes on until [`close`](Self::close).
    pub fn stop(&self) {
        self.app().stop();
        self.0.stop.send_replace(true);
    }

    /// As [`stop`](Self::stop); waits for the background work, and closes the database. Let [`serve`](Self::serve) end first: requests
    /// that are still under way fail.
    pub async fn close(&self) {
        self.stop();
        let worker = self.0.worker.lock().await.take();
        if let Some(worker) = worker {
            worker.stop().await;
        }
        match timeout(LAST_ANSWERS, self.0.installation.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = error.line(), "the database did not close"),
            Err(_) => tracing::warn!("the database was still busy; its connections end with the process"),
        }
    }
}
