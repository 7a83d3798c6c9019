//! `[mail]`: how mail is sent, and who it is from.

use std::path::PathBuf;

use anyhow::{Context as _, Error, anyhow};
use identity_core::{
    model::outbox::DeliveryLimits,
    value::{EmailAddress, Lifetime},
};
use identity_mail::{MailSettings, SmtpSettings};
use schemars::JsonSchema;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::{
    secret::secret,
    typed::{Secret, Text, TextValue, one_of, words},
};

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Into files, for development.
    Mailbox,
    /// To an SMTP server.
    Smtp(Box<SmtpSettings>),
}

/// How mail is sent, and who it is from.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub(super) struct Mail {
    /// `mailbox` writes mails into files, and shows them at `/dev/mailbox`; it is for development, and refused with an https address or an
    /// `http.listen` beyond the loopback. `smtp` sends them.
    transport: Text<Kind>,
    /// The address of the sender. `smtp` needs it.
    #[schemars(extend("x-default" = "identity@example.invalid"))]
    from: Option<Text<EmailAddress>>,
    /// The name of the sender.
    #[schemars(extend("x-default" = "branding.product_name"))]
    from_name: Option<String>,
    /// The address that pages and mails tell people to ask.
    #[schemars(extend("x-default" = "mail.from"))]
    support: Option<Text<EmailAddress>>,
    /// How long the mails of a worker that died wait for another worker. A worker that is at work renews its lease.
    lease: Text<Lifetime>,
    smtp: Smtp,
}

/// The mail server.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
struct Smtp {
    /// `smtps://user:password@host:465` or `smtp://user:password@host:587?tls=required`. There is no unencrypted form.
    url: Option<Secret>,
    /// The file that holds `mail.smtp.url`.
    #[schemars(with = "Option<Text<String>>")]
    url_file: Option<PathBuf>,
    /// A file with certificates (PEM) to trust, beside those of the system.
    #[schemars(with = "Option<Text<String>>")]
    ca_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Mailbox,
    Smtp,
}

words! {
    Kind: "mailbox" => Self::Mailbox, "smtp" => Self::Smtp;
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            transport: Text(Kind::Mailbox),
            from: None,
            from_name: None,
            support: None,
            lease: Text(DeliveryLimits::default().lease),
            smtp: Smtp::default(),
        }
    }
}

impl Mail {
    /// Where mail goes. The development mailbox shows every mail to everybody, so it is for an installation that nobody else reaches.
    pub(super) fn transport(&self, is_local: bool) -> Result<Transport, Error> {
        match self.transport.0 {
            Kind::Mailbox if is_local => Ok(Transport::Mailbox),
            Kind::Mailbox => Err(anyhow!(
                "mail.transport: the development mailbox shows every mail to everybody; with a public address, or an http.listen that is not the loopback, use smtp"
            )),
            Kind::Smtp => self.smtp.settings().map(Box::new).map(Transport::Smtp),
        }
    }

    pub(super) fn settings(&self, product_name: &str) -> Result<MailSettings, Error> {
        let address = |address: &Option<Text<EmailAddress>>| address.as_ref().map(|Text(address)| address.clone());
        let from = match (address(&self.from), self.transport.0) {
            (Some(from), _) => from,
            (None, Kind::Mailbox) => EmailAddress::parse("identity@example.invalid").context("mail.from")?,
            (None, Kind::Smtp) => return Err(anyhow!("mail.from is needed for mail.transport = \"smtp\"")),
        };
        let support = address(&self.support).unwrap_or_else(|| from.clone());
        let from_name = self.from_name.as_deref().unwrap_or(product_name);
        if from_name.chars().any(char::is_control) {
            return Err(anyhow!("mail.from_name: leave out control characters"));
        }
        Ok(MailSettings { from, from_name: from_name.to_owned(), support })
    }

    pub(super) fn delivery(&self) -> DeliveryLimits {
        DeliveryLimits { lease: self.lease.0, ..DeliveryLimits::default() }
    }
}

impl Smtp {
    fn settings(&self) -> Result<SmtpSettings, Error> {
        let url = secret("mail.smtp.url", self.url.as_ref(), self.url_file.as_ref())?;
        let url = url.ok_or_else(|| anyhow!("mail.smtp.url is needed for mail.transport = \"smtp\""))?;
        let mut settings = SmtpSettings::parse(url.expose_secret()).context("mail.smtp.url")?;
        if let Some(path) = &self.ca_file {
            let roots = std::fs::read(path).context(format!("mail.smtp.ca_file {} cannot be read", path.display()))?;
            settings.extra_roots = Some(roots);
        }
        Ok(settings)
    }
}
