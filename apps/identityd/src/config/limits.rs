//! What is set of throttles.

use anyhow::{Error, anyhow};
use identity_core::{
    model::throttle::{Rate, ThrottleSettings},
    value::{Lifetime, SignedDuration},
};

use super::values::Values;

/// Reads `30/PT1M`: so many in so long.
fn rate(text: &str) -> Result<Rate, &'static str> {
    const FORM: &str = "use a number and a duration, such as 30/PT1M for 30 a minute";
    let (count, time) = text.split_once('/').ok_or(FORM)?;
    let count = count.trim().parse::<u32>().ok().filter(|count| (1..=1_000_000).contains(count)).ok_or(FORM)?;
    let time = Lifetime::parse(time.trim()).map_err(|_| FORM)?;
    Ok(Rate::per(count, SignedDuration::from_secs(time.as_seconds())))
}

pub(super) fn throttle(values: &Values, is_loopback: bool) -> Result<ThrottleSettings, Error> {
    let standard = ThrottleSettings::default();
    let read = |key: &'static str, default: Rate| -> Result<Rate, Error> { Ok(values.parsed(key, rate)?.unwrap_or(default)) };
    let enabled = values.switch("throttle.enabled").unwrap_or(true);
    if !enabled && !is_loopback {
        return Err(anyhow!("throttle.enabled: throttles can be off only where http.listen is the loopback"));
    }
    let number = |key: &'static str, default: u32, range: std::ops::RangeInclusive<u32>| match values.number(key)? {
        None => Ok(default),
        Some(number) if range.contains(&number) => Ok(number),
        Some(_) => Err(anyhow!("{key}: use a number from {} to {}", range.start(), range.end())),
    };
    let mut login = standard.login;
    login.free = number("throttle.login.free", login.free, 1..=100)?;
    // NIST SP 800-63B-4 §3.2.2: at most 100 in a row.
    login.most = number("throttle.login.most", login.most, 1..=100)?;
    Ok(ThrottleSettings {
        enabled,
        logins_per_network: read("throttle.login.per_network", standard.logins_per_network)?,
        sign_ups_per_network: read("throttle.sign_up.per_network", standard.sign_ups_per_network)?,
        recoveries_per_network: read("throttle.recovery.per_network", standard.recoveries_per_network)?,
        links_per_network: read("throttle.link.per_network", standard.links_per_network)?,
        checks_per_network: read("throttle.password_check.per_network", standard.checks_per_network)?,
        requests_per_address: read("throttle.request.per_address", standard.requests_per_address)?,
        mails_per_address: read("throttle.mail.per_address", standard.mails_per_address)?,
        administrators_mails_per_address: read(
            "throttle.mail.by_administrators_per_address",
            standard.administrators_mails_per_address,
        )?,
        mails_per_flow: read("throttle.mail.per_flow", standard.mails_per_flow)?,
        invitations_per_account: read("throttle.invitation.per_account", standard.invitations_per_account)?,
        invitations_per_untrusted_company: read(
            "throttle.invitation.per_untrusted_company",
            standard.invitations_per_untrusted_company,
        )?,
        pictures_per_account: read("throttle.picture.per_account", standard.pictures_per_account)?,
        exports_per_account: read("throttle.export.per_account", standard.exports_per_account)?,
        login,
        // ASVS 5.0 V6.6.3.
        code_tries: number("throttle.code.tries", standard.code_tries, 1..=10)?,
        email_changes_per_account: read("throttle.email_change.per_account", standard.email_changes_per_account)?,
    })
}
