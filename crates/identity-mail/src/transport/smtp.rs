//! SMTP with TLS, by lettre.

use std::time::Duration;

use async_trait::async_trait;
use identity_core::{
    model::outbox::Email,
    port::{MailError, Mailer},
};
use lettre::{
    address::Envelope,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use secrecy::ExposeSecret as _;
use tokio::{sync::Mutex, time::timeout};

use crate::{
    config::{MailSettings, SmtpSecurity, SmtpSettings},
    message::compose,
    render::Renderer,
};

/// How long the answer after the final dot may take: RFC 5321, 4.5.3.2.6. A client that gives up earlier sends a mail again that was taken.
const AFTER_MESSAGE: Duration = Duration::from_secs(600);

/// The settings of the SMTP server cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSetupError {
    /// The file of extra certificates holds none.
    #[error("the file of extra certificates holds no certificate in PEM form")]
    NoCertificate,
    /// The host cannot be connected to by TLS under that name.
    #[error("TLS cannot be set up for this host")]
    Tls(#[from] SmtpError),
}

/// The server did not answer in time.
#[derive(Debug, thiserror::Error)]
#[error("the mail server did not answer in time")]
struct TimedOut;

/// The server lacks an extension without which this mail cannot be sent.
#[derive(Debug, thiserror::Error)]
#[error("the mail server does not offer {0}, which this mail needs")]
struct NotOffered(Extension);

/// What an answer of the server is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The server itself or the sender: greeting, EHLO, STARTTLS, AUTH, MAIL.
    Session,
    /// This mail: RCPT, DATA and the content.
    Email,
}

/// Sends by SMTP over one connection that is kept between mails. The library's own pool takes a connection back whose sending
/// was given up, and then reads the late answer as the next mail's; here such a connection is dropped.
pub struct SmtpMailer {
    settings: SmtpSettings,
    tls: TlsParameters,
    idle: Mutex<Option<AsyncSmtpConnection>>,
    renderer: Renderer,
    mail: MailSettings,
}

impl SmtpMailer {
    /// A mailer; it connects when the first mail is sent.
    ///
    /// # Errors
    /// [`SmtpSetupError`] where TLS cannot be set up.
    pub fn new(settings: SmtpSettings, renderer: Renderer, mail: MailSettings) -> Result<Self, SmtpSetupError> {
        let mut tls = TlsParameters::builder(settings.host.clone());
        if let Some(pem) = &settings.extra_roots {
            // The library takes a file without any certificate for an empty list.
            let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().unwrap_or_default();
            if found.is_empty() {
                return Err(SmtpSetupError::NoCertificate);
            }
            tls = tls.add_root_certificate(Certificate::from_pem(pem)?);
        }
        Ok(Self { tls: tls.build()?, settings, idle: Mutex::new(None), renderer, mail })
    }

    /// Connects, secures the connection and logs in, without sending anything.
    ///
    /// # Errors
    /// [`MailError`] says what the server, or its certificate, did not like.
    pub async fn check(&self) -> Result<(), MailError> {
        let mut connection = self.in_time(Step::Session, self.connect()).await?;
        // The server hears a good-bye if it waits for one; nothing depends on it.
        let _ = timeout(self.settings.timeout, connection.quit()).await;
        Ok(())
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let settings = &self.settings;
        let name = ClientId::Domain(self.mail.from.domain().to_owned());
        let wrapped = (settings.security == SmtpSecurity::Tls).then(|| self.tls.clone());
        let place = (settings.host.as_str(), settings.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(place, Some(settings.timeout), &name, wrapped, None).await?;
        if settings.security == SmtpSecurity::StartTls {
            connection.starttls(self.tls.clone(), &name).await?;
        }
        if let Some((user, password)) = &settings.login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        Ok(connection)
    }

    // The library limits the time of connecting, not that of waiting for an answer.
    async fn in_time<T>(&self, step: Step, work: impl Future<Output = Result<T, SmtpError>>) -> Result<T, MailError> {
        answered(step, self.settings.timeout, work).await
    }

    async fn hand_over(&self, envelope: &Envelope, bytes: &[u8]) -> Result<(), MailError> {
        let mut idle = self.idle.lock().await;
        let mut kept = idle.take();
        if let Some(connection) = &mut kept
            && timeout(self.settings.timeout, connection.test_connected()).await != Ok(true)
        {
            kept = None;
        }
        let mut connection = match kept {
            Some(kept) => kept,
            None => self.in_time(Step::Session, self.connect()).await?,
        };
        self.transmit(&mut connection, envelope, bytes).await?;
        *idle = Some(connection);
        Ok(())
    }

    /// One mail, command by command: the library's own way does not tell which of them was refused.
    async fn transmit(&self, connection: &mut AsyncSmtpConnection, envelope: &Envelope, bytes: &[u8]) -> Result<(), MailError> {
        let mut parameters = Vec::new();
        if envelope.from().into_iter().chain(envelope.to()).any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
            offered(connection, Extension::SmtpUtfEight)?;
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() {
            offered(connection, Extension::EightBitMime)?;
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let mail = Mail::new(envelope.from().cloned(), parameters);
        self.in_time(Step::Session, connection.command(mail)).await?;
        for recipient in envelope.to() {
            self.in_time(Step::Email, connection.command(Rcpt::new(recipient.clone(), Vec::new()))).await?;
        }
        self.in_time(Step::Email, connection.command(Data)).await?;
        answered(Step::Email, AFTER_MESSAGE, connection.message(bytes)).await?;
        Ok(())
    }
}

fn offered(connection: &AsyncSmtpConnection, extension: Extension) -> Result<(), MailError> {
    if connection.server_info().supports_feature(extension) {
        return Ok(());
    }
    Err(MailError::Temporary(Box::new(NotOffered(extension))))
}

async fn answered<T>(step: Step, limit: Duration, work: impl Future<Output = Result<T, SmtpError>>) -> Result<T, MailError> {
    match timeout(limit, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) if is_for_good(step, error.status().map(u16::from)) => Err(MailError::Permanent(Box::new(error))),
        Ok(Err(error)) => Err(MailError::Temporary(Box::new(error))),
        Err(_) => Err(MailError::Temporary(Box::new(TimedOut))),
    }
}

/// Refused for good is only what concerns this mail. What the server says of itself or of the sender, and wrong credentials and
/// certificates, are the operator's to mend: the mail waits until they are.
fn is_for_good(step: Step, code: Option<u16>) -> bool {
    const CREDENTIALS: [u16; 4] = [530, 534, 535, 538];
    step == Step::Email && code.is_some_and(|code| (500..600).contains(&code) && !CREDENTIALS.contains(&code))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, email: &Email) -> Result<(), MailError> {
        let rendered = self.renderer.render(email).map_err(|error| MailError::Permanent(Box::new(error)))?;
        let composed = compose(email, rendered, &self.mail).map_err(|error| MailError::Permanent(Box::new(error)))?;
        self.hand_over(&composed.envelope, &composed.bytes).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_the_recipient_or_the_content_is_for_good() {
        for code in [550, 552, 553, 554] {
            assert!(!is_for_good(Step::Session, Some(code)), "{code} of the server or the sender");
            assert!(is_for_good(Step::Email, Some(code)), "{code} of the recipient or the content");
        }
    }

    #[test]
    fn what_may_pass_later_is_not_for_good() {
        for code in [Some(421), Some(451), Some(452), Some(530), Some(535), None] {
            assert!(!is_for_good(Step::Email, code), "{code:?}");
        }
    }
}
