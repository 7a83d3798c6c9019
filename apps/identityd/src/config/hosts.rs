//! Other hosts beside ours: who shares the session, where a login leads, and whom to tell of a weakness.

use anyhow::{Error, anyhow};
use identity_core::value::{PublicUrl, Timestamp};
use identity_http::{CookieDomain, ReturnToOrigins, SecurityTxt, StartUrl};

use super::values::Values;

pub(super) fn cookie_domain(values: &Values, url: Option<&PublicUrl>) -> Result<Option<CookieDomain>, Error> {
    let key = "session.cookie_domain";
    match (values.text(key), url) {
        (None, _) => Ok(None),
        (Some(_), None) => Err(anyhow!("{key} needs http.public_url")),
        (Some(_), Some(url)) => values.parsed(key, |text| CookieDomain::parse(text, url)),
    }
}

pub(super) fn return_to_origins(values: &Values) -> Result<ReturnToOrigins, Error> {
    let origins = values.list("http.return_to_origins").unwrap_or_default();
    ReturnToOrigins::parse(origins.iter().map(String::as_str)).map_err(|text| {
        anyhow!("http.return_to_origins: {text:?} is not https://host or https://host:port (http on loopback addresses only)")
    })
}

pub(super) fn start_url(values: &Values) -> Result<Option<StartUrl>, Error> {
    values.parsed("http.start_url", StartUrl::parse)
}

pub(super) fn security_txt(values: &Values) -> Result<Option<SecurityTxt>, Error> {
    let expires = values.parsed("security.expires", str::parse::<Timestamp>)?;
    match (values.text("security.contact"), expires) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(anyhow!("security.contact is needed beside security.expires")),
        (Some(_), None) => Err(anyhow!("security.expires is needed beside security.contact: a time such as 2027-06-30T00:00:00Z")),
        (Some(_), Some(expires)) => values.parsed("security.contact", |text| SecurityTxt::new(text, expires)),
    }
}
