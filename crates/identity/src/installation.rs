//! Everything opened and wired, and nothing running yet.

use std::sync::Arc;

use identity_core::{
    flow::Flows,
    model::{Settings, terms::TermsVersion},
    port::{Mailer, NoBreachData, Ports, Store},
};
use identity_crypto::{Argon2Hasher, HashingPool, MeterConfig, OsEntropy, PoolConfig, SystemClock, Zxcvbn};
use identity_http::{App, DevelopmentMailbox, HttpSettings};
use identity_mail::{ListedDomains, MailSettings, Mailbox, Renderer, SmtpMailer};
use identity_phone::NumberingPlans;
use identity_picture::{PicturePool, PicturePoolConfig};
use identity_storage::{PoolLimits, Storage};
use secrecy::SecretString;

use crate::{
    builder::{Builder, Database, Mail},
    connections::ConnectionLimits,
    erased::Erased,
    error::{StartError, of},
    mailbox::Shown,
};

/// Everything that one process needs, opened and wired.
pub struct Installation {
    /// The ports, for flows.
    pub ports: Ports,
    /// The settings, for flows.
    pub settings: Arc<Settings>,
    /// The state of the HTTP handlers.
    pub app: App,
    pub(crate) http: HttpSettings,
    pub(crate) connections: ConnectionLimits,
    storage: Option<Storage>,
}

/// A mailer, and its mailbox where it is one.
type OpenedMail = (Arc<dyn Mailer>, Option<Arc<dyn DevelopmentMailbox>>);

impl Installation {
    pub(crate) async fn open(mut builder: Builder) -> Result<Self, StartError> {
        // One provider of cryptography for the whole process; where there is one already, it stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let settings = Arc::new(builder.changed_settings()?);
        let mail = builder.mail_settings()?;
        let http = builder.changed_http(&mail.support);
        let (store, storage) = open_store(builder.database.take(), builder.database_limits).await?;
        let (mailer, mailbox) = open_mail(builder.mail.take(), &mail, &settings)?;
        let hashing = HashingPool::new(&builder.hashing).map_err(of(StartError::Hashing))?;
        let mut ports = wired(store, mailer, hashing, builder.meter, &builder.pictures)?;
        builder.ports.drain(..).for_each(|change| change(&mut ports));
        let app = App::new(ports.clone(), settings.clone(), http.clone(), mailbox);
        Ok(Self { ports, settings, app, http, connections: builder.connections, storage })
    }

    /// Brings the database up to date. A store of your own is left as it is.
    ///
    /// # Errors
    /// [`StartError`] says what is in the way.
    pub async fn migrate(&self) -> Result<(), StartError> {
        let Some(storage) = &self.storage else { return Ok(()) };
        let migrating: Erased<'_, _> = Box::pin(storage.migrate());
        migrating.await.map_err(of(StartError::Database))
    }

    /// The migrations that [`migrate`](Self::migrate) would apply, by name.
    ///
    /// # Errors
    /// [`StartError`] says what is in the way.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StartError> {
        let Some(storage) = &self.storage else { return Ok(Vec::new()) };
        let looking: Erased<'_, _> = Box::pin(storage.pending_migrations());
        looking.await.map_err(of(StartError::Database))
    }

    /// Makes what every installation needs, and the link of the first operator while there is none. Each call makes a link; the
    /// earlier ones stop working.
    ///
    /// # Errors
    /// [`StartError`] says what is in the way.
    pub async fn first_operator(&self) -> Result<Option<SecretString>, StartError> {
        let flows = Box::new(Flows::new(&self.ports, &self.settings));
        let preparing: Erased<'_, _> = Box::pin(flows.prepare.run(TermsVersion::placeholder()));
        preparing.await.map_err(of(StartError::Preparation))?;
        let inviting: Erased<'_, _> = Box::pin(flows.first_operator.run());
        let secret = inviting.await.map_err(of(StartError::Preparation))?;
        Ok(secret.and_then(|secret| self.settings.public_url.link(&secret)))
    }

    /// Closes the database. A store of your own stays open.
    ///
    /// # Errors
    /// [`StartError`] where it did not close.
    pub async fn close(&self) -> Result<(), StartError> {
        let Some(storage) = self.storage.clone() else { return Ok(()) };
        let closing: Erased<'_, _> = Box::pin(storage.close());
        closing.await.map_err(of(StartError::Database))
    }
}

async fn open_store(database: Option<Database>, limits: PoolLimits) -> Result<(Arc<dyn Store>, Option<Storage>), StartError> {
    match database {
        Some(Database::Url(url)) => {
            let opening: Erased<'_, _> = Box::pin(Storage::open(&url, limits));
            let storage = opening.await.map_err(of(StartError::Database))?;
            Ok((Arc::new(storage.clone()), Some(storage)))
        }
        Some(Database::Own(store)) => Ok((store, None)),
        None => Err(StartError::NoDatabase),
    }
}

fn open_mail(mail: Option<Mail>, settings: &MailSettings, domain: &Settings) -> Result<OpenedMail, StartError> {
    let renderer = || Renderer::new(domain.product_name.clone(), domain.public_url.clone(), settings.clone());
    match mail {
        Some(Mail::Mailbox(folder)) => {
            let mailbox = Mailbox::open(folder, renderer(), settings.clone()).map_err(of(StartError::Mail))?;
            Ok((Arc::new(mailbox.clone()), Some(Arc::new(Shown(mailbox)))))
        }
        Some(Mail::Smtp(smtp)) => {
            let mailer = SmtpMailer::new(*smtp, renderer(), settings.clone()).map_err(of(StartError::Mail))?;
            Ok((Arc::new(mailer), None))
        }
        Some(Mail::Own(mailer)) => Ok((mailer, None)),
        None => Err(StartError::NoMail),
    }
}

fn wired(
    store: Arc<dyn Store>,
    mailer: Arc<dyn Mailer>,
    hashing: HashingPool,
    meter: MeterConfig,
    pictures: &PicturePoolConfig,
) -> Result<Ports, StartError> {
    Ok(Ports {
        store,
        mailer,
        hasher: Arc::new(Argon2Hasher::new(hashing)),
        meter: Arc::new(Zxcvbn::new(meter)),
        breached: Arc::new(NoBreachData),
        disposable: Arc::new(ListedDomains),
        pictures: Arc::new(PicturePool::new(pictures).map_err(of(StartError::Pictures))?),
        phone_numbers: Arc::new(NumberingPlans),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    })
}

/// A store and a mailer of your own, with our adapter behind every other port: for hosts that call the flows by themselves.
///
/// # Errors
/// [`StartError`] where threads cannot be started.
pub fn ports(store: Arc<dyn Store>, mailer: Arc<dyn Mailer>) -> Result<Ports, StartError> {
    let hashing = HashingPool::new(&PoolConfig::default()).map_err(of(StartError::Hashing))?;
    wired(store, mailer, hashing, MeterConfig::default(), &PicturePoolConfig::default())
}
