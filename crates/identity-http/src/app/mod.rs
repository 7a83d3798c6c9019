//! What every handler shares.

mod upload_places;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use identity_core::{
    change::Unavailable,
    flow::{Fault, Flows, account::SetPictureError},
    model::{
        Settings,
        account::{Account, RequiredAction},
    },
    port::{Entropy, PhoneNumbers, Ports},
    value::{AccountId, SignedDuration, Timestamp},
};

use self::upload_places::{UploadPlace, UploadPlaces};
use crate::settings::HttpSettings;

/// The development mailbox, as its page shows it.
#[async_trait]
pub trait DevelopmentMailbox: Send + Sync {
    /// The newest mails, newest first.
    async fn list(&self) -> io::Result<Vec<MailHead>>;

    /// One mail.
    async fn read(&self, id: &str) -> io::Result<Option<DisplayedMail>>;
}

/// A mail in the list.
#[derive(Clone, Debug)]
pub struct MailHead {
    /// Names the mail.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// Who it is to.
    pub to: String,
    /// When it was written, in seconds since the Unix epoch.
    pub written_at: i64,
}

/// A mail, opened.
#[derive(Clone, Debug)]
pub struct DisplayedMail {
    /// What the list says of it.
    pub head: MailHead,
    /// The plain-text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// The state of all handlers.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    flows: Flows,
    ports: Ports,
    settings: Arc<Settings>,
    http: HttpSettings,
    mailbox: Option<Arc<dyn DevelopmentMailbox>>,
    stopping: AtomicBool,
    uploads: UploadPlaces,
}

impl App {
    /// The flows over these ports, with these settings. `/dev/mailbox` is there where a mailbox is given.
    #[must_use]
    pub fn new(ports: Ports, settings: Arc<Settings>, http: HttpSettings, mailbox: Option<Arc<dyn DevelopmentMailbox>>) -> Self {
        let flows = Flows::new(&ports, &settings);
        Self(Arc::new(Inner {
            flows,
            ports,
            settings,
            http,
            mailbox,
            stopping: AtomicBool::new(false),
            uploads: UploadPlaces::default(),
        }))
    }

    /// From now on `/readyz` says no, so that nothing new is sent here.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }

    /// A place for one upload of this account, to be held until it is worked on.
    pub(crate) fn place_for_upload(&self, account: AccountId) -> Result<UploadPlace, SetPictureError> {
        let retry_after = SignedDuration::from_secs(5);
        self.0.uploads.take(account).ok_or_else(|| Fault::Busy { retry_after }.into())
    }

    pub(crate) fn flows(&self) -> &Flows {
        &self.0.flows
    }

    /// The time of the adapters' clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.ports.clock.now()
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        self.0.ports.entropy.as_ref()
    }

    pub(crate) fn phone_numbers(&self) -> &dyn PhoneNumbers {
        self.0.ports.phone_numbers.as_ref()
    }

    /// Whether the store works; see [`identity_core::port::Store::ping`].
    pub(crate) async fn store_answers(&self) -> Result<(), Unavailable> {
        self.0.ports.store.ping().await
    }

    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.0.settings
    }

    /// What an account has to do first, if anything.
    pub(crate) fn first_required(&self, account: &Account) -> Option<RequiredAction> {
        self.settings().required_of(account).next()
    }

    pub(crate) fn http(&self) -> &HttpSettings {
        &self.0.http
    }

    pub(crate) fn mailbox(&self) -> Option<&Arc<dyn DevelopmentMailbox>> {
        self.0.mailbox.as_ref()
    }
}
