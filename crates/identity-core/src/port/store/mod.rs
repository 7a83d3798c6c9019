//! The store: many small reads, one write. A file for each aggregate has its reads.

mod access;
mod account;
mod audit;
mod company;
mod email_change;
mod invitation;
mod link;
mod onboarding;
mod outbox;
mod picture;
mod question;
mod registration;
mod session;
mod terms;
mod throttle;

pub use access::AccessReads;
pub use account::{AccountQuery, AccountReads, AccountWithPassword};
pub use audit::AuditReads;
pub use company::CompanyReads;
pub use email_change::EmailChangeReads;
pub use invitation::{Delivery, InvitationFilter, InvitationQuery, InvitationReads, InvitationSummary};
pub use link::LinkReads;
pub use onboarding::OnboardingReads;
pub use outbox::{Lease, Outbox};
pub use picture::PictureReads;
pub use question::QuestionReads;
pub use registration::{RegistrationQuery, RegistrationReads};
pub use session::SessionReads;
pub use terms::TermsReads;
pub use throttle::ThrottleReads;

use async_trait::async_trait;

use crate::{
    change::{ChangeSet, CommitError, Unavailable},
    value::Timestamp,
};

/// Where a list goes on: after the row with this id, in the order of the list.
pub type Cursor<Id> = Option<Id>;

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, Id> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next part starts, if there is more.
    pub next: Cursor<Id>,
}

/// The one write.
#[async_trait]
pub trait Commit: Send + Sync {
    /// Applies a change set: all of it or nothing, durable when this returns. A set whose id was applied before is not
    /// applied again and answers `Ok`. Serialisation failures and deadlocks are retried inside, by replaying the set.
    ///
    /// # Errors
    /// [`CommitError::Rejected`] with the first guard that did not hold; [`CommitError::Unavailable`] for all else.
    async fn commit(&self, set: &ChangeSet) -> Result<(), CommitError>;

    /// Whether the store answers.
    ///
    /// # Errors
    /// [`Unavailable`] where it does not.
    async fn ping(&self) -> Result<(), Unavailable>;

    /// Takes away what has lapsed; answers how many rows went.
    ///
    /// # Errors
    /// [`Unavailable`]; what was taken away before stays away.
    async fn sweep(&self, sweep: &Sweep) -> Result<u64, Unavailable>;
}

/// What a sweep takes away.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    /// Sessions that ended by themselves before this time.
    pub sessions_before: Timestamp,
    /// Links that expired before this time.
    pub links_before: Timestamp,
    /// Ids of change sets committed before this time.
    pub change_sets_before: Timestamp,
    /// Registrations that lapsed before this time, whatever became of them.
    pub registrations_before: Timestamp,
    /// Throttles that count as nothing from before this time on.
    pub throttles_before: Timestamp,
    /// Changes of addresses that could be undone until before this time, whatever became of them.
    pub email_changes_before: Timestamp,
    /// Messages that were settled before this time, whatever became of them.
    pub messages_before: Timestamp,
}

/// Everything that a store does.
pub trait Store:
    Commit
    + AccountReads
    + SessionReads
    + InvitationReads
    + RegistrationReads
    + LinkReads
    + ThrottleReads
    + CompanyReads
    + AccessReads
    + TermsReads
    + Outbox
    + EmailChangeReads
    + AuditReads
    + PictureReads
    + OnboardingReads
    + QuestionReads
{
}

impl<T> Store for T where
    T: Commit
        + AccountReads
        + SessionReads
        + InvitationReads
        + RegistrationReads
        + LinkReads
        + ThrottleReads
        + CompanyReads
        + AccessReads
        + TermsReads
        + Outbox
        + EmailChangeReads
        + AuditReads
        + PictureReads
        + OnboardingReads
        + QuestionReads
{
}
