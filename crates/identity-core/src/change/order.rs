//! The order in which the changes of a set are applied.

use uuid::Uuid;

use super::Change;

/// Entities from parents to children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Companies.
    Company,
    /// Roles.
    Role,
    /// Subscriptions.
    Subscription,
    /// Versions of the terms.
    Terms,
    /// Accounts and their passwords.
    Account,
    /// Passwords that were replaced.
    RetiredPassword,
    /// Acceptances of terms.
    Acceptance,
    /// Invitations.
    Invitation,
    /// The first opening of an invitation, which no version guards.
    Opening,
    /// Registrations and their codes.
    Registration,
    /// Changes of addresses.
    EmailChange,
    /// Links.
    Token,
    /// Sessions.
    Session,
    /// Messages.
    OutboxMessage,
    /// Audit events.
    Event,
    /// Pictures, one of an account.
    Picture,
    /// How far accounts have come in their first login.
    Onboarding,
    /// Security answers.
    SecurityAnswer,
    /// Throttles. Behind everything else: a request that is refused here has waited for nobody's row.
    Throttle,
}

/// What a change does to its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Guards or updates a row that is there.
    Update,
    /// Adds a row.
    Insert,
    /// Takes a row away.
    Delete,
}

/// The row a change concerns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// Its entity.
    pub rank: Rank,
    /// Its key.
    pub key: Vec<u8>,
}

/// A row's place within its phase; deletions run from children to parents.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SortKey {
    Forward(Row),
    Backward(std::cmp::Reverse<Row>),
}

/// What a change does, and to which row.
pub(super) type Target = (Phase, Rank, Vec<u8>);

impl Change {
    fn target(&self) -> Target {
        match self {
            Self::Company(change) => change.target(),
            Self::Role(change) => change.target(),
            Self::Subscription(change) => change.target(),
            Self::Terms(change) => change.target(),
            Self::Account(change) => change.target(),
            Self::Password(change) => change.target(),
            Self::Registration(change) => change.target(),
            Self::Invitation(change) => change.target(),
            Self::EmailChange(change) => change.target(),
            Self::Link(change) => change.target(),
            Self::Session(change) => change.target(),
            Self::Outbox(change) => change.target(),
            Self::Audit(change) => change.target(),
            Self::Picture(change) => change.target(),
            Self::Onboarding(change) => change.target(),
            Self::Question(change) => change.target(),
            Self::Throttle(change) => change.target(),
        }
    }

    /// What the change does to its row.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.target().0
    }

    /// The row the change concerns.
    #[must_use]
    pub fn row(&self) -> Row {
        let (_, rank, key) = self.target();
        Row { rank, key }
    }

    pub(super) fn place(&self) -> SortKey {
        let (phase, rank, key) = self.target();
        match phase {
            Phase::Update | Phase::Insert => SortKey::Forward(Row { rank, key }),
            Phase::Delete => SortKey::Backward(std::cmp::Reverse(Row { rank, key })),
        }
    }
}

/// The key of a row that has an id.
pub(super) fn whole(id: &Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

/// The key of something that stands beside or below the row with an id.
pub(super) fn part(id: &Uuid, part: &[u8]) -> Vec<u8> {
    [id.as_bytes().as_slice(), part].concat()
}
