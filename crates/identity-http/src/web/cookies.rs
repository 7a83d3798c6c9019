//! The cookies, all alike: `HttpOnly`, `SameSite=Lax`, `Path=/`, and with https `Secure` under a `__Host-` name. Only the session's can
//! be shared with the other hosts of a domain, under a `__Secure-` name.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};
use identity_core::{
    model::session::Session,
    value::{PublicUrl, Timestamp, TokenId, TokenKind, TokenSecret},
};
use secrecy::ExposeSecret as _;

use crate::{app::App, settings::CookieDomain};

/// Which cookie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CookieKind {
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

/// How many links a browser keeps at a time: beside them there is room for every other cookie of ours, and for those of other
/// applications, in the 8 KiB that nginx takes of a line.
const LINKS: usize = 12;

/// How many links one answer takes away at most: its own head is bounded as well.
const MOST_FORGOTTEN: usize = 16;

/// How long a browser is known: as long as its throttle.
const DEVICE_SECONDS: i64 = 180 * 24 * 3600;

impl CookieKind {
    fn name(self, url: &PublicUrl) -> String {
        let prefix = if url.is_secure() { "__Host-" } else { "" };
        match self {
            Self::Visit => format!("{prefix}visit"),
            Self::Device => format!("{prefix}device"),
            Self::Flow => format!("{prefix}flow"),
            Self::Link(_, id) => format!("{prefix}link-{id}"),
        }
    }

    fn kind(self) -> TokenKind {
        match self {
            Self::Visit => TokenKind::Visit,
            Self::Device => TokenKind::Device,
            Self::Flow => TokenKind::Flow,
            Self::Link(kind, _) => kind,
        }
    }

    /// The secret that the browser sent, if it is of the right kind. Sent twice, it counts as not sent.
    pub(crate) fn read(self, headers: &HeaderMap, url: &PublicUrl) -> Option<TokenSecret> {
        only(headers, &self.name(url)).and_then(|value| TokenSecret::parse(self.kind(), &value))
    }

    /// Keeps a secret: for `seconds`, or until the browser is closed.
    pub(crate) fn keep(self, secret: &TokenSecret, seconds: Option<i64>, url: &PublicUrl) -> HeaderValue {
        self.header(secret.to_text().expose_secret().to_owned(), seconds, url)
    }

    /// Keeps the secret of an opened link, and takes the oldest away where the browser has too many. Browsers send cookies in the order
    /// in which they were first set (RFC 6265 §5.4).
    pub(crate) fn keep_link(secret: &TokenSecret, headers: &HeaderMap, url: &PublicUrl) -> Vec<HeaderValue> {
        let kept = Self::Link(secret.kind(), secret.id()).keep(secret, Some(LINK_SECONDS), url);
        let older = links(headers, url).into_iter().filter(|id| *id != secret.id()).collect::<Vec<_>>();
        let too_many = older.len().saturating_sub(LINKS - 1).min(MOST_FORGOTTEN);
        // The name says nothing of the kind.
        let forget = |id| Self::Link(secret.kind(), id).forget(url);
        older.into_iter().take(too_many).map(forget).chain([kept]).collect()
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
        header_of(self.name(url), value, seconds, url, None)
    }
}

/// The links that the browser keeps, the oldest first.
fn links(headers: &HeaderMap, url: &PublicUrl) -> Vec<TokenId> {
    let prefix = if url.is_secure() { "__Host-link-" } else { "link-" };
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.filter_map(|cookie| cookie.name().strip_prefix(prefix)?.parse().ok()).collect()
}

/// The values of a cookie that the browser sent.
fn sent(headers: &HeaderMap, name: &str) -> Vec<String> {
    // Other applications of the domain set cookies with letters outside ASCII, and browsers send them as they are.
    let values = headers.get_all(header::COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let of_name = |value: &str| {
        let cookies = Cookie::split_parse(value.to_owned()).filter_map(Result::ok).filter(|cookie| cookie.name() == name);
        cookies.map(|cookie| cookie.value().to_owned()).collect::<Vec<_>>()
    };
    values.flat_map(|value| of_name(&value)).collect()
}

/// The value of a cookie. Sent twice, it counts as not sent.
pub(super) fn only(headers: &HeaderMap, name: &str) -> Option<String> {
    <[String; 1]>::try_from(sent(headers, name)).ok().map(|[value]| value)
}

pub(super) fn header_of(name: String, value: String, seconds: Option<i64>, url: &PublicUrl, domain: Option<&str>) -> HeaderValue {
    let mut cookie = Cookie::build((name, value)).path("/").http_only(true).secure(url.is_secure()).same_site(SameSite::Lax);
    if let Some(seconds) = seconds {
        cookie = cookie.max_age(Duration::seconds(seconds));
    }
    if let Some(domain) = domain {
        cookie = cookie.domain(domain.to_owned());
    }
    // Names and values are base64url, digits and dashes, domains are names of hosts: always a header value.
    HeaderValue::from_str(&cookie.build().to_string()).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The cookie of the session of a signed-in person. It has another name where it is shared, so that a cookie from before that was
/// configured, or since it is not any more, is never taken for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionCookie<'a> {
    url: &'a PublicUrl,
    domain: Option<&'a CookieDomain>,
}

impl App {
    /// The `Set-Cookie` headers that start a session in a browser, for hosts with a login page of their own. `sent` are the headers of the
    /// request.
    #[must_use]
    pub fn session_cookies(&self, secret: &TokenSecret, session: &Session, sent: &HeaderMap) -> Vec<HeaderValue> {
        self.session_cookie().renew(secret, session, self.now(), sent)
    }

    pub(crate) fn session_cookie(&self) -> SessionCookie<'_> {
        SessionCookie::new(&self.settings().public_url, self.http().cookie_domain.as_ref())
    }
}

