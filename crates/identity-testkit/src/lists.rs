//! Lists of one entry each, and what else the world knows.

use async_trait::async_trait;
use identity_core::{
    model::password::Candidate,
    port::{BreachedPasswords, DisposableDomains, PhoneNumbers},
    value::PhoneNumber,
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

/// Knows no country: what has the international form is a number, and is shown as it is kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainPhoneNumbers;

impl PhoneNumbers for PlainPhoneNumbers {
    fn read(&self, typed: &str) -> Option<PhoneNumber> {
        PhoneNumber::parse(&typed.replace([' ', '-'], "")).ok()
    }

    fn grouped(&self, number: &PhoneNumber) -> String {
        number.to_string()
    }
}
