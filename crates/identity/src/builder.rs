//! What a host says before identity starts.

use std::{path::PathBuf, sync::Arc};

use identity_core::{
    model::Settings,
    port::{Mailer, Ports, Store},
    value::{EmailAddress, PublicUrl},
};
use identity_crypto::{MeterConfig, PoolConfig};
use identity_http::{HttpSettings, ReturnToOrigins, TrustedProxies};
use identity_mail::{MailSettings, SmtpSettings};
use identity_picture::PicturePoolConfig;
use identity_storage::{DatabaseUrl, PoolLimits};
use secrecy::SecretString;

use crate::{connections::ConnectionLimits, erased::Erased, error::StartError, installation::Installation, running::Identity};

/// Where everything is kept.
pub(crate) enum Database {
    Url(DatabaseUrl),
    Own(Arc<dyn Store>),
}

/// Where mail goes.
pub(crate) enum Mail {
    Mailbox(PathBuf),
    Smtp(Box<SmtpSettings>),
    Own(Arc<dyn Mailer>),
}

type Change<T> = Box<dyn FnOnce(&mut T) + Send>;

/// Everything that can be said, with a default for all but where data is kept and where mail goes.
///
/// A wrong value, such as an address that is none, is said by [`start`](Self::start).
#[must_use = "nothing happens until it is started"]
pub struct Builder {
    pub(crate) product_name: String,
    pub(crate) public_url: String,
    pub(crate) database: Option<Database>,
    pub(crate) database_limits: PoolLimits,
    pub(crate) mail: Option<Mail>,
    pub(crate) from: Option<String>,
    pub(crate) from_name: Option<String>,
    pub(crate) support: Option<String>,
    pub(crate) settings: Vec<Change<Settings>>,
    pub(crate) http: Vec<Change<HttpSettings>>,
    pub(crate) ports: Vec<Change<Ports>>,
    pub(crate) hashing: PoolConfig,
    pub(crate) meter: MeterConfig,
    pub(crate) pictures: PicturePoolConfig,
    pub(crate) connections: ConnectionLimits,
}

impl Builder {
    pub(crate) fn new(product_name: &str, public_url: &str) -> Self {
        Self {
            product_name: product_name.to_owned(),
            public_url: public_url.to_owned(),
            database: None,
            database_limits: PoolLimits::default(),
            mail: None,
            from: None,
            from_name: None,
            support: None,
            settings: Vec::new(),
            http: Vec::new(),
            ports: Vec::new(),
            hashing: PoolConfig::default(),
            meter: MeterConfig::default(),
            pictures: PicturePoolConfig::default(),
            connections: ConnectionLimits::default(),
        }
    }

    /// Keeps everything in this database: `sqlite://relative/path.db`, `sqlite:///absolute/path.db`, `postgres://…` or `mysql://…`.
    pub fn database(self, url: &str) -> Self {
        self.database_url(DatabaseUrl::new(SecretString::from(url)))
    }

    /// As [`database`](Self::database), for an address that was read already.
    pub fn database_url(self, url: DatabaseUrl) -> Self {
        Self { database: Some(Database::Url(url)), ..self }
    }

    /// How many connections to a database server are opened.
    pub fn database_limits(self, limits: PoolLimits) -> Self {
        Self { database_limits: limits, ..self }
    }

    /// Keeps everything in a store of your own. It is not migrated and not closed.
    pub fn store(self, store: Arc<dyn Store>) -> Self {
        Self { database: Some(Database::Own(store)), ..self }
    }

    /// Writes mail into this folder, and shows it at `/dev/mailbox`. For development: the person who reaches the page reads all mail.
    pub fn dev_mailbox(self, folder: impl Into<PathBuf>) -> Self {
        Self { mail: Some(Mail::Mailbox(folder.into())), ..self }
    }

    /// Sends mail by SMTP.
    pub fn smtp(self, settings: SmtpSettings) -> Self {
        Self { mail: Some(Mail::Smtp(Box::new(settings))), ..self }
    }

    /// Sends mail in a way of your own.
    pub fn mailer(self, mailer: Arc<dyn Mailer>) -> Self {
        Self { mail: Some(Mail::Own(mailer)), ..self }
    }