impl<'a> SessionCookie<'a> {
    pub(crate) const fn new(url: &'a PublicUrl, domain: Option<&'a CookieDomain>) -> Self {
        Self { url, domain }
    }

    fn name(self, shared: bool) -> String {
        match (self.url.is_secure(), shared) {
            (true, false) => "__Host-session".to_owned(),
            (true, true) => "__Secure-shared-session".to_owned(),
            (false, false) => "session".to_owned(),
            (false, true) => "shared-session".to_owned(),
        }
    }

    /// The secret that the browser sent. Sent twice, it counts as not sent.
    pub(crate) fn read(self, headers: &HeaderMap) -> Option<TokenSecret> {
        let value = only(headers, &self.name(self.domain.is_some()))?;
        TokenSecret::parse(TokenKind::Session, &value)
    }

    /// Keeps a secret, for `seconds` or until the browser is closed, and takes away what the browser has of another configuration.
    pub(crate) fn keep(self, secret: &TokenSecret, seconds: Option<i64>, headers: &HeaderMap) -> Vec<HeaderValue> {
        let mut all = self.forget_others(headers);
        all.push(self.header(secret.to_text().expose_secret().to_owned(), seconds));
        all
    }

    /// Keeps the other secret of a session that goes on: as long as the session lasts, where it outlives the browser.
    pub(crate) fn renew(self, secret: &TokenSecret, session: &Session, now: Timestamp, headers: &HeaderMap) -> Vec<HeaderValue> {
        let seconds = session.remembered.then(|| session.expires_at.duration_since(now).as_secs());
        self.keep(secret, seconds, headers)
    }

    /// Takes the cookie away, and what the browser has of another configuration.
    pub(crate) fn forget(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let mut all = self.forget_others(headers);
        all.push(self.header(String::new(), Some(0)));
        all
    }

    fn header(self, value: String, seconds: Option<i64>) -> HeaderValue {
        let domain = self.domain.map(CookieDomain::as_str);
        header_of(self.name(domain.is_some()), value, seconds, self.url, domain)
    }

    /// What the browser has under the other name, and under the name of shared ones for another domain: which one, it does not say.
    fn forget_others(self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let forget = |shared, domain| header_of(self.name(shared), String::new(), Some(0), self.url, domain);
        let mut all = Vec::new();
        if self.domain.is_some() && !sent(headers, &self.name(false)).is_empty() {
            all.push(forget(false, None));
        }
        if !sent(headers, &self.name(true)).is_empty() {
            let own = self.domain.map(CookieDomain::as_str);
            let mut domain = Some(self.url.host());
            while let Some(one) = domain.filter(|one| one.contains('.')) {
                if Some(one) != own {
                    all.push(forget(true, Some(one)));
                }
                domain = one.split_once('.').map(|(_, parent)| parent);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn secret() -> TokenSecret {
        TokenSecret::from_entropy(TokenKind::Session, Zeroizing::new([5; 32]))
    }

    fn url(text: &str) -> PublicUrl {
        PublicUrl::parse(text).unwrap()
    }

    fn text(headers: &[HeaderValue]) -> Vec<&str> {
        headers.iter().map(|header| header.to_str().unwrap()).collect()
    }

    fn cookies(text: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, text.parse().unwrap())])
    }

