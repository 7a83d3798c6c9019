//! SMTP with TLS, by lettre.

use async_trait::async_trait;
use identity_core::{
    notice::Letter,
    port::{MailError, Mailer},
};
use lettre::{
    address::Envelope,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        extension::ClientId,
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

/// Sends by SMTP over one connection that is kept between letters. The library's own pool takes a connection back whose sending
/// was given up, and then reads the late answer as the next letter's; here such a connection is dropped.
pub struct SmtpMailer {
    settings: SmtpSettings,
    tls: TlsParameters,
    idle: Mutex<Option<AsyncSmtpConnection>>,
    renderer: Renderer,
    mail: MailSettings,
}

impl SmtpMailer {
    /// A mailer; it connects when the first letter is sent.
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
        let mut connection = self.in_time(self.connect()).await?;
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
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, SmtpError>>) -> Result<T, MailError> {
        match timeout(self.settings.timeout, work).await {
            Ok(done) => done.map_err(classify),
            Err(_) => Err(MailError::Temporary(Box::new(TimedOut))),
        }
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
            None => self.in_time(self.connect()).await?,
        };
        self.in_time(connection.send(envelope, bytes)).await?;
        *idle = Some(connection);
        Ok(())
    }
}

/// Refused for good is only what concerns this letter. Wrong credentials and certificates are the operator's to mend: the letter
/// waits until they are.
fn classify(error: SmtpError) -> MailError {
    const CREDENTIALS: [u16; 4] = [530, 534, 535, 538];
    let code = error.status().map(u16::from);
    match code {
        Some(code) if (500..600).contains(&code) && !CREDENTIALS.contains(&code) => MailError::Permanent(Box::new(error)),
        _ => MailError::Temporary(Box::new(error)),
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let rendered = self.renderer.render(letter).map_err(|error| MailError::Permanent(Box::new(error)))?;
        let composed = compose(letter, rendered, &self.mail).map_err(|error| MailError::Permanent(Box::new(error)))?;
        self.hand_over(&composed.envelope, &composed.bytes).await
    }
}
