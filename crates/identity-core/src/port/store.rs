//! The store: many small reads, one write.

use async_trait::async_trait;

use crate::{
    change::{ChangeSet, CommitError, Unavailable},
    model::{
        access::{Role, Scope, Subscription},
        account::{Account, AccountState, Picture},
        audit::OwnEvent,
        company::Company,
        email_change::EmailChange,
        invitation::{Invitation, InvitationState},
        link::{Generation, LinkPurpose, Token},
        onboarding::Onboarding,
        outbox::OutboxMessage,
        password::{Password, PasswordHash},
        privacy::Tombstone,
        question::SecurityAnswer,
        registration::{Registration, RegistrationState},
        session::{Session, SignedIn},
        terms::{TermsAcceptance, TermsNumber, TermsSchedule, TermsVersion},
        throttle::{Bucket, Throttle},
    },
    value::{
        AccountId, CompanyId, EmailChangeId, EventId, InvitationId, LeaseTicket, OutboxMessageId, PictureName, RegistrationId,
        RoleKey, SessionId, Timestamp, TokenDigest,
    },
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

/// What a login is checked against, as of one read.
#[derive(Clone, Debug)]
pub struct AccountWithPassword {
    /// The account.
    pub account: Account,
    /// Its password.
    pub password: Password,
}

/// A question for a list of accounts.
#[derive(Clone, Debug)]
pub struct AccountQuery {
    /// Of all companies or of one.
    pub scope: Scope,
    /// Only those in this state.
    pub state: Option<AccountState>,
    /// Only those that hold this role.
    pub role: Option<RoleKey>,
    /// Only addresses that start with this canonical text.
    pub address_prefix: Option<String>,
    /// Only those after this one in the order of the list.
    pub after: Cursor<AccountId>,
    /// The most rows, from 1 to 200.
    pub limit: u16,
}

/// Reads of accounts.
#[async_trait]
pub trait AccountReads: Send + Sync {
    /// The account with that id.
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable>;

    /// The account with that canonical address, compared byte by byte.
    async fn account_by_address(&self, canonical: &str) -> Result<Option<Account>, Unavailable>;

    /// The account with that canonical address and its password, in one statement.
    async fn login_candidate(&self, canonical: &str) -> Result<Option<AccountWithPassword>, Unavailable>;

    /// The account with that id and its password, in one statement.
    async fn credential(&self, id: AccountId) -> Result<Option<AccountWithPassword>, Unavailable>;

    /// The passwords that an account had before, the last one first; `limit` from 1 to 100.
    async fn retired_passwords(&self, account: AccountId, limit: u32) -> Result<Vec<PasswordHash>, Unavailable>;

    /// A part of the list of accounts: newest first; where the beginning of an address is asked for, by address, byte by byte, where
    /// nothing comes after an account that is not there.
    async fn accounts(&self, query: &AccountQuery) -> Result<Page<Account, AccountId>, Unavailable>;

    /// The active accounts that hold a role, in one company or anywhere, the longest there first; `limit` from 1 to 200.
    async fn accounts_with_role(&self, role: &RoleKey, company: Option<CompanyId>, limit: u16)
    -> Result<Vec<Account>, Unavailable>;

    /// The active account that has been there longest among those that hold a role, in one company or anywhere.
    async fn first_account_with_role(&self, role: &RoleKey, company: Option<CompanyId>) -> Result<Option<Account>, Unavailable>;

    /// The accounts whose deletion is due at `now`, by when it came due and then by id, after the one named; `limit` from 1 to 200.
    async fn accounts_to_erase(
        &self,
        now: Timestamp,
        after: Option<(Timestamp, AccountId)>,
        limit: u16,
    ) -> Result<Vec<Account>, Unavailable>;

    /// What stays of an account with that id that was erased.
    async fn tombstone(&self, id: AccountId) -> Result<Option<Tombstone>, Unavailable>;
}

/// Reads of sessions.
#[async_trait]
pub trait SessionReads: Send + Sync {
    /// The session with that digest and its account, as of one statement that starts after the call. Whether it is live is the
    /// caller's to decide.
    async fn session_by_digest(&self, digest: &TokenDigest) -> Result<Option<SignedIn>, Unavailable>;

    /// The sessions of an account that end after `now` at the latest, the last started first, at most 200. Whether one was left unused
    /// for too long is the caller's to decide.
    async fn sessions_of(&self, account: AccountId, now: Timestamp) -> Result<Vec<Session>, Unavailable>;
    /// The session with that id.
    async fn session(&self, id: SessionId) -> Result<Option<Session>, Unavailable>;
}

/// How far the newest message of an invitation has come; nothing is known of it once that message was swept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The message.
    pub message: OutboxMessageId,
    /// `queued`, `leased`, `sent`, `failed` or `dropped`.
    pub state: crate::model::outbox::OutboxMessageState,
    /// How often sending was begun.
    pub attempts: u32,
    /// What the last attempt failed with.
    pub last_error: Option<String>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

/// An invitation as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationSummary {
    /// The invitation.
    pub invitation: Invitation,
    /// How far its newest message has come.
    pub delivery: Option<Delivery>,
}

