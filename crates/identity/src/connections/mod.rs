//! Taking connections: so many at a time, a share for each network, and an end to every wait for a peer.

mod body;
mod head;
mod phase;
mod places;
mod stream;

use std::{convert::Infallible, io, net::SocketAddr, pin::pin, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{
        HeaderValue, Response, StatusCode,
        header::{CONNECTION, TRANSFER_ENCODING},
    },
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use identity_http::TrustedProxies;
use rustix::{
    net::sockopt::set_socket_send_buffer_size,
    process::{Resource, Rlimit, getrlimit, setrlimit},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tower::Service as _;

use self::{
    body::WatchedBody,
    places::{Network, Place, Places},
    stream::Watched,
};

/// How long nothing is taken where the system has no more to give.
const BREATH: Duration = Duration::from_secs(1);

/// The most bytes of a request's head, and of what is read or written ahead on a connection. Most servers and proxies take 8 to 32 KiB.
const HEAD: usize = 32 * 1024;

/// How many bytes of answers the system keeps for one client. By itself it keeps megabytes for each that reads nothing.
const SEND_BUFFER: usize = 128 * 1024;

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// How many there may be. Where all are at work, others wait in the system's queue until one ends.
    pub most: usize,
    /// How many of them one network may have: an address of IPv4, a /64 of IPv6. Proxies that are trusted may have all.
    pub share: usize,
    /// How long the head of a request may take, and how long a connection may wait for its next one. Without an end to it, a
    /// client that sends a byte now and then would keep its connection for ever (CWE-400, "slowloris").
    pub head: Duration,
    /// How long a client may take nothing of what it is sent. It also has to take 1 KiB a second on average.
    pub write: Duration,
    /// How long connections are still taken after the process was told to stop, while it says that it is not ready.
    pub drain: Duration,
}

/// 1,024 connections, half of them for one network; 20 seconds for a head, 30 for a client that takes nothing.
impl Default for ConnectionLimits {
    fn default() -> Self {
        Self { most: 1024, share: 512, head: Duration::from_secs(20), write: Duration::from_secs(30), drain: Duration::ZERO }
    }
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

/// Takes connections and answers their requests.
pub(crate) struct Connections {
    limits: ConnectionLimits,
    proxies: TrustedProxies,
    router: Router,
    places: Places,
    http: http1::Builder,
    graceful: GracefulShutdown,
}

impl Connections {
    pub(crate) fn new(limits: ConnectionLimits, proxies: TrustedProxies, router: Router) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_header_size(HEAD).max_buf_size(HEAD);
        let places = Places::new(limits.most, limits.share);
        Self { limits, proxies, router, places, http, graceful: GracefulShutdown::new() }
    }

    /// Serves until told to stop, and as long again as senders of requests may need to notice; then takes nothing new, and resolves
    /// when what was under way has its answer.
    pub(crate) async fn serve(self, listener: TcpListener, stop: watch::Receiver<bool>) {
        // Connections have what their listener has. Where that cannot be set, the system keeps more.
        let _ = set_socket_send_buffer_size(&listener, SEND_BUFFER);
        let mut drained = pin!(drained(stop.clone(), self.limits.drain));
        loop {
            let next = async {
                let (stream, peer) = accept(&listener).await;
                (self.place(peer).await, stream, peer)
            };
            let (place, stream, peer) = tokio::select! {
                () = &mut drained => break,
                next = next => next,
            };
            if let Some(place) = place {
                tokio::spawn(self.served(stream, peer, place, &stop));
            }
        }
        // A connection that the system has taken already is not turned away.
        loop {
            tokio::select! {
                biased;
                (stream, peer) = accept(&listener) => match self.place(peer).await {
                    Some(place) => drop(tokio::spawn(self.served(stream, peer, place, &stop))),
                    None => drop(stream),
                },
                () = std::future::ready(()) => break,
            }
        }
        drop(listener);
        self.graceful.shutdown().await;
    }

    async fn place(&self, peer: SocketAddr) -> Option<Place> {
        self.places.take(Network::of(peer.ip()), self.proxies.trusts(peer.ip())).await
    }

    /// One connection, until its end or the end of the process. It has its place as long.
    fn served(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        place: Place,
        stop: &watch::Receiver<bool>,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (router, stop, phase) = (self.router.clone(), stop.clone(), place.phase.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let (router, stop, phase) = (router.clone(), stop.clone(), phase.clone());
            async move {
                phase.work();
                let is_last = request.headers().contains_key(TRANSFER_ENCODING);
                let mut response = match head::check(request.version(), request.headers()) {
                    Ok(()) => {
                        let mut request = request.map(|body| WatchedBody::new(body, phase.clone()));
                        request.extensions_mut().insert(ConnectInfo(peer));
                        router.clone().call(request).await?
                    }
                    Err(bad) => refused(bad),
                };
                phase.wait();
                // Nothing more is asked by a connection that ends; see `HeadLines` for those whose bodies say their end themselves.
                if is_last || *stop.borrow() {
                    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response)
            }
        });
        let stream = TokioIo::new(Watched::new(stream, self.limits.write));
        let connection = self.graceful.watch(self.http.serve_connection(stream, service));
        async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                },
                () = place.phase.left() => tracing::debug!("a connection that waited gave its place up"),
            }
        }
    }
}

/// The answer to a head that leaves open what it asks for; the connection ends with it.
fn refused(bad: head::BadHead) -> Response<Body> {
    let text = match bad {
        head::BadHead::Host => "Send one Host header with the name or address of this server (RFC 9112, section 3.2).\n",
        head::BadHead::Encoding => "Send Transfer-Encoding once, as chunked, or not at all (RFC 9112, section 6.1).\n",
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
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
