//! What is set of self-registration and recovery.

use anyhow::{Context as _, Error, anyhow};
use identity_core::{
    model::{
        recovery::RecoverySettings,
        registration::{AddressVerification, RegistrationMode, RegistrationSettings},
    },
    value::{EmailAddress, Lifetime},
};

use super::values::Values;

fn lifetime(values: &Values, key: &'static str, default: Lifetime, most: Option<&str>) -> Result<Lifetime, Error> {
    let lifetime = values.parsed(key, Lifetime::parse)?.unwrap_or(default);
    match most {
        Some(most) if lifetime > Lifetime::parse(most).context(key)? => Err(anyhow!("{key}: use at most {most}")),
        _ => Ok(lifetime),
    }
}

fn domains(values: &Values) -> Result<std::collections::BTreeSet<String>, Error> {
    let read = |text: &String| {
        // What is a domain is what an address can be at.
        let address = EmailAddress::parse(&format!("a@{text}"));
        address
            .map(|address| address.domain().to_owned())
            .map_err(|_| anyhow!("registration.domains: {text:?} is not a domain name such as example.org"))
    };
    values.list("registration.domains").unwrap_or_default().iter().map(read).collect()
}

pub(super) fn registration(values: &Values) -> Result<RegistrationSettings, Error> {
    let standard = RegistrationSettings::default();
    let domains = domains(values)?;
    let mode = match (values.word("registration.mode", "closed").as_str(), domains.is_empty()) {
        ("closed", _) => RegistrationMode::Closed,
        ("open", _) => RegistrationMode::Open,
        ("domains", false) => RegistrationMode::Domains(domains),
        ("domains", true) => return Err(anyhow!("registration.domains is needed for registration.mode = \"domains\"")),
        _ => return Err(anyhow!("registration.mode: use closed, open or domains")),
    };
    let verification = AddressVerification::parse(&values.word("registration.verification", "link_and_code"))
        .ok_or_else(|| anyhow!("registration.verification: use link, code or link_and_code"))?;
    Ok(RegistrationSettings {
        mode,
        verification,
        approval: values.switch("registration.approval").unwrap_or(standard.approval),
        refuse_disposable: values.switch("registration.refuse_disposable").unwrap_or(standard.refuse_disposable),
        lifetime: lifetime(values, "activation.expires_in", standard.lifetime, Some("P7D"))?,
        // ASVS 5.0 V6.5.5.
        code_lifetime: lifetime(values, "activation.code_expires_in", standard.code_lifetime, Some("PT1H"))?,
        approval_lifetime: lifetime(values, "registration.approval_expires_in", standard.approval_lifetime, None)?,
    })
}

pub(super) fn recovery(values: &Values) -> Result<RecoverySettings, Error> {
    let standard = RecoverySettings::default();
    Ok(RecoverySettings {
        // NIST SP 800-63B-4 §4.2.1.2.
        lifetime: lifetime(values, "reset.expires_in", standard.lifetime, Some("P1D"))?,
        temporary_lifetime: lifetime(values, "reset.temporary_expires_in", standard.temporary_lifetime, Some("P1D"))?,
        report_lifetime: lifetime(values, "reset.report_expires_in", standard.report_lifetime, None)?,
    })
}
