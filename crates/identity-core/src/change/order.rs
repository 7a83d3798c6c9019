//! The order in which the changes of a set are applied.

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
    /// What the change does to its row.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match self {
            Self::OpenCompany(_)
            | Self::DefineRole(_)
            | Self::DefineSubscription(_)
            | Self::PublishTerms(_)
            | Self::OpenAccount { .. }
            | Self::RetirePassword { .. }
            | Self::OpenRegistration(_)
            | Self::AcceptTerms(_)
            | Self::IssueInvitation(_)
            | Self::IssueToken(_)
            | Self::StartSession(_)
            | Self::QueueMessage(_)
            | Self::Record(_)
            | Self::OpenEmailChange(_)
            | Self::OpenOnboarding(_)
            | Self::StorePicture(_)
            | Self::SetAnswers { .. } => Phase::Insert,
            Self::ReviseCompany(_)
            | Self::ReviseRole(_)
            | Self::ReviseSubscription(_)
            | Self::RequireRole { .. }
            | Self::RequireSubscription { .. }
            | Self::RequireAccount { .. }
            | Self::RequireSessionEpoch { .. }
            | Self::ReviseAccount { .. }
            | Self::Rehash { .. }
            | Self::SetPassword { .. }
            | Self::AdvanceRegistration(_)
            | Self::ReplaceCode { .. }
            | Self::TryCode { .. }
            | Self::ConsumePermit { .. }
            | Self::CountAttempt { .. }
            | Self::ResetBucket { .. }
            | Self::AdvanceInvitation(_)
            | Self::RecordFirstOpen { .. }
            | Self::SpendToken { .. }
            | Self::ExtendToken { .. }
            | Self::TouchSession { .. }
            | Self::SettleMessage { .. }
            | Self::ChangeEmail { .. }
            | Self::AdvanceEmailChange(_)
            | Self::UndoEmailChanges { .. }
            | Self::ConfirmReauthentication { .. }
            | Self::AdvanceOnboarding(_) => Phase::Update,
            Self::NoteAnswer { .. } => Phase::Update,
            Self::EndSession(_)
            | Self::EndSessions(_)
            | Self::EndOtherSessions { .. }
            | Self::EmptyBucket(_)
            | Self::RemovePicture(_) => Phase::Delete,
            Self::EraseAccount { .. } => Phase::Delete,
        }
    }

    /// The row the change concerns.
    #[must_use]
    pub fn row(&self) -> Row {
        let (rank, key) = match self {
            Self::OpenCompany(company) | Self::ReviseCompany(company) => (Rank::Company, company.id.as_uuid().as_bytes().to_vec()),
            Self::DefineRole(role) | Self::ReviseRole(role) => (Rank::Role, role.key.as_str().as_bytes().to_vec()),
            Self::RequireRole { key, .. } => (Rank::Role, key.as_str().as_bytes().to_vec()),
            Self::RequireSubscription { key, .. } => (Rank::Subscription, key.as_str().as_bytes().to_vec()),
            Self::DefineSubscription(subscription) | Self::ReviseSubscription(subscription) => {
                (Rank::Subscription, subscription.key.as_str().as_bytes().to_vec())
            }
            Self::PublishTerms(terms) => (Rank::Terms, terms.number.to_be_bytes().to_vec()),
            Self::RequireAccount { id, .. } | Self::RequireSessionEpoch { id, .. } => {
                (Rank::Account, id.as_uuid().as_bytes().to_vec())
            }
            Self::OpenAccount { account, .. } | Self::ReviseAccount { account, .. } => {
                (Rank::Account, account.id.as_uuid().as_bytes().to_vec())
            }
            // The password stands beside the account: a login requires the one and renews the other.
            Self::Rehash { id, .. } | Self::SetPassword { id, .. } => {
                (Rank::Account, [id.as_uuid().as_bytes().as_slice(), b"password"].concat())
            }
            Self::RetirePassword { retired, .. } => (Rank::RetiredPassword, retired.id.as_uuid().as_bytes().to_vec()),
            Self::OpenRegistration(registration) | Self::AdvanceRegistration(registration) => {
                (Rank::Registration, registration.id.as_uuid().as_bytes().to_vec())
            }
            // The code stands beside the registration.
            Self::ReplaceCode { id, .. } | Self::TryCode { id, .. } => {
                (Rank::Registration, [id.as_uuid().as_bytes().as_slice(), b"code"].concat())
            }
            Self::AcceptTerms(acceptance) => {
                (Rank::Acceptance, [acceptance.account.as_uuid().as_bytes().as_slice(), &acceptance.number.to_be_bytes()].concat())
            }
            Self::IssueInvitation(invitation) | Self::AdvanceInvitation(invitation) => {
                (Rank::Invitation, invitation.id.as_uuid().as_bytes().to_vec())
            }
            Self::RecordFirstOpen { id, .. } => (Rank::Opening, id.as_uuid().as_bytes().to_vec()),
            Self::IssueToken(token) => (Rank::Token, token.id.as_uuid().as_bytes().to_vec()),
            Self::SpendToken { id, .. } | Self::ExtendToken { id, .. } => (Rank::Token, id.as_uuid().as_bytes().to_vec()),
            Self::StartSession(session) => (Rank::Session, session.id.as_uuid().as_bytes().to_vec()),
            Self::ConsumePermit { bucket, .. }
            | Self::CountAttempt { bucket, .. }
            | Self::ResetBucket { bucket, .. }
            | Self::EmptyBucket(bucket) => (Rank::Throttle, bucket.as_bytes().to_vec()),
            Self::EndSessions(account) | Self::EndOtherSessions { account, .. } => {
                (Rank::Session, [account.as_uuid().as_bytes().as_slice(), b"all"].concat())
            }
            Self::TouchSession { id, .. } | Self::EndSession(id) => (Rank::Session, id.as_uuid().as_bytes().to_vec()),
            Self::QueueMessage(notice) => (Rank::OutboxMessage, notice.id.as_uuid().as_bytes().to_vec()),
            Self::SettleMessage { id, .. } => (Rank::OutboxMessage, id.as_uuid().as_bytes().to_vec()),
            Self::Record(event) => (Rank::Event, event.id.as_uuid().as_bytes().to_vec()),
            // The address stands beside the account: the person who moves it raises the account's version in the same set.
            Self::ChangeEmail { id, .. } => (Rank::Account, [id.as_uuid().as_bytes().as_slice(), b"address"].concat()),
            Self::OpenEmailChange(change) | Self::AdvanceEmailChange(change) => {
                (Rank::EmailChange, change.id.as_uuid().as_bytes().to_vec())
            }
            Self::UndoEmailChanges { account, .. } => {
                (Rank::EmailChange, [account.as_uuid().as_bytes().as_slice(), b"all"].concat())
            }
            Self::ConfirmReauthentication { id, .. } => (Rank::Session, id.as_uuid().as_bytes().to_vec()),
            Self::StorePicture(picture) => (Rank::Picture, picture.account.as_uuid().as_bytes().to_vec()),
            Self::RemovePicture(account) => (Rank::Picture, account.as_uuid().as_bytes().to_vec()),
            Self::OpenOnboarding(onboarding) | Self::AdvanceOnboarding(onboarding) => {
                (Rank::Onboarding, onboarding.account.as_uuid().as_bytes().to_vec())
            }
            Self::SetAnswers { account, .. } => (Rank::SecurityAnswer, account.as_uuid().as_bytes().to_vec()),
            Self::NoteAnswer { account, question, .. } => {
                (Rank::SecurityAnswer, [account.as_uuid().as_bytes().as_slice(), question.as_str().as_bytes()].concat())
            }
            Self::EraseAccount { id, .. } => (Rank::Account, id.as_uuid().as_bytes().to_vec()),
        };
        Row { rank, key }
    }

    pub(super) fn place(&self) -> SortKey {
        match self.phase() {
            Phase::Update | Phase::Insert => SortKey::Forward(self.row()),
            Phase::Delete => SortKey::Backward(std::cmp::Reverse(self.row())),
        }
    }
}
