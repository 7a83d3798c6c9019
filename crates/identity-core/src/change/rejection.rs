//! Why a commit did not take place.

use std::{error::Error, sync::Arc};

use crate::change::ContradictingChanges;

/// An entity that a guard speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A company.
    Company,
    /// A role.
    Role,
    /// A subscription.
    Subscription,
    /// A version of the terms.
    Terms,
    /// An account.
    Account,
    /// An acceptance of terms.
    Acceptance,
    /// A password that was replaced.
    RetiredPassword,
    /// An invitation.
    Invitation,
    /// A registration.
    Registration,
    /// A link.
    Token,
    /// A session.
    Session,
    /// A message.
    OutboxMessage,
    /// An audit event.
    Event,
    /// A throttle.
    Throttle,
    /// A change of an address.
    EmailChange,
    /// A picture.
    Picture,
    /// How far an account has come in its first login.
    Onboarding,
    /// A security answer.
    SecurityAnswer,
}

/// A guard that did not hold. The first one, in the order of the set, is the answer; nothing of the set was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejection {
    /// The id, key, number or digest is taken.
    #[error("{0:?} exists already")]
    Exists(Entity),
    /// Another account has that address, or can have it back by an undo.
    #[error("the address is taken")]
    AddressTaken,
    /// Another invitation of the company for that address is pending.
    #[error("an invitation for the address is pending")]
    InvitationPending,
    /// The row is gone, or was changed since it was read.
    #[error("{0:?} has changed")]
    Changed(Entity),
    /// What the row belongs to is not there.
    #[error("what {0:?} belongs to is missing")]
    Orphaned(Entity),
    /// The link is used up or over.
    #[error("the link is used up or over")]
    TokenSpent,
    /// Codes of the registration were tried too often.
    #[error("the code was tried too often")]
    CodeSpent,
    /// The bucket has no permit left.
    #[error("too many requests")]
    Throttled,
    /// The message is no longer leased under that ticket.
    #[error("the lease is lost")]
    LeaseLost,
}

/// A part of the system could not do its work; trying again later may help. The source is for the operator.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what} is unavailable")]
pub struct Unavailable {
    what: &'static str,
    #[source]
    source: Arc<dyn Error + Send + Sync>,
}

impl Unavailable {
    /// Wraps an adapter's error.
    pub fn new(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what, source: Arc::from(source.into()) }
    }

    /// Which part it was.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        self.what
    }
}

impl From<ContradictingChanges> for Unavailable {
    fn from(error: ContradictingChanges) -> Self {
        Self::new("change set", error)
    }
}

/// Why a change set was not committed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommitError {
    /// A guard did not hold.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The store could not do its work.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<ContradictingChanges> for CommitError {
    fn from(error: ContradictingChanges) -> Self {
        Self::Unavailable(error.into())
    }
}
