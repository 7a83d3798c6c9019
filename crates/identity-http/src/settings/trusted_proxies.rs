//! The proxies in front of us, and which address they forward.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The proxies whose `X-Forwarded-For` counts: addresses or networks.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Reads addresses (`192.0.2.7`, `[::1]`) and networks (`10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `fd00::/8`).
    ///
    /// # Errors
    /// The text that is neither.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        texts.into_iter().map(|text| network(text).ok_or_else(|| text.to_owned())).collect::<Result<_, _>>().map(Self)
    }

    /// Whether this is the address of such a proxy.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client's address: the peer, or, where the peer is trusted, the right-most forwarded address that is not. A header
    /// that cannot be read counts as said by nobody.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return peer;
        }
        let forwarded =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
        let mut client = peer;
        for hop in forwarded.rsplit(',').map(str::trim).filter(|hop| !hop.is_empty()) {
            let Some(address) = address(hop) else { break };
            client = address.to_canonical();
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

/// A network as configurations of other programs write it too.
fn network(text: &str) -> Option<IpNet> {
    let (address, mask) = text.split_once('/').map_or((text, None), |(address, mask)| (address, Some(mask.trim())));
    let address = address.trim();
    let address = address.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(address).parse::<IpAddr>().ok()?;
    match mask {
        None => Some(address.into()),
        Some(mask) => match mask.parse::<u8>() {
            Ok(length) => IpNet::new(address, length).ok(),
            Err(_) => IpNet::with_netmask(address, mask.parse().ok()?).ok(),
        },
    }
}

/// An address as proxies forward it: by itself, with a port (Azure, HAProxy), in brackets, in quotes, or with the name of an interface.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim_matches('"');
    let inner = match hop.strip_prefix('[').and_then(|hop| hop.split_once(']')) {
        Some((inner, "")) => inner,
        Some((inner, port)) if port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()) => inner,
        Some(_) => return None,
        // One colon is before a port; an address of IPv6 has two at least.
        None => match hop.split_once(':') {
            Some((inner, port)) if port.parse::<u16>().is_ok() => inner,
            _ => hop,
        },
    };
    inner.split('%').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let proxies = TrustedProxies::parse(["10.0.0.0/8", "::1"]).unwrap();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client("203.0.113.9", &["1.2.3.4"]), "203.0.113.9");
        assert_eq!(client("10.1.1.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("10.1.1.1", &["6.6.6.6, 1.2.3.4, 10.2.2.2"]), "1.2.3.4");
        assert_eq!(client("10.1.1.1", &["6.6.6.6", "1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("::ffff:10.1.1.1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for (forwarded, read) in [
            ("1.2.3.4:51234", "1.2.3.4"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("\"[2001:db8::1]:443\"", "2001:db8::1"),
            ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("1.2.3.4, , ", "1.2.3.4"),
            ("1.2.3.4,10.2.2.2:80", "1.2.3.4"),
            ("1.2.3.4:http", "10.1.1.1"),
            ("[2001:db8::1]x", "10.1.1.1"),
        ] {
            assert_eq!(client("10.1.1.1", &[forwarded]), read, "{forwarded}");
        }
    }

    #[test]
    fn networks_are_read_as_other_programs_write_them() {
        for written in
            ["10.0.0.0/8", "10.9.8.7/8", "10.0.0.0/255.0.0.0", "10.0.0.0 / 8", "::1", "[::1]", "0:0:0:0:0:0:0:1", "[fd00::]/8"]
        {
            let trusted = TrustedProxies::parse([written]).unwrap();
            let inside = ["10.1.1.1", "::1", "fd00::7"].iter().filter(|address| trusted.trusts(address.parse().unwrap())).count();
            assert_eq!(inside, 1, "{written}");
        }
        for written in ["10.0.0.0/33", "10.0.0.0/255.0.255.0", "10.*", "localhost", "10.0.0.1:443", ""] {
            assert!(TrustedProxies::parse([written]).is_err(), "{written}");
        }
    }

    #[test]
    fn nonsense_is_said_by_nobody() {
        assert_eq!(client("10.1.1.1", &["1.2.3.4, unknown"]), "10.1.1.1");
        assert_eq!(client("10.1.1.1", &[""]), "10.1.1.1");
        assert!(TrustedProxies::parse(["10.0.0.0/99"]).is_err());
    }
}
