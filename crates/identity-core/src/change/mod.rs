//! What a flow decided, as values: changes that carry their guards, and sets of them that hold or fail as one.
//!
//! A file for each aggregate declares its changes; the same name has its rows in [`crate::model`].

mod access;
mod account;
mod audit;
mod company;
mod email_change;
mod invitation;
mod link;
mod onboarding;
mod order;
mod outbox;
mod password;
mod picture;
mod question;
mod registration;
mod rejection;
mod session;
mod terms;
mod throttle;

pub use access::{RoleChange, SubscriptionChange};
pub use account::AccountChange;
pub use audit::AuditChange;
pub use company::CompanyChange;
pub use email_change::EmailChangeChange;
pub use invitation::InvitationChange;
pub use link::LinkChange;
pub use onboarding::OnboardingChange;
pub use order::{Phase, Rank, Row};
pub use outbox::OutboxChange;
pub use password::PasswordChange;
pub use picture::PictureChange;
pub use question::QuestionChange;
pub use registration::RegistrationChange;
pub use rejection::{CommitError, Entity, Rejection, Unavailable};
pub use session::SessionChange;
pub use terms::TermsChange;
pub use throttle::ThrottleChange;

use crate::value::{ChangeSetId, Timestamp};

/// One change of one row. The guard beside each is evaluated in the statement that writes, never in an earlier read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A company.
    Company(CompanyChange),
    /// A role.
    Role(RoleChange),
    /// A subscription.
    Subscription(SubscriptionChange),
    /// The terms.
    Terms(TermsChange),
    /// An account.
    Account(AccountChange),
    /// A password.
    Password(PasswordChange),
    /// A registration.
    Registration(RegistrationChange),
    /// An invitation.
    Invitation(InvitationChange),
    /// A change of address.
    EmailChange(EmailChangeChange),
    /// A link.
    Link(LinkChange),
    /// A session.
    Session(SessionChange),
    /// A message in the outbox.
    Outbox(OutboxChange),
    /// The audit log.
    Audit(AuditChange),
    /// A picture.
    Picture(PictureChange),
    /// The steps of a first login.
    Onboarding(OnboardingChange),
    /// Security answers.
    Question(QuestionChange),
    /// A bucket of a rate limit.
    Throttle(ThrottleChange),
}

/// Two changes of a set concern one row: their order would decide the outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two changes of one set concern the same row: {0:?}")]
pub struct ContradictingChanges(pub Row);

/// Changes that are applied together or not at all, in one order that every adapter keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    id: ChangeSetId,
    at: Timestamp,
    changes: Vec<Change>,
}

impl ChangeSet {
    /// A set, sorted so that concurrent sets touch shared rows in one order: guards and updates first, then inserts
    /// with parents before children, deletions last in reverse; by entity and id within each.
    ///
    /// # Errors
    /// [`ContradictingChanges`] where two changes concern one row.
    pub fn new(id: ChangeSetId, at: Timestamp, mut changes: Vec<Change>) -> Result<Self, ContradictingChanges> {
        changes.sort_by_cached_key(|change| (change.phase(), change.place()));
        let mut rows = changes.iter().map(Change::row).collect::<Vec<_>>();
        rows.sort();
        if let Some(twice) = rows.windows(2).find_map(|pair| match pair {
            [one, other] if one == other => Some(one.clone()),
            _ => None,
        }) {
            return Err(ContradictingChanges(twice));
        }
        Ok(Self { id, at, changes })
    }

    /// The set's id: its commit stores it, so that applying the set again answers what the first application answered.
    #[must_use]
    pub const fn id(&self) -> ChangeSetId {
        self.id
    }

    /// When it was decided.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The changes, in the order to apply them.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}
