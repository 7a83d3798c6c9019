//! What holds and what does not, one line each.

use std::process::ExitCode;

use anyhow::{Context as _, Error};
use identity::Installation;
use identity_core::{
    model::terms::TermsVersion,
    port::Clock as _,
    value::{RoleKey, SignedDuration, Timestamp},
};
use identity_crypto::SystemClock;
use identity_mail::{Renderer, SmtpMailer};

use crate::{
    breached,
    config::{Config, Transport},
    say::{one_line, say},
    serve::public_url,
    wire::{builder, database_url, named},
};

/// What was found.
#[derive(Default)]
struct Findings {
    failed: bool,
}

impl Findings {
    fn holds(&self, what: &str) {
        say(&format!("ok    {what}"));
    }

    fn warn(&self, what: &str) {
        say(&format!("warn  {what}"));
    }

    fn fails(&mut self, what: &str) {
        self.failed = true;
        say(&format!("FAIL  {what}"));
    }

    fn found(&mut self, result: Result<String, Error>) {
        match result {
            Ok(what) => self.holds(&what),
            Err(error) => self.fails(&one_line(&error)),
        }
    }
}

/// Looks at everything, and fails where something does not hold. Sends no mail and changes nothing.
pub(crate) async fn run(config: Config) -> ExitCode {
    let mut findings = Findings::default();
    findings.holds("the configuration is understood");
    match public_url(&config, config.listen) {
        Ok(url) => {
            findings.holds(&format!("people reach it at {url}"));
            if !url.is_secure() {
                findings.warn("the public address is http: fine on this machine, not for others");
            }
            if config.settings.password_policy.preset == identity_core::model::password::Preset::Classic {
                findings.warn("password.preset classic has rules of composition, which NIST SP 800-63B-4 advises against");
            }
            if config.settings.security_questions.is_some() {
                findings.warn(
                    "security_questions.enabled: OWASP ASVS 5.0 V6.4.2 is NOT MET (it wants no security questions; NIST SP 800-63B-4 3.1.1.2 neither)",
                );
            }
            hosts(&config, SystemClock.now(), &mut findings);
            Box::pin(mail(&config, &url, &mut findings)).await;
            if let Some(found) = breached::check(&config).await {
                findings.found(found);
            }
            if !database_url(&config).is_there() {
                findings.fails("there is no database yet: run identityd migrate");
                return ExitCode::FAILURE;
            }
            let opened = match builder(&config, &url) {
                Ok(builder) => builder.open().await.map_err(named),
                Err(error) => Err(error),
            };
            match opened {
                Ok(installation) => database(&installation, &mut findings).await,
                Err(error) => findings.fails(&one_line(&error)),
            }
        }
        Err(error) => findings.fails(&one_line(&error)),
    }
    if findings.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What other hosts have to do with ours.
fn hosts(config: &Config, now: Timestamp, findings: &mut Findings) {
    if let Some(domain) = &config.cookie_domain {
        let domain = domain.as_str();
        findings.warn(&format!(
            "session.cookie_domain: every host of {domain} gets the session's cookie, and can replace it (OWASP ASVS 5.0 3.3.3 asks for __Host-)"
        ));
    }
    if let Some(file) = &config.security_txt {
        let left = file.expires().duration_since(now);
        if left.is_negative() || left.is_zero() {
            findings.fails("security.expires is over: nobody may go by /.well-known/security.txt any more");
        } else if left < SignedDuration::from_hours(30 * 24) {
            findings.warn(&format!("security.expires is near: {}", file.expires()));
        } else {
            findings.holds(&format!("/.well-known/security.txt holds until {}", file.expires()));
        }
    }
}

async fn mail(config: &Config, url: &identity_core::value::PublicUrl, findings: &mut Findings) {
    match &config.transport {
        Transport::Mailbox => findings.warn("mail goes into the development mailbox, and to nobody"),
        Transport::Smtp(smtp) => {
            let renderer = Renderer::new(config.settings.product_name.clone(), url.clone(), config.mail.clone());
            let place = format!("the mail server {}:{}", smtp.host, smtp.port);
            let checked = match SmtpMailer::new((**smtp).clone(), renderer, config.mail.clone()) {
                Ok(mailer) => mailer.check().await.with_context(|| format!("{place} does not take mail")),
                Err(error) => Err(Error::new(error).context(place.clone())),
            };
            findings.found(checked.map(|()| format!("{place} takes mail, by TLS")));
        }
    }
}

async fn database(installation: &Installation, findings: &mut Findings) {
    match installation.pending_migrations().await {
        Ok(pending) if pending.is_empty() => findings.holds("the database is up to date"),
        Ok(pending) => {
            findings.fails(&format!("the database is not up to date: run identityd migrate ({})", pending.join(", ")));
            return;
        }
        Err(error) => {
            findings.fails(&one_line(&Error::new(error).context("the database cannot be read")));
            return;
        }
    }
    let store = &installation.ports.store;
    match store.first_account_with_role(&RoleKey::operator(), None).await {
        Ok(Some(_)) => findings.holds("there is an administrator"),
        Ok(None) => findings.warn("there is no administrator yet: follow the link that identityd serve prints"),
        Err(error) => findings.fails(&one_line(&Error::new(error).context("the database cannot be read"))),
    }
    match store.terms_in_force(installation.ports.clock.now()).await {
        Ok(Some(terms)) if terms.texts.values().any(|text| TermsVersion::is_placeholder(text)) => {
            findings.warn("the terms are a placeholder: publish your own");
        }
        Ok(Some(terms)) => findings.holds(&format!("version {} of the terms is in force", terms.number)),
        Ok(None) => findings.warn("no terms are in force: identityd serve lays the foundation"),
        Err(error) => findings.fails(&one_line(&Error::new(error).context("the database cannot be read"))),
    }
}