/// Which invitations to list, by what is seen of them at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationFilter {
    /// Pending and not expired.
    Pending,
    /// Pending, but expired.
    Expired,
    /// In a state that ended it.
    Ended(InvitationState),
}

/// A question for a list of invitations; those of first operators are in none.
#[derive(Clone, Debug)]
pub struct InvitationQuery {
    /// Of all companies or of one.
    pub scope: Scope,
    /// Which of them.
    pub filter: Option<InvitationFilter>,
    /// Only addresses that start with this canonical text.
    pub address_prefix: Option<String>,
    /// The time that decides what has expired.
    pub now: Timestamp,
    /// Only those after this one in the order of the list.
    pub after: Cursor<InvitationId>,
    /// The most rows, from 1 to 200.
    pub limit: u16,
}

/// Reads of invitations.
#[async_trait]
pub trait InvitationReads: Send + Sync {
    /// The invitation with that id.
    async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Unavailable>;

    /// The invitation with that id, as a list shows it.
    async fn invitation_summary(&self, id: InvitationId) -> Result<Option<InvitationSummary>, Unavailable>;

    /// The pending invitation of a company for a canonical address.
    async fn pending_invitation(&self, company: CompanyId, canonical: &str) -> Result<Option<Invitation>, Unavailable>;

    /// The newest invitation of any company for a canonical address that is pending and not expired at `now`.
    async fn open_invitation(&self, canonical: &str, now: Timestamp) -> Result<Option<Invitation>, Unavailable>;

    /// A part of the list: newest first; where the beginning of an address is asked for, by address, byte by byte, and oldest first
    /// among those of one address, where nothing comes after an invitation that is not there.
    async fn invitations(&self, query: &InvitationQuery) -> Result<Page<InvitationSummary, InvitationId>, Unavailable>;

    /// The invitations that an account accepted, or that went to a canonical address, oldest first.
    async fn invitations_received(&self, account: AccountId, canonical: &str) -> Result<Vec<Invitation>, Unavailable>;

    /// A part of the list of the invitations that an account answers for, newest first; `limit` from 1 to 200.
    async fn invitations_sent(
        &self,
        inviter: AccountId,
        after: Cursor<InvitationId>,
        limit: u16,
    ) -> Result<Page<Invitation, InvitationId>, Unavailable>;
}

/// Reads of links.
#[async_trait]
pub trait LinkReads: Send + Sync {
    /// The link with that digest.
    async fn token_by_digest(&self, digest: &TokenDigest) -> Result<Option<Token>, Unavailable>;

    /// The unspent links of a subject in one generation.
    async fn unspent_tokens(&self, subject: LinkPurpose, generation: Generation) -> Result<Vec<Token>, Unavailable>;
}

/// A question for a list of registrations.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationQuery {
    /// Only those in this state.
    pub state: RegistrationState,
    /// Only those after this one in the order of the list.
    pub after: Cursor<RegistrationId>,
    /// The most rows, from 1 to 200.
    pub limit: u16,
}

/// Reads of registrations.
#[async_trait]
pub trait RegistrationReads: Send + Sync {
    /// The registration with that id.
    async fn registration(&self, id: RegistrationId) -> Result<Option<Registration>, Unavailable>;

    /// The registration with that digest of its flow.
    async fn registration_by_flow(&self, flow: &TokenDigest) -> Result<Option<Registration>, Unavailable>;

    /// The newest registration for a canonical address that is in this state and has not lapsed at `now`.
    async fn newest_registration(
        &self,
        canonical: &str,
        state: RegistrationState,
        now: Timestamp,
    ) -> Result<Option<Registration>, Unavailable>;

    /// A part of the list, oldest first: the person who has waited longest comes first.
    async fn registrations(&self, query: &RegistrationQuery) -> Result<Page<Registration, RegistrationId>, Unavailable>;
}

/// Reads of changes of addresses.
#[async_trait]
pub trait EmailChangeReads: Send + Sync {
    /// The change with that id.
    async fn email_change(&self, id: EmailChangeId) -> Result<Option<EmailChange>, Unavailable>;

    /// The change of an account that is pending, whether or not it still counts.
    async fn pending_email_change(&self, account: AccountId) -> Result<Option<EmailChange>, Unavailable>;

