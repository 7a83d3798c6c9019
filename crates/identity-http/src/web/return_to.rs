//! Where a browser goes on after signing in: what a request says of it is believed in two forms alone.

use identity_core::{
    model::account::RequiredAction,
    value::{TokenId, TokenKind},
};
use url::Url;

use crate::{
    app::App,
    settings::{MAX_RETURN_TO, ReturnToOrigins},
};

/// The form's field, and the query's, that says where to go on.
pub(crate) const FIELD: &str = "return_to";

/// The pages of ours that are returned to, each with what is below it.
const OWN_PAGES: [&str; 5] = ["/account", "/admin", "/change-password", "/terms/accept", "/welcome"];

/// Where people go on who asked for nothing.
const START: &str = "/account";

/// Where a browser goes on after signing in: a page of ours, or an address at one of the configured origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReturnTo {
    /// A path of ours, with its query.
    Own(String),
    /// An address elsewhere, as it was understood here: no browser can understand it otherwise.
    Elsewhere(Url),
}

impl Default for ReturnTo {
    fn default() -> Self {
        Self::Own(START.to_owned())
    }
}

impl ReturnTo {
    /// The place that a text names, if it is one that may be returned to.
    pub(crate) fn parse(text: &str, origins: &ReturnToOrigins) -> Option<Self> {
        if text.len() > MAX_RETURN_TO || !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
            return None;
        }
        if is_own(text) { Some(Self::Own(text.to_owned())) } else { origins.allowed(text).map(Self::Elsewhere) }
    }

    /// What stands in a link to it.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Own(path) => path,
            Self::Elsewhere(url) => url.as_str(),
        }
    }

    /// The path of a page that leads on to it.
    pub(crate) fn by(&self, page: &str) -> String {
        let wanted = form_urlencoded::byte_serialize(self.as_str().as_bytes()).collect::<String>();
        format!("{page}?{FIELD}={wanted}")
    }
}

/// The kinds of mailed links.
const LINKS: [TokenKind; 6] = [
    TokenKind::Invitation,
    TokenKind::Activation,
    TokenKind::Recovery,
    TokenKind::Report,
    TokenKind::EmailConfirmation,
    TokenKind::EmailUndo,
];

/// The page of a mailed link that this browser has opened, by the link's id, which is no secret.
pub(crate) fn is_link_page(path: &str) -> bool {
    let parts = path.strip_prefix('/').and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(page, id)| LINKS.iter().any(|kind| kind.page() == Some(page)) && id.parse::<TokenId>().is_ok())
}

/// A path and a query of letters that nothing takes for another place.
fn is_own(text: &str) -> bool {
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_'));
    let is_page = |page: &str| path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%=&+".contains(&byte);
    let is_known = OWN_PAGES.into_iter().any(is_page) || is_link_page(text);
    is_plain && !path.contains("//") && is_known && query.bytes().all(is_harmless)
}

/// The page where that is done.
pub(crate) const fn page_of(action: RequiredAction) -> &'static str {
    match action {
        RequiredAction::ChangePassword => "/change-password",
        RequiredAction::AcceptTerms => "/terms/accept",
        RequiredAction::AnswerSecurityQuestions => "/account/security/questions",
    }
}

impl App {
    /// The place that a request asks to be led to, if it may be.
    pub(crate) fn return_to(&self, text: &str) -> Option<ReturnTo> {
        let start = self.start();
        if start.as_str() == text { Some(start) } else { ReturnTo::parse(text, &self.http().return_to_origins) }
    }

    /// Where people go on after logging in who asked for nothing.
    pub(crate) fn start(&self) -> ReturnTo {
        self.http().start_url.as_ref().map_or_else(ReturnTo::default, |start| ReturnTo::Elsewhere(start.url().clone()))
    }

    /// The same place, where it was asked for: not the one where everybody goes on.
    pub(crate) fn wanted(&self, text: &str) -> Option<ReturnTo> {
        self.return_to(text).filter(|wanted| *wanted != self.start())
    }
}

/// A page, leading on to a place that was asked for.
pub(crate) fn on_the_way(page: &str, wanted: Option<&ReturnTo>) -> String {
    wanted.map_or_else(|| page.to_owned(), |wanted| wanted.by(page))
}

#[cfg(test)]
mod tests {
    use identity_core::value::TokenSecret;

    use super::*;

