//! `[http]`: what is listened on, what connections may cost, and where people go from here.

use std::{
    net::{SocketAddr, ToSocketAddrs as _},
    time::Duration,
};

use anyhow::{Error, anyhow};
use identity::ConnectionLimits;
use identity_core::value::PublicUrl;
use identity_http::{ReturnToOrigins, StartUrl, TrustedProxies};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::{List, Number, Text, TextValue, Wait};

/// The address, connections, and where people go from here.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Http {
    /// The address and port to listen on.
    listen: Text<Listen>,
    /// The address that people reach it at, and the base of every link: `https`, or `http` on the loopback.
    #[schemars(extend("x-default" = "http:// and http.listen"))]
    public_url: Option<Text<PublicUrl>>,
    /// Addresses and networks of proxies, whose `X-Forwarded-For` is believed.
    trusted_proxies: List<Text<String>>,
    /// How many connections there may be. See [connections](operating.md#connections).
    max_connections: Number<1, 1_000_000>,
    /// How many connections one network may have: an IPv4 address or an IPv6 /64. Trusted proxies may have all.
    #[schemars(extend("x-default" = "half of http.max_connections"))]
    max_connections_per_network: Option<Number<1, 1_000_000>>,
    /// How long the head of a request may take, and how long a connection may be idle. Use more than the keep-alive time of your proxy, or
    /// the proxy finds closed connections.
    head_timeout: Text<Wait>,
    /// How long a client may read nothing of what it is sent.
    write_timeout: Text<Wait>,
    /// How long a process that was told to stop still takes requests, while `/readyz` says no. Use more than your balancer needs to notice.
    #[schemars(extend("x-default" = "no time"))]
    drain: Option<Text<Wait>>,
    /// The page of your application to which people go after a login that began on our own pages, such as `https://app.example.org/`.
    #[schemars(extend("x-default" = "the page of the account"))]
    start_url: Option<Text<StartUrl>>,
    /// The origins (`https://host[:port]`, compared exactly) that a login may lead to, beside our own pages.
    return_to_origins: List<Text<String>>,
}

impl Default for Http {
    fn default() -> Self {
        let standard = ConnectionLimits::default();
        Self {
            listen: Text(Listen(SocketAddr::from(([127, 0, 0, 1], 8080)))),
            public_url: None,
            trusted_proxies: List::default(),
            max_connections: Number::new(standard.most),
            max_connections_per_network: None,
            head_timeout: Text(Wait(standard.head)),
            write_timeout: Text(Wait(standard.write)),
            drain: None,
            start_url: None,
            return_to_origins: List::default(),
        }
    }
}

impl Http {
    pub(super) fn listen(&self) -> SocketAddr {
        self.listen.0.0
    }

    pub(super) fn public_url(&self) -> Option<PublicUrl> {
        self.public_url.as_ref().map(|Text(url)| url.clone())
    }

    pub(super) fn start_url(&self) -> Option<StartUrl> {
        self.start_url.as_ref().map(|Text(url)| url.clone())
    }

    pub(super) fn trusted_proxies(&self) -> Result<TrustedProxies, Error> {
        TrustedProxies::parse(self.trusted_proxies.texts())
            .map_err(|text| anyhow!("http.trusted_proxies: {text:?} is neither an address nor a network such as 10.0.0.0/8"))
    }

    pub(super) fn return_to_origins(&self) -> Result<ReturnToOrigins, Error> {
        ReturnToOrigins::parse(self.return_to_origins.texts()).map_err(|text| {
            anyhow!("http.return_to_origins: {text:?} is not https://host or https://host:port (http on loopback addresses only)")
        })
    }

    pub(super) fn connections(&self) -> Result<ConnectionLimits, Error> {
        let most = self.max_connections.as_usize();
        // Half, so that one network does not keep everybody else out; a browser has several connections.
        let share = self.max_connections_per_network.map_or(most.div_ceil(2).max(16).min(most), Number::as_usize);
        if share > most {
            return Err(anyhow!("http.max_connections_per_network: use a number from 1 to {most}, http.max_connections"));
        }
        Ok(ConnectionLimits {
            most,
            share,
            head: self.head_timeout.0.0,
            write: self.write_timeout.0.0,
            drain: self.drain.as_ref().map_or(Duration::ZERO, |Text(Wait(drain))| *drain),
        })
    }
}

/// An address and a port; a name such as `localhost` is looked up.
#[derive(Clone, Copy, Debug)]
struct Listen(SocketAddr);

impl TextValue for Listen {
    const FORM: &'static str = "an address and a port, such as 127.0.0.1:8080, [::1]:8080 or localhost:8080";

    fn read(text: &str) -> Result<Self, String> {
        let refused = || match text.trim_start_matches(':').parse::<u16>() {
            Ok(port) => {
                format!("use {}; for port {port} of every interface write 0.0.0.0:{port}", Self::FORM)
            }
            Err(_) => format!("use {}", Self::FORM),
        };
        let mut found = text.to_socket_addrs().map_err(|_| refused())?;
        found.next().map(Self).ok_or_else(refused)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

impl TextValue for StartUrl {
    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(str::to_owned)
    }
}
