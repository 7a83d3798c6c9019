//! Ports: what the domain needs from the world. Adapters implement them; the domain never knows which.

mod breached;
mod clock;
mod disposable;
mod entropy;
mod hasher;
mod mailer;
mod meter;
mod phone;
mod picture;
mod store;
mod work;

use std::sync::Arc;

pub use breached::{BreachedPasswords, NoBreachData};
pub use clock::Clock;
pub use disposable::{DisposableDomains, NoDisposableDomains};
pub use entropy::{Entropy, EntropyError, GenerateId, IdSource};
pub use hasher::{PasswordHasher, PasswordVerification};
pub use mailer::{MailError, Mailer};
pub use meter::StrengthMeter;
pub use phone::PhoneNumbers;
pub use picture::{ImageProcessor, MAX_UPLOAD, NoPictures, PictureError, Square};
pub use store::{
    AccessReads, AccountQuery, AccountReads, AccountWithPassword, AuditReads, Commit, CompanyReads, Cursor, Delivery,
    EmailChangeReads, InvitationFilter, InvitationQuery, InvitationReads, InvitationSummary, Lease, LinkReads, OnboardingReads,
    Outbox, Page, PictureReads, QuestionReads, RegistrationQuery, RegistrationReads, SessionReads, Store, Sweep, TermsReads,
    ThrottleReads,
};
pub use work::WorkError;

/// Every port, ready to be cloned into a flow.
#[derive(Clone)]
pub struct Ports {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Hashes and verifies passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Measures how strong passwords are.
    pub meter: Arc<dyn StrengthMeter>,
    /// Knows passwords from breaches.
    pub breached: Arc<dyn BreachedPasswords>,
    /// Knows the domains of disposable addresses.
    pub disposable: Arc<dyn DisposableDomains>,
    /// Makes pictures fit.
    pub pictures: Arc<dyn ImageProcessor>,
    /// Reads phone numbers.
    pub phone_numbers: Arc<dyn PhoneNumbers>,
    /// Sends mails.
    pub mailer: Arc<dyn Mailer>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub entropy: Arc<dyn Entropy>,
}