    fn origins() -> ReturnToOrigins {
        let texts = ["https://app.example.org", "https://b\u{fc}cher.example:8443", "http://app.sso.localhost:8080"];
        ReturnToOrigins::parse(texts).unwrap()
    }

    fn parsed(text: &str) -> Option<String> {
        ReturnTo::parse(text, &origins()).map(|place| place.as_str().to_owned())
    }

    #[test]
    fn own_pages_are_returned_to_with_their_query() {
        for own in [
            "/account",
            "/admin",
            "/admin/invitations",
            "/account/settings",
            "/admin/accounts?q=grace&state=active",
            "/admin/accounts?q=a%40b",
            "/change-password?return_to=%2Fadmin",
        ] {
            assert_eq!(parsed(own).as_deref(), Some(own));
        }
    }

    #[test]
    fn the_page_of_a_link_is_returned_to_by_its_id_alone() {
        let secret = TokenSecret::from_entropy(TokenKind::Invitation, zeroize::Zeroizing::new([5; 32]));
        for page in ["register", "activate", "reset-password", "not-me", "confirm-email", "undo-email"] {
            let page = format!("/{page}/{}", secret.id());
            assert_eq!(parsed(&page).as_deref(), Some(page.as_str()));
        }
        let page = format!("/register/{}", secret.id());
        for other in ["/register/", "/register/x", "/register/../admin", "/activate/abc"] {
            assert_eq!(parsed(other), None, "{other}");
        }
        for other in [format!("{page}/decline"), format!("/{page}"), format!("{page}?x"), format!("/register/{}", "A".repeat(60))] {
            assert_eq!(parsed(&other), None, "{other}");
        }
    }

    #[test]
    fn addresses_at_the_listed_origins_are_returned_to() {
        for (text, reached) in [
            ("https://app.example.org", "https://app.example.org/"),
            ("https://app.example.org/", "https://app.example.org/"),
            ("https://app.example.org:443/a", "https://app.example.org/a"),
            ("HTTPS://APP.example.org/a", "https://app.example.org/a"),
            ("https://app.example.org/a%2Fb//c?x=1&y=%20//@:#part", "https://app.example.org/a%2Fb//c?x=1&y=%20//@:#part"),
            ("https://xn--bcher-kva.example:8443/a", "https://xn--bcher-kva.example:8443/a"),
            ("http://app.sso.localhost:8080/a?b", "http://app.sso.localhost:8080/a?b"),
        ] {
            assert_eq!(parsed(text).as_deref(), Some(reached), "{text}");
        }
    }

    #[test]
    fn nothing_else_is() {
        let long = format!("https://app.example.org/{}", "a".repeat(MAX_RETURN_TO));
        for other in [
            "",
            "/",
            "//evil.example",
            "//app.example.org",
            "/\\evil.example",
            "\\\\evil.example",
            "/////e.com",
            "/%09/e",
            "/\t/e",
            "https:e",
            "https:app.example.org",
            "https:/app.example.org",
            "https:///app.example.org",
            "https:\\\\app.example.org",
            "https://app.example.org\\@evil.example",
            "https://evil.example",
            "https://evil.example/https://app.example.org",
            "https://app.example.org.evil.example/",
            "https://evilapp.example.org/",
            "https://app.example.org@evil.example/",
            "https://@app.example.org/",
            "https://user:pass@app.example.org/",
            "https://evil.example#@app.example.org/",
            "https://evil.example?@app.example.org/",
            "http://app.example.org/",
            "https://app.example.org:8443/",
            "https://app.example.org:444/",
            "https://xn--bcher-kva.example/",
            "https://b\u{fc}cher.example:8443/",
            "https://app.ex\u{430}mple.org/",
            "https://app.example.org\u{3002}evil.example/",
            "https://app.example.org/\u{e9}",
            "\u{ff0f}\u{ff0f}evil.example",
            " https://app.example.org/",
            "https://app.example.org/\r\nSet-Cookie: a=b",
            "https://app.example.org/\0",
            "ht\ntps://app.example.org/",
            "https://id.example.org/account",
            "ftp://app.example.org/",
            "javascript:alert(1)",
            "javascript://app.example.org/%0aalert(1)",
            "data:text/html,x",
            "/account\r\nX: y",
            "/account@e",
            "/account/../../evil",
            "/account?next=//evil.example",
            "/account#x",
            "/accounts",
            "/admin//e",
            "/logout",
            "/api/v1/me",
            &long,
        ] {
            assert_eq!(parsed(other), None, "{other:?}");
        }
    }
}
