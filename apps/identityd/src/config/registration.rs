//! `[registration]` and `[activation]`: who may sign up without an invitation, and how an address is proved.

use anyhow::{Error, anyhow};
use identity_core::{
    model::registration::{AddressVerification, RegistrationMode, RegistrationSettings},
    value::{EmailAddress, Lifetime},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::typed::{AtMostHours, List, Text, TextValue, one_of, words};

/// Who may sign up without an invitation. See [letting people sign up](operating.md#letting-people-sign-up).
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Registration {
    /// `closed`: nobody. `open`: everybody. `domains`: everybody with an address at one of `registration.domains`.
    mode: Text<Mode>,
    /// The domains of `domains`. A sub-domain is another domain.
    domains: List<Text<Domain>>,
    /// How an address is proved: by a link, by a code of 8 digits that is typed in the browser that signed up, or by either.
    verification: Text<AddressVerification>,
    /// Whether an operator lets each person in.
    approval: bool,
    /// How long a person waits for that at most.
    approval_expires_in: Text<Lifetime>,
    /// Whether addresses of services for disposable mail are refused, by a list that is built in.
    refuse_disposable: bool,
}

/// How long a person has to prove an address.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Activation {
    /// By the link.
    expires_in: Text<AtMostHours<168>>,
    /// By the code (ASVS 5.0 V6.5.5).
    code_expires_in: Text<AtMostHours<1>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Closed,
    Open,
    Domains,
}

words! {
    Mode: "closed" => Self::Closed, "open" => Self::Open, "domains" => Self::Domains;
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Domain(String);

impl TextValue for Domain {
    fn read(text: &str) -> Result<Self, String> {
        // What is a domain is what an address can be at.
        let address = EmailAddress::parse(&format!("a@{text}"));
        address
            .map(|address| Self(address.domain().to_owned()))
            .map_err(|_| format!("{text:?} is not a domain name such as example.org"))
    }
}

impl Default for Registration {
    fn default() -> Self {
        let standard = RegistrationSettings::default();
        Self {
            mode: Text(Mode::Closed),
            domains: List::default(),
            verification: Text(standard.verification),
            approval: standard.approval,
            approval_expires_in: Text(standard.approval_lifetime),
            refuse_disposable: standard.refuse_disposable,
        }
    }
}

impl Default for Activation {
    fn default() -> Self {
        let standard = RegistrationSettings::default();
        Self { expires_in: Text(AtMostHours(standard.lifetime)), code_expires_in: Text(AtMostHours(standard.code_lifetime)) }
    }
}

impl Registration {
    pub(super) fn settings(&self, activation: &Activation) -> Result<RegistrationSettings, Error> {
        let mode = match self.mode.0 {
            Mode::Closed => RegistrationMode::Closed,
            Mode::Open => RegistrationMode::Open,
            Mode::Domains if self.domains.0.is_empty() => {
                return Err(anyhow!("registration.domains is needed for registration.mode = \"domains\""));
            }
            Mode::Domains => RegistrationMode::Domains(self.domains.0.iter().map(|Text(Domain(domain))| domain.clone()).collect()),
        };
        Ok(RegistrationSettings {
            mode,
            verification: self.verification.0,
            approval: self.approval,
            refuse_disposable: self.refuse_disposable,
            lifetime: activation.expires_in.0.0,
            code_lifetime: activation.code_expires_in.0.0,
            approval_lifetime: self.approval_expires_in.0,
        })
    }
}
