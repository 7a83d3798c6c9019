//! What is set of self-registration and recovery.

use identity_core::{
    model::{
        recovery::RecoverySettings,
        registration::{RegistrationMode, RegistrationSettings, Verification},
    },
    value::{EmailAddress, Lifetime},
};

use super::values::Values;
use crate::trouble::{Trouble, While as _};

fn lifetime(values: &Values, key: &'static str, default: &str, most: Option<&str>) -> Result<Lifetime, Trouble> {
    let lifetime = match values.parsed(key, Lifetime::parse)? {
        Some(lifetime) => lifetime,
        None => Lifetime::parse(default).during(key)?,
    };
    match most {
        Some(most) if lifetime > Lifetime::parse(most).during(key)? => Err(Trouble::new(format!("{key}: use at most {most}"))),
        _ => Ok(lifetime),
    }
}

fn domains(values: &Values) -> Result<std::collections::BTreeSet<String>, Trouble> {
    let read = |text: &String| {
        // What is a domain is what an address can be at.
        let address = EmailAddress::parse(&format!("a@{text}"));
        address
            .map(|address| address.domain().to_owned())
            .map_err(|_| Trouble::new(format!("registration.domains: {text:?} is not a domain name such as example.org")))
    };
    values.list("registration.domains").unwrap_or_default().iter().map(read).collect()
}

pub(super) fn registration(values: &Values) -> Result<RegistrationSettings, Trouble> {
    let domains = domains(values)?;
    let mode = match (values.word("registration.mode", "closed").as_str(), domains.is_empty()) {
        ("closed", _) => RegistrationMode::Closed,
        ("open", _) => RegistrationMode::Open,
        ("domains", false) => RegistrationMode::Domains(domains),
        ("domains", true) => return Err(Trouble::new("registration.domains is needed for registration.mode = \"domains\"")),
        _ => return Err(Trouble::new("registration.mode: use closed, open or domains")),
    };
    let verification = Verification::parse(&values.word("registration.verification", "link_and_code"))
        .ok_or_else(|| Trouble::new("registration.verification: use link, code or link_and_code"))?;
    Ok(RegistrationSettings {
        mode,
        verification,
        approval: values.switch("registration.approval").unwrap_or(false),
        refuse_disposable: values.switch("registration.refuse_disposable").unwrap_or(true),
        lifetime: lifetime(values, "activation.expires_in", "P1D", Some("P7D"))?,
        // ASVS 5.0 V6.5.5.
        code_lifetime: lifetime(values, "activation.code_expires_in", "PT10M", Some("PT1H"))?,
        approval_lifetime: lifetime(values, "registration.approval_expires_in", "P30D", None)?,
    })
}

pub(super) fn recovery(values: &Values) -> Result<RecoverySettings, Trouble> {
    Ok(RecoverySettings {
        // NIST SP 800-63B-4 §4.2.1.2.
        lifetime: lifetime(values, "reset.expires_in", "PT1H", Some("P1D"))?,
        temporary_lifetime: lifetime(values, "reset.temporary_expires_in", "PT1H", Some("P1D"))?,
        report_lifetime: lifetime(values, "reset.report_expires_in", "P30D", None)?,
    })
}
