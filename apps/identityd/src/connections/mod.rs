//! Taking connections: so many at a time, and none that says nothing.

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, header::CONNECTION},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
};
use tower::Service as _;

/// How long nothing is taken where the system has no more to give.
const BREATH: Duration = Duration::from_secs(1);

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// How many there may be; others wait in the system's queue until one ends.
    pub most: usize,
    /// How long the head of a request may take, and how long a connection may wait for its next one. Without an end to it, a
    /// client that sends a byte now and then would keep its connection for ever (CWE-400, "slowloris").
    pub head: Duration,
    /// How long connections are still taken after the process was told to stop, while it says that it is not ready.
    pub drain: Duration,
}

/// Files that the process needs beside its connections: the database's, the mailbox's, the logs'.
const OTHER_FILES: u64 = 256;

/// Asks the system for as many open files as the connections may need; says so where it gives fewer.
pub(crate) fn make_room(limits: ConnectionLimits) {
    let needed = u64::try_from(limits.most).unwrap_or(u64::MAX).saturating_add(OTHER_FILES);
    let given = getrlimit(Resource::Nofile);
    if given.current.is_none_or(|current| current >= needed) {
        return;
    }
    let current = given.maximum.map_or(needed, |maximum| maximum.min(needed));
    let is_enough = setrlimit(Resource::Nofile, Rlimit { current: Some(current), ..given }).is_ok() && current == needed;
    if !is_enough {
        tracing::warn!(needed, given = current, "fewer open files are allowed than http.max_connections may need");
    }
}

/// Serves until told to stop, and as long again as whoever sends requests may need to notice; then takes nothing new, and resolves when
/// what was under way has its answer.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: ConnectionLimits, stop: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(limits.most.min(Semaphore::MAX_PERMITS)));
    let connections = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    let mut drained = pin!(drained(stop.clone(), limits.drain));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut drained => break,
            next = next => next,
        };
        tokio::spawn(served(accepted, &http, &connections, &router, &stop, place));
    }
    // Whoever is connected already, as far as the system knows, is not turned away.
    while let Ok(place) = Arc::clone(&places).try_acquire_owned() {
        tokio::select! {
            biased;
            accepted = accept(&listener) => drop(tokio::spawn(served(accepted, &http, &connections, &router, &stop, place))),
            () = std::future::ready(()) => break,
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// One connection, until its end or the end of the process. It has its place as long.
fn served<P: Send + 'static>(
    (stream, peer): (TcpStream, SocketAddr),
    http: &http1::Builder,
    connections: &GracefulShutdown,
    router: &Router,
    stop: &watch::Receiver<bool>,
    place: P,
) -> impl Future<Output = ()> + Send + 'static {
    let (router, stop) = (router.clone(), stop.clone());
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().call(request);
        let stop = stop.clone();
        async move {
            let mut response = answer.await?;
            // Whoever keeps connections for later asks nothing more by this one, and meets no closed one.
            if *stop.borrow() {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(response)
        }
    });
    let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
    async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    }
}

/// Resolves when the process was told to stop, and the time to notice it is over.
async fn drained(mut stop: watch::Receiver<bool>, time_to_notice: Duration) {
    // Without anybody to tell it, it is told.
    drop(stop.wait_for(|stop| *stop).await);
    pause(time_to_notice).await;
}

/// The next connection. What one client did wrong, or the system has too few of, ends nothing.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small: none waits for the next one. Where that cannot be had, it is only slower.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection could be taken");
                pause(BREATH).await;
            }
        }
    }
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[expect(clippy::disallowed_methods, reason = "neither the system nor a balancer says when it is as far")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
