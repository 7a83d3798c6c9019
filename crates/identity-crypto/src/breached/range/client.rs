//! An HTTP client that goes to one place only.

use std::sync::Arc;

use reqwest::{Client, Url, redirect};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
};

use super::RangeSetupError;

/// Reads the address of a service; a slash ends it.
pub(super) fn base(text: &str) -> Result<Url, RangeSetupError> {
    let mut base = Url::parse(text).map_err(|_| RangeSetupError::Url)?;
    let is_secure = base.scheme() == "https" || (base.scheme() == "http" && is_loopback(&base));
    let is_plain = base.username().is_empty() && base.password().is_none() && base.query().is_none() && base.fragment().is_none();
    if !is_secure || !is_plain {
        return Err(RangeSetupError::Url);
    }
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok(base)
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// A client that follows nobody elsewhere.
pub(super) fn client(base: &Url, user_agent: &str) -> Result<Client, RangeSetupError> {
    let mut client = Client::builder().user_agent(user_agent).redirect(redirect::Policy::none());
    // What is on this machine is not asked through a proxy.
    if is_loopback(base) {
        client = client.no_proxy();
    }
    Ok(client.tls_backend_preconfigured(tls(base)?).build()?)
}

/// TLS by the provider that the process has chosen. Left to itself the library panics where none was chosen.
fn tls(base: &Url) -> Result<ClientConfig, RangeSetupError> {
    let provider = CryptoProvider::get_default().map_or_else(|| Arc::new(ring::default_provider()), Arc::clone);
    let mut roots = RootCertStore::empty();
    // One that cannot be read is one that is not trusted.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() && base.scheme() == "https" {
        return Err(RangeSetupError::NoRoots);
    }
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
