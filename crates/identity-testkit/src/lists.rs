//! Lists of one entry each.

use async_trait::async_trait;
use identity_core::{
    password::Candidate,
    port::{BreachedPasswords, DisposableDomains},
};

/// Knows every password from a breach that holds the word `breached`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptedBreaches;

#[async_trait]
impl BreachedPasswords for ScriptedBreaches {
    async fn is_breached(&self, candidate: &Candidate) -> bool {
        candidate.expose().contains("breached")
    }
}

/// Knows one domain of disposable addresses: `disposable.example`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScriptedDomains;

impl DisposableDomains for ScriptedDomains {
    fn is_disposable(&self, domain: &str) -> bool {
        domain == "disposable.example"
    }
}
