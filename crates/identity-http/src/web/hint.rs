//! What a browser keeps on its way to a login that a mail comes in between of: where the person was going, and the address to log in
//! with. Neither is a secret, and neither is believed more than what a request says. They stay in the browser that asked: nothing of
//! them stands in the mail, which anybody can have sent to anybody.

use axum::http::{HeaderMap, HeaderValue};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use identity_core::value::{EmailAddress, PublicUrl};

use super::cookies::{header_of, only};

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Where to go on after logging in.
    ReturnTo,
    /// The address that the login page fills in.
    Address,
}

/// The most bytes of a text that is kept: so much a place to return to may have, and more than an address may.
const MOST_BYTES: usize = 2000;

impl Hint {
    pub(crate) const ALL: [Self; 2] = [Self::ReturnTo, Self::Address];

    fn name(self, url: &PublicUrl) -> String {
        let prefix = if url.is_secure() { "__Host-" } else { "" };
        let name = match self {
            Self::ReturnTo => "return-to",
            Self::Address => "login-address",
        };
        format!("{prefix}{name}")
    }

    /// How long it is kept: as long as a sign-up waits for its mail, or until the login that follows at once.
    const fn seconds(self) -> i64 {
        match self {
            Self::ReturnTo => 24 * 3600,
            Self::Address => 10 * 60,
        }
    }

    /// What the browser kept.
    pub(crate) fn read(self, headers: &HeaderMap, url: &PublicUrl) -> Option<String> {
        let kept = URL_SAFE_NO_PAD.decode(only(headers, &self.name(url))?).ok()?;
        String::from_utf8(kept).ok().filter(|text| text.len() <= MOST_BYTES)
    }

    /// Keeps a text; one that is too long is not kept.
    pub(crate) fn keep(self, text: &str, url: &PublicUrl) -> HeaderValue {
        if text.len() > MOST_BYTES {
            return self.forget(url);
        }
        header_of(self.name(url), URL_SAFE_NO_PAD.encode(text), Some(self.seconds()), url, None)
    }

    /// Takes it away.
    pub(crate) fn forget(self, url: &PublicUrl) -> HeaderValue {
        header_of(self.name(url), String::new(), Some(0), url, None)
    }
}

/// The address that the login page fills in.
pub(crate) fn address(headers: &HeaderMap, url: &PublicUrl) -> Option<EmailAddress> {
    Hint::Address.read(headers, url).and_then(|text| EmailAddress::parse(&text).ok())
}
