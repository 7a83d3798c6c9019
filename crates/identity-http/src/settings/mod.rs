//! What a host sets, as far as HTTP is concerned.

mod cookie_domain;
mod return_to;
mod security_txt;
mod trusted_proxies;

use identity_core::value::EmailAddress;

pub(crate) use self::return_to::MAX_RETURN_TO;
pub use self::{
    cookie_domain::CookieDomain,
    return_to::{ReturnToOrigins, StartUrl},
    security_txt::SecurityTxt,
    trusted_proxies::TrustedProxies,
};

/// What an operator sets, as far as HTTP is concerned.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Whose word on the client's address counts.
    pub trusted_proxies: TrustedProxies,
    /// Whom pages tell people to ask.
    pub support: EmailAddress,
    /// The domain whose hosts share the session's cookie; ours alone has it where nothing is said.
    pub cookie_domain: Option<CookieDomain>,
    /// Where else than to our own pages a login may lead.
    pub return_to_origins: ReturnToOrigins,
    /// Where a login leads that nothing was asked for with; to the account's page where nothing is said.
    pub start_url: Option<StartUrl>,
    /// What `/.well-known/security.txt` says; it is not there where nothing is said.
    pub security_txt: Option<SecurityTxt>,
}