    #[test]
    fn cookies_of_others_do_not_hide_ours() {
        let seed = TokenSecret::from_entropy(TokenKind::Visit, Zeroizing::new([5; 32]));
        let url = url("http://localhost");
        let own = format!("visit={}", seed.to_text().expose_secret());
        for others in ["user=Jörg; ", "a=\"b; c\"; ", "=; ;; x; ", "a=\u{fffd}; "] {
            let value = HeaderValue::from_bytes(format!("{others}{own}").as_bytes()).unwrap();
            let headers = HeaderMap::from_iter([(header::COOKIE, value)]);
            assert!(CookieKind::Visit.read(&headers, &url).is_some(), "{others}");
        }
        let latin = [b"user=J\xf6rg; ".as_slice(), own.as_bytes()].concat();
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(&latin).unwrap())]);
        assert!(CookieKind::Visit.read(&headers, &url).is_some());
    }

    #[test]
    fn https_cookies_are_bound_to_the_host() {
        let url = url("https://id.example.org");
        let headers = SessionCookie::new(&url, None).keep(&secret(), None, &HeaderMap::new());
        let [text] = text(&headers).try_into().unwrap();
        assert!(text.starts_with("__Host-session=idses_"), "{text}");
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
            assert!(text.contains(attribute), "{text}");
        }
        assert!(!text.contains("Domain") && !text.contains("Max-Age"));
        let local = PublicUrl::parse("http://localhost").unwrap();
        let headers = SessionCookie::new(&local, None).keep(&secret(), None, &HeaderMap::new());
        assert!(headers.iter().all(|header| !header.to_str().unwrap().contains("Secure")));
    }

    #[test]
    fn a_shared_session_says_its_domain_and_has_a_name_of_its_own() {
        for (address, domain, name) in [
            ("https://id.example.org", "example.org", "__Secure-shared-session=idses_"),
            ("http://id.sso.localhost:8080", "sso.localhost", "shared-session=idses_"),
        ] {
            let url = url(address);
            let domain = CookieDomain::parse(domain, &url).unwrap();
            let headers = SessionCookie::new(&url, Some(&domain)).keep(&secret(), None, &HeaderMap::new());
            let [text] = text(&headers).try_into().unwrap();
            assert!(text.starts_with(name) && text.contains(&format!("; Domain={}", domain.as_str())), "{text}");
            assert!(text.contains("; HttpOnly") && text.contains("; Path=/"), "{text}");
            assert_eq!(text.contains("; Secure"), url.is_secure());
        }
    }

    #[test]
    fn a_session_of_another_configuration_is_not_read_and_goes() {
        let url = url("https://id.sso.example.org");
        let domain = CookieDomain::parse("sso.example.org", &url).unwrap();
        let (own, shared) = (SessionCookie::new(&url, None), SessionCookie::new(&url, Some(&domain)));
        let value = secret().to_text().expose_secret().to_owned();
        let (host, wide) = (format!("__Host-session={value}"), format!("__Secure-shared-session={value}"));
        assert!(own.read(&cookies(&host)).is_some() && shared.read(&cookies(&wide)).is_some());
        assert!(own.read(&cookies(&wide)).is_none() && shared.read(&cookies(&host)).is_none());
        let both = cookies(&format!("{host}; {wide}"));
        assert!(own.read(&both).is_some() && shared.read(&both).is_some());
        let gone = shared.keep(&secret(), None, &both);
        let gone = text(&gone);
        assert_eq!(gone.len(), 4, "{gone:?}");
        assert!(gone[0].starts_with("__Host-session=;") && !gone[0].contains("Domain"), "{gone:?}");
        assert!(gone[1].contains("Domain=id.sso.example.org") && gone[2].contains("Domain=example.org"), "{gone:?}");
        assert!(gone[..3].iter().all(|cookie| cookie.contains("Max-Age=0")) && gone[3].contains("idses_"), "{gone:?}");
        let gone = own.forget(&both);
        let wides = text(&gone).into_iter().filter(|cookie| cookie.starts_with("__Secure-shared-session=;")).count();
        assert_eq!((wides, gone.len()), (3, 4), "{gone:?}");
        assert_eq!(own.forget(&cookies(&host)).len(), 1, "nothing is said of what the browser does not have");
    }

    #[test]
    fn a_cookie_sent_twice_counts_as_not_sent() {
        let url = PublicUrl::parse("http://localhost").unwrap();
        let text = secret().to_text().expose_secret().to_owned();
        let read = |value: &str| SessionCookie::new(&url, None).read(&cookies(value)).is_some();
        assert!(read(&format!("a=b; session={text}")));
        assert!(!read(&format!("session={text}; session={text}")));
        assert!(!read("session=nonsense"));
    }

    #[test]
    fn the_oldest_links_go_where_there_are_too_many() {
        let url = url("https://id.example.org");
        let link = |number: u8| TokenSecret::from_entropy(TokenKind::Recovery, Zeroizing::new([number; 32]));
        let mut jar = Vec::<TokenId>::new();
        let headers = |jar: &[TokenId]| {
            let pairs = jar.iter().map(|id| format!("__Host-link-{id}=x")).collect::<Vec<_>>();
            cookies(&format!("other=1; {}; __Host-link-nonsense=x", pairs.join("; ")))
        };
        for number in 0..90 {
            let answered = CookieKind::keep_link(&link(number), &headers(&jar), &url);
            for cookie in text(&answered) {
                let id = cookie.strip_prefix("__Host-link-").unwrap().split('=').next().unwrap().parse().unwrap();
                if cookie.contains("Max-Age=0") { jar.retain(|kept| *kept != id) } else { jar.push(id) }
            }
            assert!(jar.len() <= LINKS, "{}", jar.len());
        }
        let newest = (78..90).map(|number| link(number).id()).collect::<Vec<_>>();
        assert_eq!(jar, newest);
        // One that is opened again takes nobody's place; what a browser has too many of from before goes by and by.
        assert_eq!(CookieKind::keep_link(&link(89), &headers(&jar), &url).len(), 1);
        let many = (100..190).map(|number| link(number).id()).collect::<Vec<_>>();
        assert_eq!(CookieKind::keep_link(&link(1), &headers(&many), &url).len(), MOST_FORGOTTEN + 1);
    }
}
