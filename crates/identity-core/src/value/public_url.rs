//! The address that people reach the installation at: the one base of every link.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret as _, SecretString};

use crate::value::TokenSecret;

/// The text cannot be the public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// Not `scheme://host[:port]`.
    #[error("expected https://host or https://host:port, without a path, user or query")]
    Form,
    /// `http` with a host that is not the loopback.
    #[error("http is accepted on loopback addresses only: use https")]
    Insecure,
}

/// `https://host[:port]`, or `http://` on the loopback. Always from configuration, never from a request's headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    host: String,
    secure: bool,
}

impl PublicUrl {
    /// Parses the address.
    ///
    /// # Errors
    /// [`PublicUrlError`] says what to change.
    pub fn parse(text: &str) -> Result<Self, PublicUrlError> {
        let text = text.trim();
        let text = text.strip_suffix('/').unwrap_or(text);
        let (secure, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
            _ => return Err(PublicUrlError::Form),
        };
        let (host, port) = match rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((address, after)) => {
                let address = address.parse::<std::net::Ipv6Addr>().map_err(|_| PublicUrlError::Form)?;
                (format!("[{address}]"), after.strip_prefix(':').or(if after.is_empty() { None } else { Some("") }))
            }
            None => rest.split_once(':').map_or((rest.to_owned(), None), |(host, port)| (host.to_owned(), Some(port))),
        };
        let host = if host.starts_with('[') {
            host
        } else {
            idna::domain_to_ascii(host.strip_suffix('.').unwrap_or(&host)).map_err(|_| PublicUrlError::Form)?
        };
        let is_name = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
        if host.is_empty() || !(host.starts_with('[') || is_name(&host)) {
            return Err(PublicUrlError::Form);
        }
        let port = port.map(str::parse::<u16>).transpose().map_err(|_| PublicUrlError::Form)?;
        // Browsers leave the port of the scheme out where they say where a request comes from.
        let port = port.filter(|port| *port != if secure { 443 } else { 80 });
        let loopback = host == "localhost"
            || host.ends_with(".localhost")
            || host == "[::1]"
            || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback());
        if !secure && !loopback {
            return Err(PublicUrlError::Insecure);
        }
        let scheme = if secure { "https" } else { "http" };
        let origin = port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}"));
        Ok(Self { origin, host, secure })
    }

    /// `scheme://host[:port]`, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The host, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is `https`.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// The link that carries a secret, where its kind has a page.
    #[must_use]
    pub fn link(&self, secret: &TokenSecret) -> Option<SecretString> {
        let page = secret.kind().page()?;
        Some(SecretString::from(format!("{}/{page}/{}", self.origin, secret.to_text().expose_secret())))
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_for_the_loopback_alone() {
        for good in [
            "https://id.example.org",
            "https://id.example.org:8443",
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:81",
        ] {
            assert_eq!(PublicUrl::parse(good).unwrap().origin(), good);
        }
        assert_eq!(PublicUrl::parse("https://Id.Example.org/").unwrap().origin(), "https://id.example.org");
        for (written, origin) in [
            (" HTTPS://id.example.org:443/\n", "https://id.example.org"),
            ("http://localhost:80", "http://localhost"),
            ("https://id.example.org.", "https://id.example.org"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(PublicUrl::parse(written).unwrap().origin(), origin);
        }
        assert_eq!(PublicUrl::parse("http://id.example.org"), Err(PublicUrlError::Insecure));
        assert_eq!(PublicUrl::parse("http://127.0.0.1.evil.example"), Err(PublicUrlError::Insecure));
        for bad in [
            "",
            "id.example.org",
            "ftp://x",
            "https://",
            "https://a/b",
            "https://u@h",
            "https://h:x",
            "https://h?q",
            "https://[::1]x",
        ] {
            assert_eq!(PublicUrl::parse(bad), Err(PublicUrlError::Form), "{bad}");
        }
    }
}
