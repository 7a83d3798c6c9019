//! Which adapter stands behind which port.

use std::{fs::DirBuilder, num::NonZeroUsize, os::unix::fs::DirBuilderExt as _, path::Path, sync::Arc};

use identity_core::{
    model::Settings,
    port::{Clock, Mailer, Ports},
    value::PublicUrl,
};
use identity_crypto::{Argon2Hasher, HashingPool, MeterConfig, OsEntropy, PoolConfig, Zxcvbn};
use identity_http::{App, HttpSettings};
use identity_mail::{ListedDomains, Mailbox, Renderer, SmtpMailer};
use identity_phone::NumberingPlans;
use identity_picture::{PicturePool, PicturePoolConfig};
use identity_storage::{DatabaseUrl, Storage};

use crate::{
    breached,
    config::{Config, Transport},
    mailbox::Shown,
    trouble::{Trouble, While as _},
};

/// Everything that one process needs, opened and wired.
pub struct Installation {
    /// The ports, for flows.
    pub ports: Ports,
    /// The settings, for flows.
    pub settings: Arc<Settings>,
    /// The store, to be closed at the end.
    pub storage: Storage,
    mailbox: Option<Mailbox>,
    config: Config,
}

impl Installation {
    /// Opens what the configuration names. The schema is as it was.
    ///
    /// # Errors
    /// [`Trouble`] says what is in the way.
    pub async fn open(config: Config, public_url: PublicUrl, clock: Arc<dyn Clock>) -> Result<Self, Trouble> {
        let storage = open_storage(&config).await?;
        let renderer = Renderer::new(config.settings.product_name.clone(), public_url.clone(), config.mail.clone());
        let (mailer, mailbox) = open_mail(&config, renderer)?;
        let pool = HashingPool::new(&pool_config(&config)).during("password.hash")?;
        let settings = Arc::new(Settings { public_url, ..config.settings.clone() });
        let ports = Ports {
            store: Arc::new(storage.clone()),
            hasher: Arc::new(Argon2Hasher::new(pool)),
            meter: Arc::new(Zxcvbn::new(meter_config(&config))),
            breached: breached::open(&config)?,
            disposable: Arc::new(ListedDomains),
            pictures: Arc::new(PicturePool::new(&picture_config(&config)).during("picture.threads")?),
            phone_numbers: Arc::new(NumberingPlans),
            mailer,
            clock,
            entropy: Arc::new(OsEntropy),
        };
        Ok(Self { ports, settings, storage, mailbox, config })
    }

    /// The state of the HTTP handlers.
    #[must_use]
    pub fn app(&self) -> App {
        let http = HttpSettings {
            trusted_proxies: self.config.trusted_proxies.clone(),
            support: self.config.mail.support.clone(),
            cookie_domain: self.config.cookie_domain.clone(),
            return_to_origins: self.config.return_to_origins.clone(),
            start_url: self.config.start_url.clone(),
            security_txt: self.config.security_txt.clone(),
        };
        let mailbox = self.mailbox.clone().map(|mailbox| Arc::new(Shown(mailbox)) as _);
        App::new(self.ports.clone(), self.settings.clone(), http, mailbox)
    }
}

/// Opens the database that the configuration names.
pub(crate) async fn open_storage(config: &Config) -> Result<Storage, Trouble> {
    make_folder(&config.data_dir)?;
    Storage::open(&database_url(config), config.database_limits).await.during("database.url")
}

/// Where the database is.
pub(crate) fn database_url(config: &Config) -> DatabaseUrl {
    match &config.database {
        Some(url) => DatabaseUrl::new(url.clone()),
        None => DatabaseUrl::file(config.data_dir.join("identity.db")),
    }
}

fn make_folder(folder: &Path) -> Result<(), Trouble> {
    let place = folder.display();
    if folder.exists() && !folder.is_dir() {
        return Err(Trouble::new(format!("data_dir {place} is a file: name a folder")));
    }
    // What is in there is for this program's user alone.
    DirBuilder::new().recursive(true).mode(0o700).create(folder).during(format!("data_dir {place} cannot be made"))
}

fn open_mail(config: &Config, renderer: Renderer) -> Result<(Arc<dyn Mailer>, Option<Mailbox>), Trouble> {
    match &config.transport {
        Transport::Mailbox => {
            let mailbox = Mailbox::open(config.mailbox_dir(), renderer, config.mail.clone()).during("mail.transport")?;
            Ok((Arc::new(mailbox.clone()), Some(mailbox)))
        }
        Transport::Smtp(smtp) => {
            let mailer = SmtpMailer::new((**smtp).clone(), renderer, config.mail.clone()).during("mail.smtp")?;
            Ok((Arc::new(mailer), None))
        }
    }
}

fn pool_config(config: &Config) -> PoolConfig {
    let standard = PoolConfig::default();
    let threads = config.hash_threads.unwrap_or(standard.threads);
    PoolConfig {
        params: config.hash_params,
        peppers: config.peppers.clone(),
        threads,
        queue_len: threads.saturating_mul(NonZeroUsize::MIN.saturating_add(63)),
        max_wait: config.hash_max_wait,
        ..standard
    }
}

fn picture_config(config: &Config) -> PicturePoolConfig {
    let standard = PicturePoolConfig::default();
    PicturePoolConfig { threads: config.picture_threads.unwrap_or(standard.threads), ..standard }
}

/// Passwords are judged where they are about to be hashed: under the same limits.
fn meter_config(config: &Config) -> MeterConfig {
    let standard = MeterConfig::default();
    MeterConfig { at_once: config.hash_threads.unwrap_or(standard.at_once), max_wait: config.hash_max_wait, ..standard }
}