    /// Until when a confirmed change of another account than `but` can be undone, which then has that canonical address again: the latest
    /// such time after `now`.
    async fn address_undo_until(
        &self,
        canonical: &str,
        but: Option<AccountId>,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Unavailable>;
}

/// Reads of events.
#[async_trait]
pub trait EventReads: Send + Sync {
    /// A part of the list of the security events of an account, newest first; `limit` from 1 to 200. The network of another account is
    /// not in it.
    async fn events_of(
        &self,
        account: AccountId,
        after: Cursor<EventId>,
        limit: u16,
    ) -> Result<Page<OwnEvent, EventId>, Unavailable>;
}

/// Reads of throttles.
#[async_trait]
pub trait ThrottleReads: Send + Sync {
    /// How a bucket stands, as of one statement that starts after the call.
    async fn throttle(&self, bucket: &Bucket) -> Result<Option<Throttle>, Unavailable>;
}

/// Reads of companies.
#[async_trait]
pub trait CompanyReads: Send + Sync {
    /// The company with that id.
    async fn company(&self, id: CompanyId) -> Result<Option<Company>, Unavailable>;

    /// A part of the list of all companies, newest first; `limit` from 1 to 200.
    async fn companies(&self, after: Cursor<CompanyId>, limit: u16) -> Result<Page<Company, CompanyId>, Unavailable>;
}

/// Reads of roles and subscriptions.
#[async_trait]
pub trait AccessReads: Send + Sync {
    /// All roles, by key.
    async fn roles(&self) -> Result<Vec<Role>, Unavailable>;

    /// All subscriptions, by key.
    async fn subscriptions(&self) -> Result<Vec<Subscription>, Unavailable>;
}

/// Reads of the terms.
#[async_trait]
pub trait TermsReads: Send + Sync {
    /// The version with the highest number among those effective at `now`.
    async fn terms_in_force(&self, now: Timestamp) -> Result<Option<TermsVersion>, Unavailable>;

    /// The newest versions, highest number first, at most 50.
    async fn terms_versions(&self) -> Result<Vec<TermsVersion>, Unavailable>;

    /// The highest number there is.
    async fn newest_terms_number(&self) -> Result<Option<TermsNumber>, Unavailable>;

    /// The version that [`terms_in_force`](Self::terms_in_force) answers, without its texts.
    async fn terms_schedule(&self, now: Timestamp) -> Result<Option<TermsSchedule>, Unavailable>;

    /// The acceptance of the highest number by an account.
    async fn newest_acceptance(&self, account: AccountId) -> Result<Option<TermsAcceptance>, Unavailable>;

    /// Every acceptance by an account, lowest number first.
    async fn acceptances_of(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Unavailable>;
}

/// Reads of pictures.
#[async_trait]
pub trait PictureReads: Send + Sync {
    /// The picture of that name.
    async fn picture(&self, name: &PictureName) -> Result<Option<Picture>, Unavailable>;
}

/// Reads of first logins.
#[async_trait]
pub trait OnboardingReads: Send + Sync {
    /// How far an account has come, where it has closed a step or is finished.
    async fn onboarding(&self, account: AccountId) -> Result<Option<Onboarding>, Unavailable>;
}
/// Reads of security answers.
#[async_trait]
pub trait AnswerReads: Send + Sync {
    /// The security answers of an account, by their places.
    async fn security_answers(&self, account: AccountId) -> Result<Vec<SecurityAnswer>, Unavailable>;
}

/// A claim on due messages.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// Names the claim.
    pub ticket: LeaseTicket,
    /// Messages due at this time are claimed, and leased ones whose lease has ended.
    pub now: Timestamp,
    /// When the lease ends.
    pub until: Timestamp,
    /// The most messages.
    pub limit: u16,
}

/// The outbox, as a worker sees it.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Claims due messages, the longest waiting first, and counts the attempt. No message is given to two claims at a time.
    async fn lease_messages(&self, lease: &Lease) -> Result<Vec<OutboxMessage>, Unavailable>;

    /// Moves the end of a lease, for every message that its claim still holds: neither settled nor claimed by another. Answers how many
    /// these are.
    async fn renew_lease(&self, ticket: LeaseTicket, until: Timestamp) -> Result<u64, Unavailable>;

    /// The message with that id.
    async fn message(&self, id: OutboxMessageId) -> Result<Option<OutboxMessage>, Unavailable>;
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
    + EventReads
    + PictureReads
    + OnboardingReads
    + AnswerReads
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
        + EventReads
        + PictureReads
        + OnboardingReads
        + AnswerReads
{
}
