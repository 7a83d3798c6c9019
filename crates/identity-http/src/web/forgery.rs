//! Protection against forged requests: where a request says it comes from, and a token that only our own pages carry.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use identity_core::{
    port::{Entropy, EntropyError},
    value::{PublicUrl, TokenSecret},
};
use subtle::ConstantTimeEq as _;

use crate::{app::App, problem::Problem};

/// The form's field that carries the token.
pub(crate) const FIELD: &str = "csrf_token";
/// The header that carries it where a script sends JSON with the session cookie.
pub(crate) const HEADER: &str = "x-csrf-token";

/// Bytes of a token, and of the pad that covers it.
const LENGTH: usize = 32;

/// The token of a browser for one answer. What it stands for is derived from the session, or from the browser's own cookie while nobody
/// is signed in, so that it changes with login. No two answers write it the same: it is covered with a pad of its own, since answers are
/// compressed, and how well the same secret compresses beside guesses tells it (BREACH).
///
/// # Errors
/// [`EntropyError`]; see [`Entropy::fill`].
pub(crate) fn token(seed: &TokenSecret, entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let mut pad = [0; LENGTH];
    entropy.fill(&mut pad)?;
    let covered = cover(&pad, &seed.derive("form"));
    Ok(URL_SAFE_NO_PAD.encode([pad, covered].concat()))
}

/// Whether a request carries a token of its browser.
pub(crate) fn is_token(seed: &TokenSecret, given: Option<&str>) -> bool {
    let bytes = given.and_then(|given| URL_SAFE_NO_PAD.decode(given).ok()).unwrap_or_default();
    let halves = bytes.split_at_checked(LENGTH).and_then(|(pad, covered)| Some((pad.try_into().ok()?, covered.try_into().ok()?)));
    halves.is_some_and(|(pad, covered)| bool::from(cover(pad, covered).ct_eq(&seed.derive("form"))))
}

fn cover(pad: &[u8; LENGTH], bytes: &[u8; LENGTH]) -> [u8; LENGTH] {
    let mut covered = *bytes;
    for (byte, pad) in covered.iter_mut().zip(pad) {
        *byte ^= pad;
    }
    covered
}

/// Whether a request may come from our own pages, or from a program, as far as its headers tell. `Origin: null` comes from no page of
/// ours: their policy for referrers lets them say their origin, see docs/decisions/0005.
fn is_from_here(headers: &HeaderMap, url: &PublicUrl) -> bool {
    let is_own_site = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    is_own_site && headers.get(header::ORIGIN).is_none_or(|origin| origin == url.origin())
}

/// Whether the browser itself says that a request comes from a page of ours: [`refuse_other_sites`] has refused the others by then.
pub(crate) fn is_from_own_page(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin")
}

/// Refuses what changes something on behalf of another site. A request without either header still needs the token.
pub(crate) async fn refuse_other_sites(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || is_from_here(request.headers(), &app.settings().public_url) {
        next.run(request).await
    } else {
        Problem::forbidden("This request comes from another site.").into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sites_and_null_are_refused() {
        let url = PublicUrl::parse("https://id.example.org").unwrap();
        let from = |pairs: &[(&str, &str)]| {
            let headers = pairs.iter().map(|(name, value)| (name.parse::<header::HeaderName>().unwrap(), value.parse().unwrap()));
            is_from_here(&headers.collect(), &url)
        };
        assert!(from(&[]));
        assert!(from(&[("origin", "https://id.example.org"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("origin", "null"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")]));
        for (name, value) in [
            ("origin", "null"),
            ("origin", "https://id.example.org.evil.example"),
            ("origin", "http://id.example.org"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert!(!from(&[(name, value)]), "{name}: {value}");
        }
    }
}
