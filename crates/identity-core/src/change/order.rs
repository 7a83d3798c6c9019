//! The order in which the changes of a set are applied.

use uuid::Uuid;

use crate::change::Change;

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
    /// Notices.
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

impl Change {
    /// What the change does, and to which row.
    fn target(&self) -> (Phase, Rank, Vec<u8>) {
        match self {
            Self::OpenCompany(company) => (Phase::Insert, Rank::Company, whole(company.id.as_uuid())),
            Self::ReviseCompany(company) => (Phase::Update, Rank::Company, whole(company.id.as_uuid())),
            Self::DefineRole(role) => (Phase::Insert, Rank::Role, role.key.as_str().into()),
            Self::ReviseRole(role) => (Phase::Update, Rank::Role, role.key.as_str().into()),
            Self::RequireRole { key, .. } => (Phase::Update, Rank::Role, key.as_str().into()),
            Self::RequireSubscription { key, .. } => (Phase::Update, Rank::Subscription, key.as_str().into()),
            Self::DefineSubscription(subscription) => (Phase::Insert, Rank::Subscription, subscription.key.as_str().into()),
            Self::ReviseSubscription(subscription) => (Phase::Update, Rank::Subscription, subscription.key.as_str().into()),
            Self::PublishTerms(terms) => (Phase::Insert, Rank::Terms, terms.number.to_be_bytes().into()),
            Self::RequireAccount { id, .. } | Self::RequireSessionEpoch { id, .. } => {
                (Phase::Update, Rank::Account, whole(id.as_uuid()))
            }
            Self::OpenAccount { account, .. } => (Phase::Insert, Rank::Account, whole(account.id.as_uuid())),
            Self::ReviseAccount { account, .. } => (Phase::Update, Rank::Account, whole(account.id.as_uuid())),
            // The password stands beside the account: a login requires the one and renews the other.
            Self::Rehash { id, .. } | Self::SetPassword { id, .. } => {
                (Phase::Update, Rank::Account, part(id.as_uuid(), b"password"))
            }
            Self::RetirePassword { retired, .. } => (Phase::Insert, Rank::RetiredPassword, whole(retired.id.as_uuid())),
            Self::OpenRegistration(registration) => (Phase::Insert, Rank::Registration, whole(registration.id.as_uuid())),
            Self::AdvanceRegistration(registration) => (Phase::Update, Rank::Registration, whole(registration.id.as_uuid())),
            // The code stands beside the registration.
            Self::ReplaceCode { id, .. } | Self::TryCode { id, .. } => {
                (Phase::Update, Rank::Registration, part(id.as_uuid(), b"code"))
            }
            Self::AcceptTerms(acceptance) => {
                (Phase::Insert, Rank::Acceptance, part(acceptance.account.as_uuid(), &acceptance.number.to_be_bytes()))
            }
            Self::IssueInvitation(invitation) => (Phase::Insert, Rank::Invitation, whole(invitation.id.as_uuid())),
            Self::AdvanceInvitation(invitation) => (Phase::Update, Rank::Invitation, whole(invitation.id.as_uuid())),
            Self::RecordFirstOpen { id, .. } => (Phase::Update, Rank::Opening, whole(id.as_uuid())),
            Self::IssueToken(token) => (Phase::Insert, Rank::Token, whole(token.id.as_uuid())),
            Self::SpendToken { id, .. } | Self::ExtendToken { id, .. } => (Phase::Update, Rank::Token, whole(id.as_uuid())),
            Self::StartSession(session) => (Phase::Insert, Rank::Session, whole(session.id.as_uuid())),
            Self::ConsumePermit { bucket, .. } | Self::CountAttempt { bucket, .. } | Self::ResetBucket { bucket, .. } => {
                (Phase::Update, Rank::Throttle, bucket.as_bytes().to_vec())
            }
            Self::EmptyBucket(bucket) => (Phase::Delete, Rank::Throttle, bucket.as_bytes().to_vec()),
            Self::EndSessions(account) | Self::EndOtherSessions { account, .. } => {
                (Phase::Delete, Rank::Session, part(account.as_uuid(), b"all"))
            }
            Self::TouchSession { id, .. } => (Phase::Update, Rank::Session, whole(id.as_uuid())),
            Self::EndSession(id) => (Phase::Delete, Rank::Session, whole(id.as_uuid())),
            Self::QueueMessage(message) => (Phase::Insert, Rank::OutboxMessage, whole(message.id.as_uuid())),
            Self::SettleMessage { id, .. } => (Phase::Update, Rank::OutboxMessage, whole(id.as_uuid())),
            Self::Record(event) => (Phase::Insert, Rank::Event, whole(event.id.as_uuid())),
            // The address stands beside the account: the person who moves it raises the account's version in the same set.
            Self::ChangeEmail { id, .. } => (Phase::Update, Rank::Account, part(id.as_uuid(), b"address")),
            Self::OpenEmailChange(change) => (Phase::Insert, Rank::EmailChange, whole(change.id.as_uuid())),
            Self::AdvanceEmailChange(change) => (Phase::Update, Rank::EmailChange, whole(change.id.as_uuid())),
            Self::UndoEmailChanges { account, .. } => (Phase::Update, Rank::EmailChange, part(account.as_uuid(), b"all")),
            Self::ConfirmReauthentication { id, .. } => (Phase::Update, Rank::Session, whole(id.as_uuid())),
            Self::StorePicture(picture) => (Phase::Insert, Rank::Picture, whole(picture.account.as_uuid())),
            Self::RemovePicture(account) => (Phase::Delete, Rank::Picture, whole(account.as_uuid())),
            Self::OpenOnboarding(onboarding) => (Phase::Insert, Rank::Onboarding, whole(onboarding.account.as_uuid())),
            Self::AdvanceOnboarding(onboarding) => (Phase::Update, Rank::Onboarding, whole(onboarding.account.as_uuid())),
            Self::SetAnswers { account, .. } => (Phase::Insert, Rank::SecurityAnswer, whole(account.as_uuid())),
            Self::NoteAnswer { account, question, .. } => {
                (Phase::Update, Rank::SecurityAnswer, part(account.as_uuid(), question.as_str().as_bytes()))
            }
            Self::EraseAccount { id, .. } => (Phase::Delete, Rank::Account, whole(id.as_uuid())),
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
fn whole(id: &Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

/// The key of something that stands beside or below the row with an id.
fn part(id: &Uuid, part: &[u8]) -> Vec<u8> {
    [id.as_bytes().as_slice(), part].concat()
}
