//! The cookies, all alike: `HttpOnly`, `SameSite=Lax`, `Path=/`, and with https `Secure` under a `__Host-` name.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};
use identity_core::value::{PublicUrl, TokenId, TokenKind, TokenSecret};
use secrecy::ExposeSecret as _;

/// Which cookie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Jar {
    /// The session of a signed-in person.
    Session,
    /// A browser's visit before anybody signs in.
    Visit,
    /// What a browser keeps of a login, for the next one.
    Device,
    /// The flow of a sign-up, for its code and for sending again.
    Flow,
    /// The link of this kind that a page was opened by.
    Link(TokenKind, TokenId),
}

/// How long a browser keeps the link that it opened.
const LINK_SECONDS: i64 = 30 * 60;

/// How long a browser is known: as long as its throttle.
const DEVICE_SECONDS: i64 = 180 * 24 * 3600;

impl Jar {
    fn name(self, url: &PublicUrl) -> String {
        let prefix = if url.is_secure() { "__Host-" } else { "" };
        match self {
            Self::Session => format!("{prefix}session"),
            Self::Visit => format!("{prefix}visit"),
            Self::Device => format!("{prefix}device"),
            Self::Flow => format!("{prefix}flow"),
            Self::Link(_, id) => format!("{prefix}link-{id}"),
        }
    }

    fn kind(self) -> TokenKind {
        match self {
            Self::Session => TokenKind::Session,
            Self::Visit => TokenKind::Visit,
            Self::Device => TokenKind::Device,
            Self::Flow => TokenKind::Flow,
            Self::Link(kind, _) => kind,
        }
    }

    /// The secret that the browser sent, if it is of the right kind. Sent twice, it counts as not sent.
    pub(crate) fn read(self, headers: &HeaderMap, url: &PublicUrl) -> Option<TokenSecret> {
        let name = self.name(url);
        let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut found = values.flat_map(Cookie::split_parse).filter_map(Result::ok).filter(|cookie| cookie.name() == name);
        let only = found.next()?;
        if found.next().is_some() {
            return None;
        }
        TokenSecret::parse(self.kind(), only.value())
    }

    /// Keeps a secret: for `seconds`, or until the browser is closed.
    pub(crate) fn keep(self, secret: &TokenSecret, seconds: Option<i64>, url: &PublicUrl) -> HeaderValue {
        self.header(secret.to_text().expose_secret().to_owned(), seconds, url)
    }

    /// Keeps the secret of an opened link.
    pub(crate) fn keep_link(secret: &TokenSecret, url: &PublicUrl) -> HeaderValue {
        Self::Link(secret.kind(), secret.id()).keep(secret, Some(LINK_SECONDS), url)
    }

    /// Keeps what a login is known by the next time.
    pub(crate) fn keep_device(secret: &TokenSecret, url: &PublicUrl) -> HeaderValue {
        Self::Device.keep(secret, Some(DEVICE_SECONDS), url)
    }

    /// Takes the cookie away.
    pub(crate) fn forget(self, url: &PublicUrl) -> HeaderValue {
        self.header(String::new(), Some(0), url)
    }

    fn header(self, value: String, seconds: Option<i64>, url: &PublicUrl) -> HeaderValue {
        let mut cookie =
            Cookie::build((self.name(url), value)).path("/").http_only(true).secure(url.is_secure()).same_site(SameSite::Lax);
        if let Some(seconds) = seconds {
            cookie = cookie.max_age(Duration::seconds(seconds));
        }
        // Names and values are base64url, digits and dashes: always a header value.
        HeaderValue::from_str(&cookie.build().to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn secret() -> TokenSecret {
        TokenSecret::from_entropy(TokenKind::Session, Zeroizing::new([5; 32]))
    }

    #[test]
    fn https_cookies_are_bound_to_the_host() {
        let url = PublicUrl::parse("https://id.example.org").unwrap();
        let header = Jar::Session.keep(&secret(), None, &url);
        let text = header.to_str().unwrap();
        assert!(text.starts_with("__Host-session=idses_"), "{text}");
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
            assert!(text.contains(attribute), "{text}");
        }
        assert!(!text.contains("Domain") && !text.contains("Max-Age"));
        assert!(
            !Jar::Session
                .keep(&secret(), None, &PublicUrl::parse("http://localhost").unwrap())
                .to_str()
                .unwrap()
                .contains("Secure")
        );
    }

    #[test]
    fn a_cookie_sent_twice_counts_as_not_sent() {
        let url = PublicUrl::parse("http://localhost").unwrap();
        let text = secret().to_text().expose_secret().to_owned();
        let read = |value: String| {
            let headers = HeaderMap::from_iter([(header::COOKIE, value.parse().unwrap())]);
            Jar::Session.read(&headers, &url).is_some()
        };
        assert!(read(format!("a=b; session={text}")));
        assert!(!read(format!("session={text}; session={text}")));
        assert!(!read("session=nonsense".to_owned()));
    }
}
