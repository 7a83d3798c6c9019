//! The domain whose hosts share the session's cookie.

use std::net::Ipv4Addr;

use identity_core::value::PublicUrl;

/// A domain whose hosts all get the session's cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieDomain(String);

impl CookieDomain {
    /// The domain that the public address is in, or is. One under which anybody can have a name, such as `co.uk`, browsers refuse.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str, url: &PublicUrl) -> Result<Self, &'static str> {
        let domain = text.to_ascii_lowercase();
        let is_address = url.host().starts_with('[') || url.host().parse::<Ipv4Addr>().is_ok();
        if is_address {
            return Err("http.public_url has an address for a host: cookies are shared by the hosts of a domain");
        }
        if domain != url.host() && !url.host().ends_with(&format!(".{domain}")) {
            return Err("name the domain that the host of http.public_url is in, such as example.org for id.example.org");
        }
        if domain.starts_with('.') || (domain != url.host() && !domain.contains('.')) {
            return Err("a domain with a dot in it, and none before it");
        }
        Ok(Self(domain))
    }

    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> PublicUrl {
        PublicUrl::parse(text).unwrap()
    }

    #[test]
    fn a_domain_is_the_host_or_what_the_host_is_in() {
        for (address, domain) in [
            ("https://id.example.org", "example.org"),
            ("https://id.example.org", "Example.ORG"),
            ("https://id.example.org", "id.example.org"),
            ("https://a.b.example.org:8443", "b.example.org"),
            ("http://localhost:1", "localhost"),
        ] {
            assert!(CookieDomain::parse(domain, &url(address)).is_ok(), "{domain} of {address}");
        }
        for (address, domain) in [
            ("https://id.example.org", ""),
            ("https://id.example.org", "org"),
            ("https://id.example.org", ".example.org"),
            ("https://id.example.org", "xample.org"),
            ("https://id.example.org", "app.example.org"),
            ("https://id.example.org", "example.org; Secure"),
            ("https://id.example.org", "evil.example"),
            ("http://id.localhost", "localhost"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://127.0.0.1:8080", "0.0.1"),
            ("http://[::1]:80", "[::1]"),
        ] {
            assert!(CookieDomain::parse(domain, &url(address)).is_err(), "{domain} of {address}");
        }
    }
}