    /// The address that mail comes from. Needed with [`smtp`](Self::smtp).
    pub fn from(self, address: &str) -> Self {
        Self { from: Some(address.to_owned()), ..self }
    }

    /// The name that mail comes from; the product's where nothing is said.
    pub fn from_name(self, name: &str) -> Self {
        Self { from_name: Some(name.to_owned()), ..self }
    }

    /// The address that pages and mails tell people to ask; the sender's where nothing is said.
    pub fn support(self, address: &str) -> Self {
        Self { support: Some(address.to_owned()), ..self }
    }

    /// Changes settings of the domain, such as the policy for passwords or who may sign up.
    pub fn settings(mut self, change: impl FnOnce(&mut Settings) + Send + 'static) -> Self {
        self.settings.push(Box::new(change));
        self
    }

    /// Changes settings of HTTP, such as the proxies that are trusted.
    pub fn http(mut self, change: impl FnOnce(&mut HttpSettings) + Send + 'static) -> Self {
        self.http.push(Box::new(change));
        self
    }

    /// Puts adapters of your own in the place of ours, such as a clock, or a list of breached passwords.
    pub fn ports(mut self, change: impl FnOnce(&mut Ports) + Send + 'static) -> Self {
        self.ports.push(Box::new(change));
        self
    }

    /// What hashing a password costs, and how many are hashed at a time.
    pub fn hashing(self, config: PoolConfig) -> Self {
        Self { hashing: config, ..self }
    }

    /// How many passwords are judged at a time.
    pub fn strength(self, config: MeterConfig) -> Self {
        Self { meter: config, ..self }
    }

    /// How many pictures are worked on at a time.
    pub fn pictures(self, config: PicturePoolConfig) -> Self {
        Self { pictures: config, ..self }
    }

    /// What connections may cost, for [`Identity::serve`].
    pub fn connections(self, limits: ConnectionLimits) -> Self {
        Self { connections: limits, ..self }
    }

    /// Opens everything. The schema of the database stays as it was, and nothing runs.
    ///
    /// # Errors
    /// [`StartError`] says what is in the way.
    pub async fn open(self) -> Result<Installation, StartError> {
        let opening: Erased<'_, _> = Box::pin(Installation::open(self));
        opening.await
    }

    /// Opens everything, brings the database up to date, makes what every installation needs, and starts the background work.
    ///
    /// # Errors
    /// [`StartError`] says what is in the way.
    pub async fn start(self) -> Result<Identity, StartError> {
        let installation = self.open().await?;
        let starting: Erased<'_, _> = Box::pin(Identity::start(installation));
        starting.await
    }

    pub(crate) fn mail_settings(&self) -> Result<MailSettings, StartError> {
        let address = |text: &str| EmailAddress::parse(text).map_err(|error| StartError::Address(text.to_owned(), error));
        let from = match (&self.from, &self.mail) {
            (Some(from), _) => address(from)?,
            (None, Some(Mail::Smtp(_))) => return Err(StartError::NoSender),
            (None, _) => address("identity@example.invalid")?,
        };
        let support = self.support.as_deref().map_or_else(|| Ok(from.clone()), address)?;
        Ok(MailSettings { from, from_name: self.from_name.clone().unwrap_or_else(|| self.product_name.clone()), support })
    }

    pub(crate) fn changed_settings(&mut self) -> Result<Settings, StartError> {
        let url = PublicUrl::parse(&self.public_url).map_err(|error| StartError::PublicUrl(self.public_url.clone(), error))?;
        let mut settings = Settings::new(self.product_name.clone(), url);
        self.settings.drain(..).for_each(|change| change(&mut settings));
        Ok(settings)
    }

    pub(crate) fn changed_http(&mut self, support: &EmailAddress) -> HttpSettings {
        let mut http = HttpSettings {
            trusted_proxies: TrustedProxies::default(),
            support: support.clone(),
            cookie_domain: None,
            return_to_origins: ReturnToOrigins::default(),
            start_url: None,
            security_txt: None,
        };
        self.http.drain(..).for_each(|change| change(&mut http));
        http
    }
}
