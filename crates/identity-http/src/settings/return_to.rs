//! Where a login may lead beside our own pages, and where it leads when nothing was asked for.

use identity_core::value::PublicUrl;
use url::{Origin, Url};

/// Longer than this, in bytes, an address is no place to return to.
pub(crate) const MAX_RETURN_TO: usize = 2000;

/// The origins, beside our own pages, that a login may lead to.
#[derive(Clone, Debug, Default)]
pub struct ReturnToOrigins(Vec<Origin>);

impl ReturnToOrigins {
    /// Reads `https://host` and `https://host:port`; http for the loopback alone.
    ///
    /// # Errors
    /// The text that is none.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        texts.into_iter().map(|text| origin(text).ok_or_else(|| text.to_owned())).collect::<Result<_, _>>().map(Self)
    }

    /// The address that a text names, if it is at one of these origins.
    pub(crate) fn allowed(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok().filter(|_| has_authority(text))?;
        (!has_user(&url) && !has_at(text) && self.0.contains(&url.origin())).then_some(url)
    }
}

fn origin(text: &str) -> Option<Origin> {
    let url = Url::parse(text).ok()?;
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && !has_user(&url);
    // The same places as for the public address: there http is known to stay on this machine.
    let is_safe = PublicUrl::parse(&url.origin().ascii_serialization()).is_ok();
    (is_bare && is_safe && has_authority(text)).then(|| url.origin())
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether it is written out as a web address; browsers take `https:host` and `https:\host` for one too.
fn has_authority(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, rest)| ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) && !rest.starts_with('/'))
}

/// Whether there is an `@` before the path: an empty user too is meant to deceive.
fn has_at(text: &str) -> bool {
    let authority = text.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    authority.is_none_or(|authority| authority.contains('@'))
}

/// The page of the host's application where people go on who log in and asked for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartUrl(Url);

impl StartUrl {
    /// Reads a web address; http for the loopback alone.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).ok().filter(|_| has_authority(text) && !has_at(text) && text.len() <= MAX_RETURN_TO);
        let is_safe = |url: &Url| PublicUrl::parse(&url.origin().ascii_serialization()).is_ok();
        url.filter(is_safe).map(Self).ok_or("an address such as https://app.example.org/ (http on loopback addresses only)")
    }
    pub(crate) const fn url(&self) -> &Url {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_such() {
        for bad in [
            "",
            "app.example.org",
            "https://app.example.org/path",
            "https://app.example.org?x",
            "https://user@app.example.org",
            "https:app.example.org",
            "http://app.example.org",
            "ftp://app.example.org",
            "https://*.example.org",
            "null",
            "*",
        ] {
            assert_eq!(ReturnToOrigins::parse([bad]).unwrap_err(), bad);
        }
    }
}
